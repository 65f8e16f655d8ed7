import Accounts
import CivilTime
import GuardedHTTP
import SandboxKit
import SignInKit
import StorageKit
import Support
import Testing

@testable import App
@testable import SandboxServer

@Suite("What doctor says of a vendor")
struct VendorCheckTests {
    private func check(
        _ vendor: String, _ world: LinkWorld, secret: String? = "sandbox-secret", root: String? = nil,
        publicURL: String = LiveServer.base
    ) async throws -> [DoctorCheck] {
        let values = [
            vendor + "-client-id": secret == nil ? nil : "sandbox-client", vendor + "-client-secret": secret,
            vendor + "-url": root ?? world.sandbox.base + "/" + vendor,
        ]
        let settings = try VendorSettings(vendor) { values[$0] ?? nil }
        return await VendorCheck(
            vendor: vendor, settings: settings, publicURL: publicURL,
            client: GuardedClient(policy: AddressPolicy(.development, plainTextHosts: [])),
            now: AnchorpointPlatform.now
        ).checks()
    }

    @Test(
        "registered; a wrong secret, no answer, nothing set, a public address without TLS",
        arguments: ["google", "microsoft"])
    func registration(vendor: String) async throws {
        let world = try await LinkWorld()
        let good = try await check(vendor, world)
        #expect(good.count { $0.isGood } == 3, "\(good)")
        #expect(good.contains { $0.detail.hasSuffix(LiveServer.base + "/connect/\(vendor)/callback") })

        let wrong = try #require(try await check(vendor, world, secret: "other").last)
        #expect(!wrong.isGood && wrong.detail.contains("the client or its secret is wrong"), "\(wrong)")
        let away = try #require(try await check(vendor, world, root: "http://127.0.0.1:9/\(vendor)").last)
        #expect(!away.isGood && away.detail.hasPrefix("not asked"), "\(away)")
        let unset = try await check(vendor, world, secret: nil)
        #expect(unset.count == 1 && !unset[0].isGood && unset[0].detail.contains("\(vendor)-client-id"))
        let plain = try await check(vendor, world, publicURL: "http://guides.example")
        #expect(plain.contains { !$0.isGood && $0.detail.contains("https://") })
        await world.close()
    }

    @Test("consents that end by themselves are counted, others are not")
    func testingMode() async throws {
        let world = try await LinkWorld()
        let profile = try await world.link("google")
        let none = try await VendorCheck.endings(of: "google", in: world.server.platform)
        #expect(none == nil)
        var tokens = try #require(
            SignInTokens(stored: try await world.server.platform.profiles.credential(of: profile)?.reveal() ?? ""))
        tokens.refreshEndsAt = Instant(seconds: 1_900_000_000)
        let sealed = world.server.platform.accounts.key.seal(Accounts.Secret(tokens.stored), for: Purpose.credential)
        try await world.server.platform.database.write {
            try $0.execute("UPDATE profiles SET credential = ? WHERE provider = 'google'", [.blob(sealed)])
        }
        let found = try #require(try await VendorCheck.endings(of: "google", in: world.server.platform))
        #expect(!found.isGood && found.detail.contains("2030-03-17"), "\(found)")
        await world.close()
    }
}
