import Accounts
import Authorization
import CronofyWire
import HTTPTypes
import StorageKit
import Support
import Testing

@testable import App

@Suite("Linking people through the pages")
struct AuthorizePageTests {
    @Test(
        "from the first page to tokens: scopes in words, a calendar, a code with state and issuer",
        arguments: TestDatabase.kinds)
    func wholeFlow(_ kind: TestDatabase.Kind) async throws {
        let world = try await OAuthWorld(kind)
        let browser = PageBrowser(world.server)
        let start = try await browser.get(world.authorize(["state": "a b&c=+%"]))
        #expect(start.status == 200)
        for words in ["Trips", "app.example.com", "see your events", "add events"] {
            #expect(start.text.contains(words))
        }
        let back = try await world.linkNative(browser, state: "a b&c=+%")
        #expect(back.status == 302)
        #expect(back.location?.hasPrefix(OAuthWorld.redirect + "?code=") == true)
        #expect(back.parameter("state") == "a b&c=+%")
        #expect(back.parameter("iss") == LiveServer.base)
        let tokens = try await world.exchange(code: try #require(back.parameter("code")))
        #expect(tokens.status == 200)
        #expect(try tokens.json["linking_profile"]?["provider_name"] == .string("cronofy"))
        let calendars = try await world.server.send(.get, "/v1/calendars", bearer: tokens["access_token"])
        #expect(calendars.text.contains("\"calendar_name\":\"Mine\""))
        await world.close()
    }

    @Test("the browser is remembered: linking again keeps the sub, a relinked calendar keeps its profile id")
    func remembers() async throws {
        let world = try await OAuthWorld()
        let browser = PageBrowser(world.server)
        let first = try await world.exchange(code: try #require(try await world.linkNative(browser).parameter("code")))
        let page = try await browser.get(world.authorize())
        #expect(page.text.contains("Go on as"))
        let allowed = try await browser.submit(page, to: "/oauth/authorize?")
        let second = try await world.exchange(code: try #require(allowed.parameter("code")))
        #expect(second["sub"] == first["sub"])
        #expect(try second.json["linking_profile"] == first.json["linking_profile"])
        // Disconnected and linked again.
        _ = try await world.server.post(
            "/v1/profiles/\(try world.profile(in: first))/revoke", [:], bearer: second["access_token"])
        let third = try await world.exchange(code: try #require(try await world.linkNative(browser).parameter("code")))
        #expect(third["sub"] == first["sub"])
        #expect(try world.profile(in: third) == world.profile(in: first))
        // A separate account is another one, and does not replace the memory.
        let apart = try await world.exchange(
            code: try #require(try await world.linkNative(browser, more: ["avoid_linking": "True"]).parameter("code")))
        #expect(apart["sub"] != first["sub"])
        let again = try await world.exchange(code: try #require(try await world.linkNative(browser).parameter("code")))
        #expect(again["sub"] == first["sub"])
        // Another browser is another person: the control.
        let stranger = try await world.exchange(
            code: try #require(try await world.linkNative(PageBrowser(world.server)).parameter("code")))
        #expect(stranger["sub"] != first["sub"])
        await world.close()
    }

    @Test("a link token adds the calendar to its account from any browser, once, for its application only")
    func linkTokens() async throws {
        let world = try await OAuthWorld()
        let first = try await world.exchange(
            code: try #require(try await world.linkNative(PageBrowser(world.server)).parameter("code")))
        let reply = try await world.server.send(.post, "/v1/link_tokens", bearer: first["access_token"], body: "[]")
        let token = try #require(reply["link_token"])
        let linked = try await world.linkNative(PageBrowser(world.server), more: ["link_token": token])
        #expect(try await world.exchange(code: try #require(linked.parameter("code")))["sub"] == first["sub"])
        let spent = try await PageBrowser(world.server).get(world.authorize(["link_token": token]))
        #expect(spent.parameter("error") == "invalid_request")
        await world.close()
    }

    @Test("saying no comes back as access_denied, with the state")
    func denial() async throws {
        let world = try await OAuthWorld()
        let page = try await PageBrowser(world.server).get(world.authorize(["state": "s1"]))
        let links = page.text.components(after: "href=\"\(OAuthWorld.redirect)?", until: "\"")
        #expect(links.count == 1)
        #expect(links[0].contains("error=access_denied") && links[0].contains("state=s1"))
        await world.close()
    }

    @Test(
        "what is wrong with a request whose return address is certain goes back to it",
        arguments: [
            (["response_type": "token"], "unsupported_response_type"),
            (["response_type": ""], "unsupported_response_type"),
            (["scope": ""], "invalid_scope"), (["scope": "read_events root"], "invalid_scope"),
            (["scope": "service_account/accounts/manage"], "invalid_scope"),
            (["avoid_linking": "maybe"], "invalid_request"), (["link_token": "nothing"], "invalid_request"),
            (["code_challenge": OAuthWorld.challenge], "invalid_request"),
            (["code_challenge": OAuthWorld.verifier, "code_challenge_method": "plain"], "invalid_request"),
            (["code_challenge_method": "S256"], "invalid_request"),
        ] as [([String: String], String)])
    func returned(change: [String: String], code: String) async throws {
        let world = try await OAuthWorld()
        let reply = try await PageBrowser(world.server).get(world.authorize(["state": "s"].merging(change) { $1 }))
        #expect(reply.status == 302)
        #expect(reply.location?.hasPrefix(OAuthWorld.redirect + "?error=\(code)&") == true)
        #expect(reply.parameter("state") == "s" && reply.parameter("iss") == LiveServer.base)
        #expect(reply.parameter("error_description")?.isEmpty == false)
        await world.close()
    }

    @Test(
        "the SDKs' ways of asking are understood",
        arguments: [
            "scope=read_account%20list_calendars%20read_events&state=&provider_name=&avoid_linking=False",
            "scope=read_account+read_events+create_event+delete_event&avoid_linking=1",
            "scope=read_events&provider_name=apple", "scope=read_write&delegated_scope=free_busy",
            "scope=read_only&delegated_scope%5B0%5D=free_busy&delegated_scope%5B1%5D=read_only",
            "scope=free_busy_write&unknown=1",
            "scope=read_events event_reminders full_access",
        ])
    func tolerance(query: String) async throws {
        let world = try await OAuthWorld()
        let redirect = PageBrowser.encoded(OAuthWorld.redirect)
        let reply = try await PageBrowser(world.server).get(
            "/oauth/authorize?client_id=\(world.client.value)&response_type=code&redirect_uri=\(redirect)&\(query)")
        #expect(reply.status == 200)
        await world.close()
    }
}
