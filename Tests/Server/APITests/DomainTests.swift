import Accounts
import Authorization
import CivilTime
import CronofySigning
import CronofyWire
import Foundation
import HTTPTypes
import Jobs
import StorageKit
import Support
import Testing

@testable import App

@Suite("Enterprise Connect: a domain's calendars by one administrator, on a real Radicale")
struct DomainTests {
    @Test("whose principal it is: inside the domain only, and nothing in a name leads elsewhere")
    func principals() {
        func service(_ pattern: String) -> ServiceAccount {
            ServiceAccount(
                account: AccountID("ser_1"), domain: "Example.com", address: "", username: "admin",
                credential: Secret(""), pattern: pattern)
        }
        let pattern = "https://c.example.com/{user}/"
        #expect(
            service(pattern).principals(of: "Bob@example.com")
                == ["https://c.example.com/bob@example.com/", "https://c.example.com/bob/"])
        for outside in ["bob@evil.com", "bob", "@example.com", "a@b@example.com", "bob@example.com.evil.com", ""] {
            #expect(service(pattern).principals(of: outside).isEmpty, "\(outside)")
        }
        #expect(
            service(pattern).principals(of: "../x?y#z@example.com").last
                == "https://c.example.com/..%2Fx%3Fy%23z/")
        #expect(service(pattern).principals(of: "..@example.com").last == "https://c.example.com/-/")
        #expect(
            ServiceAccount.pattern(from: "https://c.example.com/principals/users/Admin/", username: "admin@example.com")
                == "https://c.example.com/principals/users/{user}/")
        #expect(ServiceAccount.pattern(from: "https://admin/p/17/", username: "admin") == nil)
    }

    @Test(
        "an administrator connects; people are opened, answered by signed callbacks, and read",
        arguments: TestDatabase.kinds)
    func wholeFlow(_ kind: TestDatabase.Kind) async throws {
        let world = try await OAuthWorld(kind)
        let caldav = try CalDAVServer(.radicale)
        let sink = LoopbackServer { _ in .text(200, "") }
        let callback = sink.url + "/cb"
        let tokens = try await Self.connect(world, caldav)
        let bearer = try #require(tokens["access_token"])
        #expect(tokens["sub"]?.hasPrefix("ser_") == true)
        #expect(try tokens.json["expires_in"] == .integer(1800))
        let info = try await world.server.send(.get, "/v1/userinfo", bearer: bearer)
        #expect(info["cronofy.type"] == "service_account" && info["cronofy.service_account.domain"] == "example.com")
        #expect(try info.json["cronofy.data"]?["authorization"]?["delegated_scope"] == .string("read_write"))
        #expect(!info.text.contains(CalDAVServer.password))

        let asked = try await world.server.send(
            .post, "/v1/service_account_authorizations", bearer: bearer,
            body: """
                {"service_account_authorizations":[
                {"email":"anna@example.com","callback_url":"\(callback)","scope":"read_events","state":"s1"},
                {"email":"nobody@example.com","callback_url":"\(callback)","scope":"read_events","state":"s2"}]}
                """)
        #expect(asked.status == 202 && asked.text.isEmpty)
        while await world.server.platform.jobs().runOnce() > 0 {}
        let answers = sink.requests
        #expect(answers.count == 2)
        for answer in answers {
            #expect(
                NotificationSignature.header(for: Array(answer.body.utf8), secrets: [world.secret])
                    == answer.headers["cronofy-hmac-sha256"])
        }
        let bodies = try answers.map { try JSONValue(parsing: Array($0.body.utf8))["authorization"] }
        let good = try #require(bodies.first { $0?["state"] == .string("s1") } ?? nil)
        let bad = try #require(bodies.first { $0?["state"] == .string("s2") } ?? nil)
        #expect(bad["error_key"] == .string("errors.unknown_account") && bad["code"] == nil)
        guard case .string(let code)? = good["code"] else { throw OAuthWorld.Missing() }
        let person = try await world.exchange(code: code, redirect: callback)
        #expect(person.status == 200 && person["scope"] == "read_events")
        let calendars = try await world.server.send(.get, "/v1/calendars", bearer: person["access_token"])
        #expect(calendars.text.contains("\"calendar_name\":\"trips\""))
        // Recorded: who opened whom, for which application.
        let account = AccountID(try #require(person["sub"]))
        let ledger = try await world.server.platform.authorization.ledger(of: account)
        #expect(ledger.grants.map(\.granter) == [.account(AccountID(tokens["sub"] ?? ""))])

        // Revoking the service account ends what it opened, and its password is gone.
        _ = try await world.server.post(
            "/oauth/token/revoke",
            ["client_id": world.client.value, "client_secret": world.secret, "sub": tokens["sub"] ?? ""])
        #expect(try await world.server.send(.get, "/v1/account", bearer: person["access_token"]).status == 401)
        #expect(try await world.server.platform.profiles.profiles(of: account).isEmpty)
        #expect(try await world.server.platform.authorization.serviceAccount(AccountID(tokens["sub"] ?? "")) == nil)
        caldav.stop()
        sink.stop()
        await world.close()
    }

    @Test(
        "what is asked beyond the delegated scope, in mixed forms or too much of is refused; persons' tokens see nothing"
    )
    func refusals() async throws {
        let world = try await OAuthWorld()
        let caldav = try CalDAVServer(.radicale)
        let tokens = try await Self.connect(world, caldav, delegated: "read_only")
        let one = #"{"email":"a@example.com","callback_url":"https://app.example.com/cb","scope":"read_events"}"#
        func ask(_ body: String, _ bearer: String?) async throws -> Int {
            try await world.server.send(.post, "/v1/service_account_authorizations", bearer: bearer, body: body).status
        }
        let bearer = tokens["access_token"]
        #expect(try await ask(one, bearer) == 202)
        let many =
            "{\"service_account_authorizations\":[" + Array(repeating: one, count: 51).joined(separator: ",") + "]}"
        for body in [
            one.replacing("read_events", with: "read_write"), one.replacing("read_events", with: "nonsense"),
            one.replacing("https://app.example.com/cb", with: "ftp://x/"), "{}", many,
            "{\"email\":\"a@example.com\",\"service_account_authorizations\":[\(one)]}",
        ] {
            #expect(try await ask(body, bearer) == 422, "\(body.prefix(90))")
        }
        #expect(try await ask(one, try await world.bearer("read_write")) == 403)
        let page = try await PageBrowser(world.server).get(
            Self.address(world, scope: "read_events", delegated: "read_only"))
        #expect(page.parameter("error") == "invalid_scope")
        caldav.stop()
        await world.close()
    }

    private static func address(_ world: OAuthWorld, scope: String, delegated: String) -> String {
        "/enterprise_connect"
            + world.authorize(["scope": scope, "delegated_scope": delegated, "state": "adm"])
    }

    /// As an administrator does it.
    private static func connect(
        _ world: OAuthWorld, _ caldav: CalDAVServer, delegated: String = "read_write"
    ) async throws -> LiveServer.Reply {
        let browser = PageBrowser(world.server)
        let page = try await browser.get(
            address(
                world, scope: "service_account/accounts/manage service_account/resources/manage", delegated: delegated))
        #expect(page.text.contains("open the calendars of people in your domain"))
        let fields = [
            "domain": "example.com", "address": caldav.url, "username": CalDAVServer.administrator,
            "zone": "Europe/Paris",
        ]
        let wrong = try await browser.submit(page, to: "/connect", fields.merging(["password": "wrong"]) { $1 })
        #expect(wrong.status == 422)
        let back = try await browser.submit(
            page, to: "/connect", fields.merging(["password": CalDAVServer.password]) { $1 })
        #expect(back.parameter("state") == "adm")
        return try await world.exchange(code: try #require(back.parameter("code")))
    }
}
