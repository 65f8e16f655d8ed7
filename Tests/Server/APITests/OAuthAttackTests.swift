import Accounts
import Authorization
import CivilTime
import CronofyWire
import HTTPTypes
import StorageKit
import Support
import Testing

@testable import App

@Suite("What the OAuth server withstands")
struct OAuthAttackTests {
    @Test("code replay: refused, and what the code gave is revoked", arguments: TestDatabase.kinds)
    func codeReplay(_ kind: TestDatabase.Kind) async throws {
        let world = try await OAuthWorld(kind)
        let code = try await world.code()
        let other = try await world.exchange(code: try await world.code())
        let tokens = try await world.exchange(code: code)
        #expect(try await world.server.send(.get, "/v1/account", bearer: tokens["access_token"]).status == 200)
        let renewed = try await world.refresh(tokens["refresh_token"] ?? "")
        #expect(try await world.exchange(code: code).error == "invalid_grant")
        for token in [tokens["access_token"], renewed["access_token"]] {
            #expect(try await world.server.send(.get, "/v1/account", bearer: token).status == 401)
        }
        #expect(try await world.refresh(tokens["refresh_token"] ?? "").error == "invalid_grant")
        // The control: what another code gave goes on.
        #expect(try await world.server.send(.get, "/v1/account", bearer: other["access_token"]).status == 200)
        await world.close()
    }

    @Test("code replay at once: of many who come together at most one gets tokens", arguments: TestDatabase.kinds)
    func codeRace(_ kind: TestDatabase.Kind) async throws {
        let world = try await OAuthWorld(kind)
        let code = try await world.code()
        let granted = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { try await world.exchange(code: code).status } }
            return try await group.reduce(into: 0) { $0 += $1 == 200 ? 1 : 0 }
        }
        #expect(granted == 1)
        await world.close()
    }

    @Test("an old code is refused; the same code in time is the control")
    func expiry() async throws {
        let world = try await OAuthWorld()
        let (old, fresh) = (try await world.code(), try await world.code())
        #expect(try await world.exchange(code: fresh).status == 200)
        try await world.moveBack(seconds: AuthorizationDesk.codeLife)
        #expect(try await world.exchange(code: old).error == "invalid_grant")
        await world.close()
    }

    @Test("mixed-up client: another application can use neither code nor token, though its own secret is good")
    func mixedUpClient() async throws {
        let world = try await OAuthWorld()
        let (other, secret) = try await world.server.platform.accounts.createApplication(
            name: "Other", redirectURIs: [OAuthWorld.redirect])
        let code = try await world.code()
        let credentials = ["client_id": other.id.value, "client_secret": secret.reveal()]
        let stolen = try await world.server.post(
            "/oauth/token",
            credentials.merging([
                "grant_type": "authorization_code", "code": code, "redirect_uri": OAuthWorld.redirect,
            ]) { $1 })
        #expect(stolen.status == 400 && stolen.error == "invalid_grant")
        let tokens = try await world.exchange(code: code)
        #expect(tokens.status == 200)
        let renewed = try await world.server.post(
            "/oauth/token",
            credentials.merging([
                "grant_type": "refresh_token", "refresh_token": tokens["refresh_token"] ?? "",
            ]) { $1 })
        #expect(renewed.error == "invalid_grant")
        _ = try await world.server.post(
            "/oauth/token/revoke", credentials.merging(["token": tokens["access_token"] ?? ""]) { $1 })
        #expect(try await world.server.send(.get, "/v1/account", bearer: tokens["access_token"]).status == 200)
        // One's id with the other's secret, and no secret at all.
        #expect(
            try await world.exchange(code: try await world.code(), secret: secret.reveal()).error == "invalid_client")
        #expect(try await world.exchange(code: try await world.code(), secret: "").error == "invalid_client")
        await world.close()
    }

    @Test(
        "redirect tricks: prefix, path, case, port, query, encoding, user, fragment; all stay on our page",
        arguments: [
            "https://app.example.com/back/", "https://app.example.com/back/../evil", "https://app.example.com/bac",
            "https://app.example.com/back%2f..", "https://app.example.com/back?x=1", "https://app.example.com/back#x",
            "https://app.example.com.evil.example/back", "https://evil.example/https://app.example.com/back",
            "https://app.example.com@evil.example/back", "https://app.example.com:443/back",
            "HTTPS://app.example.com/back", "https://APP.example.com/back", "http://app.example.com/back",
            "https://app.example.com/back ", "https://app.example.com\\@evil.example/back", "//app.example.com/back",
            "javascript:alert(1)", "https://app.example.com/back\u{0}", "https://app.example.com/b%61ck", "",
        ])
    func redirectTricks(redirect: String) async throws {
        let world = try await OAuthWorld()
        let reply = try await PageBrowser(world.server).get(
            world.authorize(["redirect_uri": redirect, "scope": "nonsense"]))
        #expect(reply.status == 400)
        #expect(reply.location == nil)
        #expect(!reply.text.contains("evil"))
        await world.close()
    }

    @Test("the redirect of the exchange must be that of the request; a mistake does not spend the code")
    func redirectAtExchange() async throws {
        let world = try await OAuthWorld()
        let code = try await world.code()
        for wrong in [OAuthWorld.redirect + "/", "https://evil.example/", ""] {
            #expect(try await world.exchange(code: code, redirect: wrong).error == "invalid_grant")
        }
        #expect(try await world.exchange(code: code).status == 200)
        await world.close()
    }

    @Test("open redirect: without a known client nobody is sent anywhere, nor by a parameter that comes twice")
    func openRedirect() async throws {
        let world = try await OAuthWorld()
        let browser = PageBrowser(world.server)
        let evil = "&redirect_uri=" + PageBrowser.encoded("https://evil.example/")
        let good = world.authorize()
        for path in [
            world.authorize(["client_id": "nobody"]), world.authorize(["client_id": ""]), good + evil,
            "/oauth/authorize?" + evil.dropFirst() + "&" + good.split(separator: "?")[1],
            good + "&client_id=nobody", "/oauth/authorize", "/oauth/authorize?" + evil.dropFirst(),
        ] {
            let reply = try await browser.get(path)
            #expect(reply.status == 400 && reply.location == nil, "\(path)")
        }
        #expect(try await browser.get(good).status == 200)
        await world.close()
    }

    @Test(
        "missing and forged state: never made up, never changed, not ours to trust; the forms carry a token of their own"
    )
    func state() async throws {
        let world = try await OAuthWorld()
        let browser = PageBrowser(world.server)
        #expect(try await world.linkNative(browser).parameter("state") == nil)
        #expect(
            try await world.linkNative(browser, state: "https://evil.example/?code=1").parameter("state")
                == "https://evil.example/?code=1")
        // A page elsewhere cannot consent for whoever visits it: no token, a stranger's token, a token of no cookie.
        let page = try await browser.get(world.authorize())
        let other = try await PageBrowser(world.server).get(world.authorize())
        let action = try #require(page.formActions.first { $0.hasPrefix("/oauth/authorize?") })
        for token in ["", "0000", other.formToken ?? ""] {
            #expect(try await browser.post(action, ["form_token": token]).status == 403)
        }
        let stranger = try await PageBrowser(world.server).post(action, ["form_token": page.formToken ?? ""])
        #expect(stranger.status == 403 && stranger.location == nil)
        // The control.
        #expect(try await browser.post(action, ["form_token": page.formToken ?? ""]).parameter("code") != nil)
        await world.close()
    }

    @Test("tokens and secrets in a query are not looked at")
    func tokenInQuery() async throws {
        let world = try await OAuthWorld()
        let code = try await world.code()
        let query =
            "grant_type=authorization_code&client_id=\(world.client.value)&client_secret=\(world.secret)"
            + "&redirect_uri=\(PageBrowser.encoded(OAuthWorld.redirect))&code=\(code)"
        #expect(try await world.server.send(.post, "/oauth/token?" + query).error == "invalid_client")
        #expect(try await world.server.send(.get, "/oauth/token?" + query).status == 405)
        let tokens = try await world.exchange(code: code)
        let token = try #require(tokens["access_token"])
        #expect(try await world.server.send(.get, "/v1/account?access_token=\(token)").status == 401)
        #expect(try await world.server.send(.get, "/v1/account?bearer_token=\(token)").status == 401)
        #expect(try await world.server.send(.get, "/v1/account", bearer: token).status == 200)
        await world.close()
    }

    @Test(
        "refresh re-use by two at once: both get the one answer; the family has one live token",
        arguments: TestDatabase.kinds)
    func refreshRace(_ kind: TestDatabase.Kind) async throws {
        let world = try await OAuthWorld(kind, isPublic: true)
        let tokens = try await world.exchange(code: try await world.code(), verifier: OAuthWorld.verifier)
        let old = try #require(tokens["refresh_token"])
        let answers = try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<6 { group.addTask { try await world.refresh(old)["refresh_token"] } }
            return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(answers.count == 1 && !answers.contains(nil) && !answers.contains(old))
        await world.close()
    }

    @Test("the sub of another application: nothing is revoked, nothing is read, nothing is linked")
    func foreignSub() async throws {
        let world = try await OAuthWorld()
        let tokens = try await world.exchange(code: try await world.code())
        let (other, secret) = try await world.server.platform.accounts.createApplication(
            name: "Other", redirectURIs: [OAuthWorld.redirect])
        let reply = try await world.server.post(
            "/oauth/token/revoke",
            ["client_id": other.id.value, "client_secret": secret.reveal(), "sub": world.account.value])
        #expect(reply.status == 200)
        #expect(try await world.server.send(.get, "/v1/account", bearer: tokens["access_token"]).status == 200)
        let link = try await world.server.send(.post, "/v1/link_tokens", bearer: tokens["access_token"])
        let page = try await PageBrowser(world.server).get(
            world.authorize(["client_id": other.id.value, "link_token": link["link_token"] ?? ""]))
        #expect(page.parameter("error") == "invalid_request")
        // The control: its own application does revoke it.
        _ = try await world.server.post(
            "/oauth/token/revoke",
            ["client_id": world.client.value, "client_secret": world.secret, "sub": world.account.value])
        #expect(try await world.server.send(.get, "/v1/account", bearer: tokens["access_token"]).status == 401)
        await world.close()
    }

    @Test(
        "scope never grows on refresh; it may shrink, and grow back to what was granted", arguments: TestDatabase.kinds)
    func scopeWidening(_ kind: TestDatabase.Kind) async throws {
        let world = try await OAuthWorld(kind)
        let tokens = try await world.exchange(code: try await world.code(scope: "read_events create_event"))
        let refresh = try #require(tokens["refresh_token"])
        for wide in ["read_events create_event delete_event", "read_write", "create_calendar", "nonsense"] {
            #expect(try await world.refresh(refresh, scope: wide).error == "invalid_scope", "\(wide)")
        }
        let narrow = try await world.refresh(refresh, scope: "read_free_busy")
        #expect(narrow["scope"] == "read_free_busy")
        let path = "/v1/events?tzid=Etc/UTC"
        #expect(try await world.server.send(.get, path, bearer: narrow["access_token"]).status == 403)
        let whole = try await world.refresh(refresh)
        #expect(whole["scope"] == "read_events create_event")
        #expect(try await world.server.send(.get, path, bearer: whole["access_token"]).status == 200)
        await world.close()
    }

    @Test("PKCE downgrade: leaving the verifier out, inventing one, plain, or none from a public client")
    func pkceDowngrade() async throws {
        let world = try await OAuthWorld()
        let code = try await world.code(challenge: OAuthWorld.challenge)
        #expect(try await world.exchange(code: code).error == "invalid_grant")
        for wrong in [OAuthWorld.challenge, String(OAuthWorld.verifier.dropLast()) + "A", "short", ""] {
            #expect(try await world.exchange(code: code, verifier: wrong).error == "invalid_grant")
        }
        #expect(try await world.exchange(code: code, verifier: OAuthWorld.verifier).status == 200)
        let plain = try await world.code()
        #expect(try await world.exchange(code: plain, verifier: OAuthWorld.verifier).error == "invalid_grant")
        await world.close()

        let open = try await OAuthWorld(isPublic: true)
        let browser = PageBrowser(open.server)
        #expect(
            try await browser.get(open.authorize(["code_challenge": "", "code_challenge_method": ""])).parameter(
                "error") == "invalid_request")
        #expect(
            try await browser.get(open.authorize(["code_challenge_method": "plain"])).parameter("error")
                == "invalid_request")
        let back = try await open.linkNative(browser)
        #expect(try await open.exchange(code: back.parameter("code") ?? "").error == "invalid_grant")
        #expect(
            try await open.exchange(code: back.parameter("code") ?? "", verifier: OAuthWorld.verifier).status == 200)
        await open.close()
    }

    @Test("pages may not be framed, and their forms lead nowhere but here and to the application")
    func framing() async throws {
        let world = try await OAuthWorld()
        let page = try await PageBrowser(world.server).get(world.authorize())
        let policy = try #require(page.headers[.contentSecurityPolicy])
        #expect(policy.contains("frame-ancestors 'none'"))
        #expect(policy.contains("form-action 'self' https://app.example.com;"))
        #expect(page.headers[HTTPField.Name("X-Frame-Options")!] == "DENY")
        await world.close()
    }
}
