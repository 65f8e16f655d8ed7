import CivilTime
import CronofyWire
import Foundation
import HTTPTypes
import Planning
import Sealing
import Season
import Support
import Testing
import Trips

@testable import App
@testable import GuidesAPI
@testable import GuidesWeb

@Suite("Guide services as JSON")
struct GuidesAPITests {
    private func endpoints(_ world: SampleWorld) -> [GuidesEndpoint] {
        GuidesEndpoints(services: world.server.platform.guidesAPIServices).all
    }

    private func list(_ reply: LiveServer.Reply) throws -> [JSONValue] { try #require(try reply.json.list) }

    @Test("without a key every endpoint answers 401, and with one nothing of anybody else's", arguments: TestDatabase.kinds)
    func access(kind: TestDatabase.Kind) async throws {
        let world = try await SampleWorld(kind)
        let stranger = try await world.store.person(email: "s@else.example", name: "S", zone: .utc)
        let key = try await world.store.makePersonToken(named: "test", of: stranger).reveal()
        let guide = try #require(try await world.store.person(of: "guide1@basalt.example"))
        let span = try #require(Period(from: Instant(seconds: 4_000_000_000), to: Instant(seconds: 4_000_003_600)))
        let row = try await world.store.addManualRow(span, note: "Dentist", of: guide)
        let all = try #require(Period(from: Instant(seconds: 0), to: Instant(seconds: 4_000_000_000)))
        let trip = try #require(try await world.store.trips(of: world.service.id, in: all).first?.trip.id)
        for endpoint in endpoints(world) {
            for id in [row.id, trip.value, world.service.id.value] {
                let path = endpoint.path.replacingOccurrences(of: "{id}", with: id)
                let body = endpoint.method == .get ? "" : "{}"
                for bearer in [nil, "no-such-key", key + "x"] {
                    let reply = try await world.server.send(endpoint.method, path, bearer: bearer, body: body)
                    #expect(reply.status == 401 && reply.headers[.wwwAuthenticate] == "Bearer", "\(path)")
                }
                let reply = try await world.server.send(endpoint.method, path, bearer: key, body: body)
                if endpoint.path.contains("{id}") {
                    #expect([400, 404].contains(reply.status), "\(endpoint.method) \(path): \(reply.status)")
                } else if endpoint.method == .get {
                    #expect(reply.text == "[]", "\(path)")
                }
                #expect(!reply.text.contains("Dentist") && !reply.text.contains("Basalt"), "\(path)")
            }
        }
        // The control: the row is there for the guide.
        let own = try await world.server.send(
            .get, "/api/auth/availabilities/\(row.id)/", bearer: try await world.key("guide1@basalt.example"))
        #expect(own.status == 200 && own["note"] == "Dentist" && own["source"] == "manual")
        await world.server.close()
    }

    @Test("docs/guides-api.md has every endpoint, and no other")
    func documented() async throws {
        let world = try await SampleWorld()
        let table = try String(contentsOfFile: PostgresServer.root + "/docs/guides-api.md", encoding: .utf8)
            .split(separator: "\n").filter { $0.hasPrefix("| `") }
            .map { String($0).components(after: "| `", until: "`")[0] }
        #expect(table.sorted() == endpoints(world).map { "\($0.method.rawValue) \($0.path)" }.sorted())
    }

    @Test("a guide's own time is added, read, changed, shared and removed", arguments: TestDatabase.kinds)
    func availability(kind: TestDatabase.Kind) async throws {
        let world = try await SampleWorld(kind)
        let (server, key) = (world.server, try await world.key("guide1@basalt.example"))
        let path = "/api/auth/availabilities/"
        let added = try await server.send(
            .post, path, bearer: key,
            body: #"{"start": "2031-07-03T08:00:00-06:00", "end": "2031-07-03T18:00:00Z", "note": null}"#)
        #expect(added.status == 201 && added["start"] == "2031-07-03T14:00:00Z" && added["note"] == "")
        #expect(added["visibility"] == "busy" && added["reason"] == "by hand")
        let one = path + (try #require(added["id"])) + "/"
        let changed = try await server.send(
            .patch, one, bearer: key, body: #"{"note": "Rescue course", "visibility": "detail", "is_available": true}"#)
        #expect(changed.status == 200 && changed["note"] == "Rescue course" && changed["end"] == "2031-07-03T18:00:00Z")
        #expect(try changed.json["is_available"] == .bool(true))
        let within = try await server.send(
            .get, path + "?from=2031-07-01T00:00:00Z&to=2031-08-01T00:00:00Z", bearer: key)
        #expect(try list(within).map { $0["id"] } == [.string(try #require(added["id"]))])
        // Rules are for a service and a source.
        let share = #"{"guide_service": "\#(world.service.id.value)", "visibility": "private"}"#
        #expect(try await server.send(.post, one + "shares/", bearer: key, body: share).status == 201)
        let rules = try await server.send(.get, one + "shares/", bearer: key)
        #expect(try list(rules).first?["visibility"] == .string("private"))
        let withdrawn = try await server.send(
            .delete, one + "shares/?guide_service=\(world.service.id.value)", bearer: key)
        #expect(withdrawn.status == 204 && withdrawn.text.isEmpty)
        #expect(try await server.send(.get, one + "shares/", bearer: key).text == "[]")
        #expect(try await server.send(.delete, one, bearer: key).status == 204)
        #expect(try await server.send(.get, one, bearer: key).status == 404)
        await server.close()
    }

    @Test("what cannot be is refused by field, and nothing is written", arguments: [
        (#"{"start": "2031-07-03", "end": "2031-07-03T18:00:00Z"}"#, "start"),
        (#"{"end": "2031-07-03T18:00:00Z"}"#, "start"),
        (#"{"start": "2031-07-03T19:00:00Z", "end": "2031-07-03T18:00:00Z"}"#, "end"),
        (#"{"start": "2031-07-03T08:00:00Z", "end": "2031-07-03T18:00:00Z", "visibility": "all"}"#, "visibility"),
        (#"{"start": "2031-07-03T08:00:00Z", "end": "2031-07-03T18:00:00Z", "is_avialable": true}"#, "is_avialable"),
        (#"[1]"#, "detail"), (#"{"start""#, "detail"), (#"{"start": {"a": 1}, "end": 5}"#, "start"),
    ])
    func refusals(body: String, field: String) async throws {
        let world = try await SampleWorld()
        let key = try await world.key("guide1@basalt.example")
        let reply = try await world.server.send(.post, "/api/auth/availabilities/", bearer: key, body: body)
        #expect(reply.status == 400, "\(reply.text)")
        #expect(try reply.json[field] != nil, "\(reply.text)")
        let rows = try await world.server.send(
            .get, "/api/auth/availabilities/?from=2031-01-01T00:00:00Z&to=2032-01-01T00:00:00Z", bearer: key)
        #expect(rows.text == "[]")
    }

    @Test("memberships and calendars are listed, a calendar is paused; linking is left to the browser")
    func calendars() async throws {
        let world = try await SampleWorld()
        let (server, key) = (world.server, try await world.key("guide1@basalt.example"))
        try await server.settle()
        let memberships = try list(try await server.send(.get, "/api/auth/memberships/", bearer: key))
        #expect(memberships.map { $0["role"] } == [.string("GUIDE")])
        #expect(memberships.first?["guide_service"] == .string(world.service.id.value))
        let path = "/api/auth/calendar-integrations/"
        let reply = try await server.send(.get, path, bearer: key)
        let one = try #require(try list(reply).first)
        #expect(one["is_active"] == .bool(true) && one["provider"] == .string("custom"))
        #expect(one["last_synced_at"]?.text != nil && one["sync_config"]?["calendars"]?.list?.isEmpty == false)
        #expect(!reply.text.contains("token"))
        let paused = try await server.send(
            .patch, path + (try #require(one["id"]?.text)) + "/", bearer: key, body: #"{"is_active": false}"#)
        #expect(paused.status == 200)
        #expect(try paused.json["is_active"] == .bool(false))
        let linking = try await server.send(.post, path, bearer: key, body: #"{"provider": "google"}"#)
        #expect(linking.status == 409 && linking["url"] == LiveServer.base + "/guides/me/calendars")
    }

    @Test("an office makes a trip, gives it a guide, moves it; a guide sees own trips only", arguments: TestDatabase.kinds)
    func trips(kind: TestDatabase.Kind) async throws {
        let world = try await SampleWorld(kind)
        let (server, office) = (world.server, try await world.key("olu@basalt.example"))
        try await server.settle()
        let guide = try #require(try await world.store.person(of: "guide1@basalt.example"))
        let body = """
            {"guide_service": "\(world.service.id.value)", "title": "Ridge", "location": "Moab", "timing_mode": "multi_day",
             "start": "2027-05-03T08:00:00-06:00", "duration_days": 3, "end_time": "16:30", "seats": 4}
            """
        let made = try await server.send(.post, "/api/trips/", bearer: office, body: body)
        #expect(made.status == 201, "\(made.text)")
        #expect(made["start"] == "2027-05-03T14:00:00Z" && made["end"] == "2027-05-05T22:30:00Z")
        let path = "/api/trips/" + (try #require(made["id"])) + "/"
        let guides = try await server.send(
            .get, "/api/trips/service/\(world.service.id.value)/guides/", bearer: office)
        #expect(try list(guides).contains { $0["id"] == .string(guide.value) })
        // A guide who is not on it, and who may not put anybody there.
        let key = try await world.key("guide1@basalt.example")
        #expect(try await server.send(.get, path, bearer: key).status == 404)
        let assign = #"{"guide": "\#(guide.value)", "role": "lead"}"#
        #expect(try await server.send(.post, path + "assign-guide/", bearer: key, body: assign).status == 404)
        let given = try await server.send(.post, path + "assign-guide/", bearer: office, body: assign)
        #expect(given.status == 201 && given["state"] == "accepted", "\(given.text)")
        #expect(try await server.send(.get, path, bearer: key)["title"] == "Ridge")
        // Once more: refused with the reason and what else there is.
        let again = try await server.send(.post, path + "assign-guide/", bearer: office, body: assign)
        #expect(again.status == 409)
        #expect(try again.json["reasons"]?.list?.first?["code"]?.text != nil)
        #expect(try again.json["alternatives"]?["guides"]?.list?.isEmpty == false)
        let moved = try await server.send(
            .patch, path, bearer: office, body: #"{"start": "2027-05-04T07:00:00-06:00"}"#)
        #expect(moved["start"] == "2027-05-04T13:00:00Z" && moved["end"] == "2027-05-06T22:30:00Z", "\(moved.text)")
        let rows = try await server.send(
            .get, "/api/auth/availabilities/?from=2027-05-01T00:00:00Z&to=2027-06-01T00:00:00Z", bearer: key)
        let id = try made.json["id"]
        let row = try #require(try list(rows).first { $0["trip"] == id })
        #expect(row["source"] == .string("assignment") && row["start"] == .string("2027-05-04T13:00:00Z"))
        // That row is the trip's.
        let one = "/api/auth/availabilities/" + (row["id"]?.text ?? "") + "/"
        #expect(try await server.send(.delete, one, bearer: key).status == 409)
        #expect(try await server.send(.patch, one, bearer: key, body: #"{"note": "x"}"#).status == 409)
        await server.close()
    }

    @Test("a key is made on the account page, is shown once, and ends there or with the password")
    func keys() async throws {
        let world = try await SampleWorld()
        let person = try #require(try await world.store.person(of: "guide1@basalt.example"))
        let browser = try await world.browser("guide1@basalt.example")
        let account = try await browser.get("/guides/me/account")
        let shown = try await browser.submit(account, to: "/guides/me/keys", ["name": "Garmin bridge"])
        let key = try #require(shown.text.components(after: "<pre>", until: "<").first)
        let (server, memberships) = (world.server, "/api/auth/memberships/")
        #expect(try await server.send(.get, memberships, bearer: key).status == 200)
        let later = try await browser.get("/guides/me/account")
        #expect(later.text.contains("Garmin bridge") && later.text.contains("last used") && !later.text.contains(key))
        let id = try #require(try await world.store.personTokens(of: person).first?.id)
        _ = try await browser.submit(later, to: "/guides/me/keys", ["end": id])
        #expect(try await server.send(.get, memberships, bearer: key).status == 401)
        let other = try await world.store.makePersonToken(named: "other", of: person)
        try await world.store.setPassword(Secret("a long password"), of: person)
        #expect(try await server.send(.get, memberships, bearer: other.reveal()).status == 401)
    }
}
