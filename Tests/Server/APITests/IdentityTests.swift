import Accounts
import Authorization
import CivilTime
import CronofyWire
import HTTPTypes
import StorageKit
import Support
import Testing
import Web

@testable import App

@Suite("Identity and calendars")
struct IdentityTests {
    @Test(
        "calendars are made where the provider can; the same name again is refused by the key the SDK reads",
        arguments: TestDatabase.kinds)
    func createCalendar(_ kind: TestDatabase.Kind) async throws {
        let world = try await OAuthWorld(kind)
        let bearer = try await world.bearer("read_write")
        let profile = try await world.server.platform.connector.connect(
            .native(name: "Work", zone: nil), for: world.account
        ).value
        let made = try await world.server.post(
            "/v1/calendars", ["profile_id": profile, "name": "Trips", "color": "#12ab34"], bearer: bearer)
        #expect(made.status == 200)
        let calendar = try #require(try made.json["calendar"])
        #expect(calendar["calendar_name"] == .string("Trips") && calendar["profile_id"] == .string(profile))
        #expect(calendar["calendar_readonly"] == .bool(false))
        guard case .string(let id)? = calendar["calendar_id"] else { throw OAuthWorld.Missing() }
        let list = try await world.server.send(.get, "/v1/calendars", bearer: bearer)
        #expect(list.text.contains(id))
        let written = try await world.server.post(
            "/v1/calendars/\(id)/events",
            ["event_id": "1", "summary": "S", "start": "2031-04-05T08:00:00Z", "end": "2031-04-05T09:00:00Z"],
            bearer: bearer)
        #expect(written.status == 202)
        let again = try await world.server.post(
            "/v1/calendars", ["profile_id": profile, "name": "Trips"], bearer: bearer)
        #expect(again.status == 422 && again.text.contains("errors.duplicate_calendar_name"))
        let table: [([String: String], Int)] = [
            (["profile_id": "pro_none", "name": "X"], 404), (["profile_id": profile], 422), (["name": "X"], 422),
            (["profile_id": profile, "name": "X", "color": "red"], 422),
        ]
        for (body, status) in table {
            #expect(try await world.server.post("/v1/calendars", body, bearer: bearer).status == status)
        }
        let narrow = try await world.bearer("read_events")
        #expect(
            try await world.server.post("/v1/calendars", ["profile_id": profile, "name": "Y"], bearer: narrow).status
                == 403)
        await world.close()
    }

    @Test("userinfo says what kind of account it is")
    func userInfo() async throws {
        let world = try await OAuthWorld()
        let person = try await world.server.send(.get, "/v1/userinfo", bearer: try await world.bearer("read_write"))
        #expect(person["cronofy.type"] == "account" && person["email"] == "maya@example.com")
        #expect(try person.json["cronofy.data"]?["authorization"]?["status"] == .string("active"))
        let calendar = try await world.server.post(
            "/v1/application_calendars",
            ["client_id": world.client.value, "client_secret": world.secret, "application_calendar_id": "room-7"])
        let own = try await world.server.send(.get, "/v1/userinfo", bearer: calendar["access_token"])
        #expect(own["cronofy.type"] == "application_calendar" && own["application_calendar_id"] == "room-7")
        #expect(try own.json["cronofy.data"]?["application_calendar"]?["application_calendar_id"] == .string("room-7"))
        await world.close()
    }

    @Test("userinfo tells each token its own scope, also of what was just asked by another")
    func userInfoScopes() async throws {
        let world = try await OAuthWorld()
        let bearers = [try await world.bearer("read_events create_event"), try await world.bearer("read_events")]
        for _ in 0..<2 {
            for (bearer, scope) in zip(bearers, ["read_events create_event", "read_events"]) {
                let info = try await world.server.send(.get, "/v1/userinfo", bearer: bearer)
                #expect(try info.json["cronofy.data"]?["authorization"]?["scope"] == .string(scope))
            }
        }
        await world.close()
    }

    @Test("a credential sent twice is none")
    func twoCredentials() async throws {
        let world = try await OAuthWorld()
        let field = HTTPField(name: .authorization, value: "Bearer " + (try await world.bearer("read_events")))
        for (fields, status) in [([field], 200), ([field, field], 401)] {
            let reply = try await world.server.send(.get, "/v1/userinfo", headers: HTTPFields(fields))
            #expect(reply.status == status)
        }
        await world.close()
    }

    @Test("element tokens: an API key makes them, for its own accounts and one origin")
    func elementTokens() async throws {
        let world = try await OAuthWorld()
        func ask(_ body: String, _ bearer: String) async throws -> LiveServer.Reply {
            try await world.server.send(.post, "/v1/element_tokens", bearer: bearer, body: body)
        }
        let good = """
            {"version":"1","permissions":["agenda"],"subs":["\(world.account.value)"],"origin":"https://app.example.com"}
            """
        let made = try await ask(good, world.secret)
        let token = try #require(try made.json["element_token"])
        #expect(token["expires_in"] == .integer(64_800) && token["origin"] == .string("https://app.example.com"))
        guard case .string(let text)? = token["token"] else { throw OAuthWorld.Missing() }
        #expect(text.hasPrefix("et_"))
        #expect(try await world.server.send(.get, "/v1/account", bearer: text).status == 401)
        #expect(try await ask(good, try await world.bearer("read_write")).status == 401)
        for (old, new) in [
            ("agenda", "everything"), ("\"agenda\"", ""), (world.account.value, "acc_other"),
            ("https://app.example.com", "https://app.example.com/page"), ("https://app.example.com", "app.example.com"),
            ("\"1\"", "\"2\""),
        ] {
            #expect(try await ask(good.replacing(old, with: new), world.secret).status == 422, "\(new)")
        }
        await world.close()
    }

    @Test("a free hand is given by the owner on a page, and by nobody else", arguments: TestDatabase.kinds)
    func permissions(_ kind: TestDatabase.Kind) async throws {
        let world = try await OAuthWorld(kind)
        let browser = PageBrowser(world.server)
        let tokens = try await world.exchange(
            code: try #require(
                try await world.linkNative(browser, more: ["scope": "read_write"]).parameter("code")))
        let bearer = tokens["access_token"]
        // A calendar that lives here is free already: as if it were elsewhere.
        try await world.server.platform.database.write { try $0.execute("UPDATE profiles SET provider = 'caldav'") }
        func level() async throws -> Bool {
            try await world.server.send(.get, "/v1/calendars", bearer: bearer).text.contains("\"unrestricted\"")
        }
        let account = AccountID(try #require(tokens["sub"]))
        let calendar = try #require(try await world.server.platform.profiles.calendars(of: account).first).id.value
        func ask(_ calendar: String, _ level: String = "unrestricted", redirect: String = OAuthWorld.redirect)
            async throws -> LiveServer.Reply
        {
            try await world.server.send(
                .post, "/v1/permissions", bearer: bearer,
                body: """
                    {"permissions":[{"calendar_id":"\(calendar)","permission_level":"\(level)"}],\
                    "redirect_uri":"\(redirect)"}
                    """)
        }
        #expect(try await ask("cal_other").status == 422)
        #expect(try await ask(calendar, "root").status == 422)
        #expect(try await ask(calendar, redirect: "https://evil.example/").status == 422)
        guard case .string(let url)? = try await ask(calendar).json["permissions_request"]?["url"] else {
            throw OAuthWorld.Missing()
        }
        let path = String(url.dropFirst(LiveServer.base.count))
        #expect(try await level() == false)
        #expect(try await PageBrowser(world.server).get(path).status == 403)
        #expect(try await browser.get(path.dropLast() + (path.hasSuffix("0") ? "1" : "0")).status == 404)
        let page = try await browser.get(path)
        #expect(page.status == 200 && page.text.contains("Mine"))
        let back = try await browser.submit(page, to: "/permissions/")
        #expect(back.location == OAuthWorld.redirect)
        #expect(try await level() == true)
        guard case .string(let less)? = try await ask(calendar, "sandbox").json["permissions_request"]?["url"] else {
            throw OAuthWorld.Missing()
        }
        let lessPage = try await browser.get(String(less.dropFirst(LiveServer.base.count)))
        _ = try await browser.submit(lessPage, to: "/permissions/")
        #expect(try await level() == false)
        await world.close()
    }

    @Test("an application asks its operator for redirect addresses; an admin key makes applications")
    func provisioning() async throws {
        let world = try await OAuthWorld()
        let body = #"{"redirect_uris":["https://new.example.com/cb"],"contact":{"email":"dev@example.com"}}"#
        let asked = try await world.server.send(.post, "/v1/application_verification", bearer: world.secret, body: body)
        #expect(asked.status == 202 && asked.text == "{}")
        let desk = world.server.platform.authorization
        #expect(try await desk.verifications().map(\.verification.redirectURIs) == [["https://new.example.com/cb"]])
        #expect(
            try await world.server.platform.accounts.application(world.client)?.redirectURIs == [OAuthWorld.redirect])
        for bad in ["{}", #"{"redirect_uris":["javascript:x"],"contact":{"email":"a@b.c"}}"#] {
            #expect(
                try await world.server.send(.post, "/v1/application_verification", bearer: world.secret, body: bad)
                    .status
                    == 422)
        }
        let admin = try await desk.issueAdminKey().reveal()
        let made = try await world.server.send(
            .post, "/v1/applications", bearer: admin, body: #"{"name":"New","url":"https://new.example.com/"}"#)
        guard case .string(let secret)? = try made.json["oauth_client"]?["client_secret"] else {
            throw OAuthWorld.Missing()
        }
        #expect(
            try await world.server.send(
                .post, "/v1/element_tokens", bearer: secret,
                body: #"{"permissions":["agenda"],"origin":"https://new.example.com"}"#
            ).status == 200)
        #expect(
            try await world.server.send(.post, "/v1/applications", bearer: secret, body: #"{"name":"X"}"#).status == 401
        )
        #expect(try await world.server.send(.get, "/v1/account", bearer: admin).status == 401)
        await world.close()
    }

    @Test("people see who uses their calendars and take it back; what nobody may read is deleted, with a receipt")
    func takingBack() async throws {
        let world = try await OAuthWorld()
        let browser = PageBrowser(world.server)
        let tokens = try await world.exchange(
            code: try #require(try await world.linkNative(browser).parameter("code")))
        let account = try #require(tokens["sub"])
        let page = try await browser.get("/people/\(account)/applications")
        #expect(page.status == 200 && page.text.contains("Trips") && page.text.contains("see your events"))
        let done = try await browser.submit(page, to: "/revoke")
        #expect(done.status == 303)
        #expect(try await world.server.send(.get, "/v1/account", bearer: tokens["access_token"]).status == 401)
        let after = try await browser.get("/people/\(account)/applications")
        #expect(after.text.contains("taken back on"))
        await world.close()
    }
}
