import Accounts
import Authorization
import CivilTime
import CronofyWire
import HTTPTypes
import StorageKit
import Support
import Sync
import Testing
import Web

@testable import App

@Suite("Tokens: codes, renewal, revocation, on both databases")
struct TokenTests {
    @Test("its metadata say where things are and what they take, and hold (RFC 8414)")
    func metadata() async throws {
        let world = try await OAuthWorld()
        let reply = try await world.server.send(.get, "/.well-known/oauth-authorization-server")
        #expect(reply.status == 200 && reply["issuer"] == LiveServer.base)
        #expect(reply.headers[.contentType]?.hasPrefix("application/json") == true)
        for name in ["token_endpoint", "revocation_endpoint"] {
            let path = try #require(reply[name]).dropFirst(LiveServer.base.count)
            #expect(try await world.server.post(String(path), [:]).error == "invalid_client")
        }
        let page = try await PageBrowser(world.server).get(
            world.authorize(["state": "s"]).replacing(
                "/oauth/authorize", with: try #require(reply["authorization_endpoint"]).dropFirst(LiveServer.base.count)
            ))
        #expect(page.status == 200)
        // Every scope it names is one that is granted; one that it does not name is refused.
        guard case .array(let scopes)? = try reply.json["scopes_supported"] else { throw OAuthWorld.Missing() }
        for case .string(let scope) in scopes {
            #expect(
                try await PageBrowser(world.server).get(world.authorize(["scope": scope])).status == 200, "\(scope)")
        }
        let unknown = try await PageBrowser(world.server).get(world.authorize(["scope": "everything"]))
        #expect(unknown.parameter("error") == "invalid_scope" && unknown.parameter("iss") == reply["issuer"])
        await world.close()
    }

    @Test(
        "a code gives tokens that work, in JSON and as a form, with every member the SDKs read",
        arguments: TestDatabase.kinds)
    func exchange(_ kind: TestDatabase.Kind) async throws {
        let world = try await OAuthWorld(kind)
        let reply = try await world.exchange(code: try await world.code())
        #expect(reply.status == 200)
        #expect(reply["token_type"] == "bearer")
        #expect(reply["account_id"] == world.account.value && reply["sub"] == world.account.value)
        #expect(reply["scope"] == "read_events create_event")
        #expect(reply["refresh_token"]?.count == 32)
        #expect(try reply.json["expires_in"] == .integer(3600))
        #expect(reply.headers[.cacheControl] == "no-store")
        let token = try #require(reply["access_token"])
        #expect(try await world.server.send(.get, "/v1/account", bearer: token).status == 200)

        let form = try await world.server.send(
            .post, "/oauth/token", headers: [.contentType: "application/x-www-form-urlencoded"],
            body: "grant_type=authorization_code&client_id=\(world.client.value)&client_secret=\(world.secret)"
                + "&redirect_uri=https%3A%2F%2Fapp.example.com%2Fback&code=\(try await world.code())")
        #expect(form.status == 200)
        await world.close()
    }

    @Test(
        "a confidential client keeps its refresh token; each use gives a new access token",
        arguments: TestDatabase.kinds)
    func refresh(_ kind: TestDatabase.Kind) async throws {
        let world = try await OAuthWorld(kind)
        let first = try await world.exchange(code: try await world.code())
        let refresh = try #require(first["refresh_token"])
        for _ in 0..<3 {
            let next = try await world.refresh(refresh)
            #expect(next.status == 200)
            #expect(next["refresh_token"] == refresh)
            #expect(next["access_token"] != first["access_token"])
            #expect(try await world.server.send(.get, "/v1/account", bearer: next["access_token"]).status == 200)
        }
        await world.close()
    }

    @Test(
        "a public client's token rotates; a lost answer is given again; later use ends all of it",
        arguments: TestDatabase.kinds)
    func rotation(_ kind: TestDatabase.Kind) async throws {
        let world = try await OAuthWorld(kind, isPublic: true)
        let first = try await world.exchange(code: try await world.code(), verifier: OAuthWorld.verifier)
        let old = try #require(first["refresh_token"])
        let next = try await world.refresh(old)
        #expect(next.status == 200 && next["refresh_token"] != old)
        let again = try await world.refresh(old)
        #expect(again["refresh_token"] == next["refresh_token"] && again["access_token"] == next["access_token"])
        try await world.moveBack(seconds: AuthorizationDesk.retryWindow + 1)
        let reused = try await world.refresh(old)
        #expect(reused.status == 400 && reused.error == "invalid_grant")
        #expect(try await world.refresh(next["refresh_token"] ?? "").error == "invalid_grant")
        #expect(try await world.server.send(.get, "/v1/account", bearer: next["access_token"]).status == 401)
        await world.close()
    }

    @Test(
        "secrets rotate with overlap: every live one is an API key and proves the client", arguments: TestDatabase.kinds
    )
    func secrets(_ kind: TestDatabase.Kind) async throws {
        let world = try await OAuthWorld(kind)
        let fresh = try #require(try await world.server.platform.accounts.rotateSecret(of: world.client, overlap: 100))
        let live = try await world.server.platform.database.read { session in
            try world.server.platform.accounts.liveSecrets(of: world.client, in: session).map { $0.reveal() }
        }
        #expect(live == [fresh.reveal(), world.secret])
        for secret in live {
            #expect(try await world.exchange(code: try await world.code(), secret: secret).status == 200)
        }
        #expect(try await world.server.platform.accounts.rotateSecret(of: world.client, overlap: 0) != nil)
        #expect(
            try await world.exchange(code: try await world.code(), secret: fresh.reveal()).error == "invalid_client")
        await world.close()
    }

    @Test(
        "revoking by access token, refresh token or sub ends access and leaves a receipt",
        arguments: ["access_token", "refresh_token", "sub"])
    func revocation(_ by: String) async throws {
        let world = try await OAuthWorld()
        let tokens = try await world.exchange(code: try await world.code())
        let calendar = try await world.server.platform.connector.connect(
            .native(name: "Mine", zone: nil), for: world.account)
        let value = try #require(tokens[by])
        let reply = try await world.server.post(
            "/oauth/token/revoke",
            ["client_id": world.client.value, "client_secret": world.secret, by == "sub" ? "sub" : "token": value],
            bearer: "None")
        #expect(reply.status == 200 && reply.text.isEmpty)
        #expect(try await world.server.send(.get, "/v1/account", bearer: tokens["access_token"]).status == 401)
        #expect(try await world.refresh(tokens["refresh_token"] ?? "").error == "invalid_grant")
        // A person's own calendar that lives here outlasts the application.
        #expect(try await world.server.platform.profiles.profiles(of: world.account).map(\.id) == [calendar])
        #expect(
            try await world.server.post(
                "/oauth/token/revoke",
                ["client_id": world.client.value, "client_secret": world.secret, "token": "nothing"]
            ).status == 200)
        await world.close()
    }

    @Test(
        "an application calendar is one however often it is asked for, and goes when it is revoked",
        arguments: TestDatabase.kinds)
    func applicationCalendar(_ kind: TestDatabase.Kind) async throws {
        let world = try await OAuthWorld(kind)
        let credentials = ["client_id": world.client.value, "client_secret": world.secret]
        let ask = credentials.merging(["application_calendar_id": "room-7"]) { $1 }
        let first = try await world.server.post("/v1/application_calendars", ask, bearer: "undefined")
        let second = try await world.server.post("/v1/application_calendars", ask)
        #expect(first.status == 200)
        #expect(first["sub"]?.hasPrefix("apc_") == true && first["sub"] == second["sub"])
        #expect(first["application_calendar_id"] == "room-7" && first["scope"] == "read_write")
        #expect(try first.json["linking_profile"]?["provider_name"] == .string("cronofy"))
        let list = try await world.server.send(.get, "/v1/calendars", bearer: second["access_token"])
        guard case .array(let calendars)? = try list.json["calendars"] else { throw OAuthWorld.Missing() }
        #expect(calendars.count == 1)
        #expect(calendars[0]["calendar_primary"] == .bool(true))
        #expect(calendars[0]["permission_level"] == .string("unrestricted"))
        _ = try await world.server.post(
            "/oauth/token/revoke", credentials.merging(["sub": first["sub"] ?? ""]) { $1 })
        #expect(try await world.server.send(.get, "/v1/calendars", bearer: second["access_token"]).status == 401)
        let third = try await world.server.post("/v1/application_calendars", ask)
        #expect(third["sub"] != first["sub"])
        let receipts = try await world.server.platform.database.read {
            try Receipt.all(of: AccountID(first["sub"] ?? ""), in: $0)
        }
        #expect(receipts.map(\.cause) == [.revoked])
        await world.close()
    }
}
