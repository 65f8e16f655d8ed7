import Accounts
import CivilTime
import GuardedHTTP
import SignInKit
import Sync
import Web

/// What `anchorpoint doctor` says of one vendor that people sign in with. `docs/guides` says what to do where.
struct VendorCheck: Sendable {
    let vendor: String
    let settings: VendorSettings?
    let publicURL: String
    let client: GuardedClient
    let now: @Sendable () -> Instant

    func checks() async -> [DoctorCheck] {
        guard let settings else {
            return [
                DoctorCheck(
                    vendor, false,
                    "\(vendor)-client-id and \(vendor)-client-secret are not set; docs/guides/\(vendor).md says where they come from"
                )
            ]
        }
        let redirect = publicURL + VendorPath.callback(vendor)
        return [
            DoctorCheck(
                vendor, true, "client \(settings.id)" + (settings.root.map { ", at the stand-in \($0)" } ?? "")),
            address(redirect), await registration(settings, redirect),
        ]
    }

    private var place: String { vendor + ", redirect address" }

    private func address(_ redirect: String) -> DoctorCheck {
        guard publicURL.hasPrefix("https://") || isLocal else {
            return DoctorCheck(
                place, false, "\(redirect) must begin with https:// for \(vendor); set public-url")
        }
        return DoctorCheck(place, true, "register exactly \(redirect)")
    }

    private var isLocal: Bool {
        let host = publicURL.dropFirst("http://".count).prefix { $0 != ":" && $0 != "/" }
        return host == "localhost" || host == "127.0.0.1"
    }

    private func registration(_ settings: VendorSettings, _ redirect: String) async -> DoctorCheck {
        let name = vendor + ", registration"
        let connection: VendorConnection
        do { connection = try settings.connection(to: vendor, client: client, now: now) } catch {
            return DoctorCheck(name, false, error.sentence)
        }
        switch await connection.signIn.fault(redirect: redirect) {
        case nil, .ended: return DoctorCheck(name, true, "the client and its secret are known there")
        case .registration(let code):
            return DoctorCheck(name, false, "refused (\(code)): \(Self.remedy(code)); see docs/guides/\(vendor).md")
        case .later(let reason, _, _): return DoctorCheck(name, false, "not asked: \(reason)")
        }
    }

    /// What to do about a code of Google's or of Microsoft's identity platform.
    private static func remedy(_ code: String) -> String {
        switch code {
        case "invalid_client", "unauthorized_client", "AADSTS7000215": "the client or its secret is wrong"
        case "deleted_client", "AADSTS700016": "there is no such client any more"
        case "AADSTS7000222": "the secret has ended; make a new one"
        case "AADSTS700025": "it is registered as a public client; register it as Web"
        case "redirect_uri_mismatch", "AADSTS50011": "the redirect address above is not registered"
        default: "look the code up in the vendor's own pages"
        }
    }

    /// Connections that end by themselves: Google gives such while a registration is being tested.
    static func endings(
        of vendor: String, in platform: AnchorpointPlatform
    ) async throws -> DoctorCheck? {
        var ends: [Instant] = []
        for profile in try await platform.profiles.profiles(at: ProviderName(vendor)) {
            guard let sealed = try await platform.profiles.credential(of: profile) else { continue }
            if let end = SignInTokens(stored: sealed.reveal())?.refreshEndsAt { ends.append(end) }
        }
        guard let first = ends.min() else { return nil }
        return DoctorCheck(
            vendor + ", consents", false,
            "\(ends.count) end by themselves, the first at \(first): the registration is in testing; publish it "
                + "(docs/guides/\(vendor).md)")
    }
}

/// One thing that a server needs, and whether it is there.
struct DoctorCheck: Hashable, Sendable {
    let name: String
    let isGood: Bool
    let detail: String

    init(_ name: String, _ isGood: Bool, _ detail: String) {
        (self.name, self.isGood, self.detail) = (name, isGood, detail)
    }
}
