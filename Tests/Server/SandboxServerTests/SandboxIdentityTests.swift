import CivilTime
import CronofyWire
import SandboxKit
import Testing

@testable import SandboxServer

@Suite("The stand-ins' authorization servers")
struct SandboxIdentityTests {
    @Test("a consent gives a code, the code tokens, and these the calendars", arguments: ["google", "microsoft"])
    func wholeWay(vendor: String) async throws {
        let sandbox = try SandboxFixture()
        let tokens = try await sandbox.link(vendor)
        #expect(await sandbox.calendars(vendor, tokens.access) == 200)
        #expect(await sandbox.calendars(vendor, "never") == 401)
    }

    @Test("a code is good once, for its address, and with the right secret only", arguments: ["google", "microsoft"])
    func codes(vendor: String) async throws {
        let sandbox = try SandboxFixture()
        let form = "grant_type=authorization_code&redirect_uri=https://app.example/back&code="
        let code = try await sandbox.code(vendor)
        #expect(await sandbox.exchange(vendor, form + code, secret: "wrong").status >= 400)
        #expect(await sandbox.exchange(vendor, form + code).status == 200)
        #expect(await sandbox.exchange(vendor, form + code).json["error"] == .string("invalid_grant"))
        let late = try await sandbox.code(vendor)
        sandbox.pass(seconds: 601)
        #expect(await sandbox.exchange(vendor, form + late).json["error"] == .string("invalid_grant"))
    }

    @Test("PKCE (RFC 7636): the verifier of the challenge and no other", arguments: ["google", "microsoft"])
    func verifiers(vendor: String) async throws {
        let sandbox = try SandboxFixture()
        // RFC 7636 appendix B.
        let challenge = "&code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        for (verifier, status) in [("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", 200), ("another", 400), ("", 400)] {
            let code = try await sandbox.code(vendor, challenge)
            let answer = await sandbox.exchange(
                vendor,
                "grant_type=authorization_code&redirect_uri=https://app.example/back&code=\(code)&code_verifier=\(verifier)"
            )
            #expect(answer.status == status)
        }
    }

    @Test("a client or an address that is not registered stays on our page")
    func strangers() async throws {
        let sandbox = try SandboxFixture()
        for query in [
            "client_id=other&redirect_uri=https://app.example/back", "client_id=c&redirect_uri=https://evil.example/",
        ] {
            let answer = await sandbox.ask("GET", "/google/o/oauth2/v2/auth?response_type=code&scope=x&" + query)
            #expect(answer.status == 400 && answer.location == nil)
        }
    }

    @Test("refreshing: Google's token stays, Microsoft's is new each time and the old one still good")
    func refreshing() async throws {
        let sandbox = try SandboxFixture()
        for vendor in ["google", "microsoft"] {
            let tokens = try await sandbox.link(vendor)
            sandbox.pass(seconds: 3601)
            #expect(await sandbox.calendars(vendor, tokens.access) == 401)
            let form = "grant_type=refresh_token&refresh_token=\(tokens.refresh)"
            let fresh = await sandbox.exchange(vendor, form)
            #expect(await sandbox.calendars(vendor, try #require(fresh.json["access_token"]?.text)) == 200)
            #expect((fresh.json["refresh_token"] != nil) == (vendor == "microsoft"))
            #expect(await sandbox.exchange(vendor, form).status == 200)
        }
    }

    @Test("refresh tokens that are good once: a second use ends what was allowed")
    func strict() async throws {
        let sandbox = try SandboxFixture()
        _ = try sandbox.world.carryOut(FaultOrder(.strictRotation(true)))
        let first = try await sandbox.link("microsoft").refresh
        let form = "grant_type=refresh_token&refresh_token="
        let second = try #require(await sandbox.exchange("microsoft", form + first).json["refresh_token"]?.text)
        #expect(await sandbox.exchange("microsoft", form + second).status == 200)
        #expect(await sandbox.exchange("microsoft", form + first).status == 400)
    }

    @Test("what ended a consent is told as each vendor tells it", arguments: GrantEnd.allCases)
    func ends(end: GrantEnd) async throws {
        let sandbox = try SandboxFixture()
        let codes: [GrantEnd: Int64] = [
            .revoked: 50173, .expired: 700082, .passwordChanged: 50173, .consentMissing: 65001, .signInDemanded: 50076,
            .accountGone: 50057,
        ]
        for vendor in ["google", "microsoft"] {
            let tokens = try await sandbox.link(vendor)
            _ = try sandbox.world.carryOut(FaultOrder(.end(end), person: SandboxFixture.who[vendor]))
            #expect(await sandbox.calendars(vendor, tokens.access) == 401)
            let answer = await sandbox.exchange(vendor, "grant_type=refresh_token&refresh_token=\(tokens.refresh)")
            #expect(answer.status == 400)
            if vendor == "microsoft" {
                #expect(answer.json["error_codes"] == .array([.integer(codes[end] ?? 0)]))
            } else {
                let word = end == .consentMissing ? "admin_policy_enforced" : "invalid_grant"
                #expect(answer.json["error"] == .string(word))
            }
        }
    }

    @Test("scopes that were taken away end with the access, not with the token", arguments: ["google", "microsoft"])
    func shrinking(vendor: String) async throws {
        let sandbox = try SandboxFixture()
        let tokens = try await sandbox.link(vendor)
        let scope = vendor == "google" ? SandboxFixture.scope["google"] ?? "" : "Calendars.ReadWrite"
        _ = try sandbox.world.carryOut(FaultOrder(.shrink(scopes: [scope])))
        #expect(await sandbox.calendars(vendor, tokens.access) == 403)
    }

    @Test("prompt=none consents at once for a person who is there, and only for such")
    func silently() async throws {
        let sandbox = try SandboxFixture()
        let query =
            "/google/o/oauth2/v2/auth?client_id=c&response_type=code&redirect_uri=https://app.example/back"
            + "&scope=x&prompt=none&login_hint="
        #expect(await sandbox.ask("GET", query + "anna@gmail.example").location?.contains("code=") == true)
        #expect(await sandbox.ask("GET", query + "nobody@x").location?.contains("error=interaction_required") == true)
    }
}
