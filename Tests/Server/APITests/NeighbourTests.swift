import Accounts
import Authorization
import CivilTime
import CronofyWire
import HTTPTypes
import Jobs
import StorageKit
import Support
import Testing

@testable import App

/// A CalDAV server that knows its people and rooms, as sabre/dav and Calendar Server do (RFC 3744 §5.8, RFC 6638 §2.4).
private func directory() -> LoopbackServer {
    LoopbackServer { request in
        guard request.method == "PROPFIND", request.headers["authorization"] != nil else {
            return .text(request.headers["authorization"] == nil ? 401 : 404, "")
        }
        func principal(_ name: String, _ mail: String?, _ kind: String) -> String {
            """
            <response><href>/p/\(name)/</href><propstat><prop><displayname>\(name)</displayname>\
            <C:calendar-home-set><href>/c/\(name)/</href></C:calendar-home-set>\
            <principal-collection-set><href>/p/</href></principal-collection-set>\
            <C:calendar-user-type>\(kind)</C:calendar-user-type>\
            <C:calendar-user-address-set><href>/p/\(name)/</href>\(mail.map { "<href>mailto:\($0)</href>" } ?? "")\
            </C:calendar-user-address-set></prop><status>HTTP/1.1 200 OK</status></propstat></response>
            """
        }
        let people = [
            principal("warden", "warden@example.com", "INDIVIDUAL"),
            principal("anna", "anna@example.com", "INDIVIDUAL"),
            principal("Boat-3", "boat3@example.com", "RESOURCE"), principal("hut", "hut@example.com", "ROOM"),
            principal("truck", "truck@elsewhere.org", "RESOURCE"), principal("ghost", nil, "ROOM"),
        ]
        let parts = request.path.split(separator: "/").map(String.init)
        let body: String
        switch (parts.first, parts.count) {
        case ("p", 1): body = people.joined()
        case ("p", _): body = people.first { $0.contains("/p/\(parts[1])/<") } ?? ""
        case ("c", _):
            body = """
                <response><href>/c/\(parts[1])/trips/</href><propstat><prop><displayname>\(parts[1])'s trips</displayname>\
                <resourcetype><collection/><C:calendar/></resourcetype></prop><status>HTTP/1.1 200 OK</status></propstat>\
                </response>
                """
        default:
            body = """
                <response><href>/</href><propstat><prop><current-user-principal><href>/p/warden/</href>\
                </current-user-principal></prop><status>HTTP/1.1 200 OK</status></propstat></response>
                """
        }
        return .text(
            207, "<multistatus xmlns=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\">\(body)</multistatus>",
            type: "application/xml")
    }
}

@Suite("Rooms, shared calendars, and access through somebody else's connection")
struct NeighbourTests {
    @Test("a domain's rooms: those of the domain that have an address, and nobody else", arguments: TestDatabase.kinds)
    func resources(_ kind: TestDatabase.Kind) async throws {
        let world = try await OAuthWorld(kind)
        let server = directory()
        let tokens = try await Self.connectDomain(world, server, "service_account/resources/manage")
        let reply = try await world.server.send(
            .get, "/v1/resources?include_details=capacity%20location", bearer: tokens["access_token"])
        #expect(
            try reply.json
                == .object([
                    "resources": .array([
                        .object(["email": .string("boat3@example.com"), "name": .string("Boat-3")]),
                        .object(["email": .string("hut@example.com"), "name": .string("hut")]),
                    ])
                ]))
        let people = try await Self.connectDomain(world, server, "service_account/accounts/manage")
        #expect(try await world.server.send(.get, "/v1/resources", bearer: people["access_token"]).status == 403)
        #expect(try await world.server.send(.get, "/v1/resources", bearer: world.bearer("read_write")).status == 403)
        server.stop()
        await world.close()
    }

    @Test("a person's word opens what their calendar account reaches, and taking it back ends that")
    func delegation() async throws {
        let world = try await OAuthWorld()
        let (server, sink) = (directory(), LoopbackServer { _ in .text(200, "") })
        let owner = try await Self.linkCalDAV(world, server, delegated: "read_only")
        let (bearer, profile) = (try #require(owner["access_token"]), try world.profile(in: owner))
        func listed(_ query: String) async throws -> LiveServer.Reply {
            try await world.server.send(.get, "/v1/accessible_calendars?\(query)", bearer: bearer)
        }
        let all = try await listed("profile_id=\(profile)")
        guard case .array(let calendars)? = try all.json["accessible_calendars"] else { throw OAuthWorld.Missing() }
        #expect(
            calendars.map { $0["email"] }
                == ["anna@example.com", "boat3@example.com", "hut@example.com", "truck@elsewhere.org"].map(
                    JSONValue.string))
        #expect(calendars.map { $0["calendar_type"] == .string("resource") } == [false, true, true, true])
        #expect(try await listed("profile_id=\(profile)&calendar_type=unknown").text.contains("boat3") == false)
        #expect(try await listed("").status == 422)
        #expect(try await listed("profile_id=pro_nothing").status == 404)

        let callback = sink.url + "/cb"
        func ask(_ changes: [String: String]) async throws -> Int {
            let body = [
                "profile_id": profile, "email": "Anna@example.com", "callback_url": callback, "scope": "read_events",
                "state": "s1",
            ]
            return try await world.server.post(
                "/v1/delegated_authorizations", body.merging(changes) { $1 }.filter { !$0.value.isEmpty },
                bearer: bearer
            ).status
        }
        for bad in [["scope": "read_write"], ["email": ""], ["callback_url": "ftp://x/"], ["profile_id": ""]] {
            #expect(try await ask(bad) == 422, "\(bad)")
        }
        #expect(try await ask(["profile_id": "pro_nothing"]) == 404)
        #expect(try await ask([:]) == 202)
        #expect(try await ask(["email": "nobody@example.com", "state": "s2"]) == 202)
        while await world.server.platform.jobs().runOnce() > 0 {}
        let answers = try sink.requests.map { try JSONValue(parsing: Array($0.body.utf8))["authorization"] }
        #expect(answers.first { $0?["state"] == .string("s2") }??["error_key"] == .string("errors.unknown_account"))
        guard case .string(let code)? = answers.first(where: { $0?["state"] == .string("s1") })??["code"] else {
            throw OAuthWorld.Missing()
        }
        let opened = try await world.exchange(code: code, redirect: callback)
        let access = try #require(opened["access_token"])
        #expect(try await world.server.send(.get, "/v1/calendars", bearer: access).text.contains("anna's trips"))
        // Who was opened opens nobody in turn, and a person who gave no word for others has nobody listed.
        let inTurn = try await world.server.send(
            .get, "/v1/accessible_calendars?profile_id=\(try world.profile(in: opened))", bearer: access)
        #expect(inTurn.status == 403)
        let plain = try await Self.linkCalDAV(world, server, delegated: nil)
        let withoutWord = try await world.server.send(
            .get, "/v1/accessible_calendars?profile_id=\(try world.profile(in: plain))", bearer: plain["access_token"])
        #expect(withoutWord.status == 403)

        #expect(try await world.server.send(.post, "/v1/profiles/\(profile)/revoke", bearer: bearer).status == 202)
        #expect(try await world.server.send(.get, "/v1/account", bearer: access).status == 401)
        server.stop()
        sink.stop()
        await world.close()
    }

    private static func linkCalDAV(
        _ world: OAuthWorld, _ server: LoopbackServer, delegated: String?
    ) async throws -> LiveServer.Reply {
        let browser = PageBrowser(world.server)
        let start = try await browser.get(world.authorize(["delegated_scope": delegated ?? ""]))
        let link = try #require(start.links.first { $0.contains("/connect/caldav?") })
        let back = try await browser.submit(
            try await browser.get(link), to: "/connect/caldav",
            ["address": server.url, "username": "warden", "password": "secret", "zone": "Europe/Paris"])
        return try await world.exchange(code: try #require(back.parameter("code")))
    }

    private static func connectDomain(
        _ world: OAuthWorld, _ server: LoopbackServer, _ scope: String
    ) async throws -> LiveServer.Reply {
        let browser = PageBrowser(world.server)
        let page = try await browser.get(
            "/enterprise_connect" + world.authorize(["scope": scope, "delegated_scope": "read_write"]))
        let back = try await browser.submit(
            page, to: "/connect",
            [
                "domain": "example.com", "address": server.url, "username": "warden", "password": "secret",
                "zone": "Europe/Paris",
            ])
        return try await world.exchange(code: try #require(back.parameter("code")))
    }
}
