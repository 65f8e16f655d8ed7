import Accounts
import CivilTime
import GuardedHTTP
import SignInKit
import Sync
import Web

/// Signing in with vendors, for the pages.
struct VendorDesk: VendorSigningIn {
    let registry: ProviderRegistry
    let publicURL: String

    var offers: [VendorOffer] {
        VendorSettings.vendors.compactMap { name in
            registry.vendors[name].map {
                VendorOffer(name: name, label: $0.signIn.server.vendor, isPretend: $0.isPretend)
            }
        }
    }

    func address(of vendor: String, state: String, verifier: String, hint: String?) -> String? {
        registry.vendors[vendor]?.signIn.address(
            state: state, verifier: verifier, redirect: redirect(vendor), hint: hint)
    }

    func verifier() -> String { SignInClient.verifier() }

    func finish(_ vendor: String, code: String, verifier: String) async throws(ConnectError) -> Accounts.Secret {
        guard let signIn = registry.vendors[vendor]?.signIn else { throw .unknownProfile }
        let tokens: SignInTokens
        do { tokens = try await signIn.exchange(code: code, verifier: verifier, redirect: redirect(vendor)) } catch {
            throw ConnectError(error, vendor: signIn.server.vendor)
        }
        guard signIn.server.suffices(tokens.scopes) else {
            throw .wrongCredential(
                reason: "Calendars were not among what you allowed. Connect again, and leave them ticked.")
        }
        guard tokens.refresh != nil else {
            throw .wrongCredential(
                reason: "\(signIn.server.vendor) gave access for an hour only. Connect again, and allow it to go on.")
        }
        return Accounts.Secret(tokens.stored)
    }

    private func redirect(_ vendor: String) -> String { publicURL + VendorPath.callback(vendor) }
}

extension ConnectError {
    init(_ refusal: SignInRefusal, vendor: String) {
        self =
            switch refusal {
            case .ended:
                .wrongCredential(
                    reason: "\(vendor) did not take the consent: it ran out, or was used already. Connect again.")
            case .registration(let code):
                .unreachable(
                    reason: "\(vendor) refuses this server’s registration (\(code)); its operator must look at it.")
            case .later(let reason, _, _): .unreachable(reason: reason)
            }
    }
}
