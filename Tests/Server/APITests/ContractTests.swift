import Accounts
import CronofyWire
import Foundation
import HTTPTypes
import Support
import Testing

@testable import API
@testable import App

@Suite("openapi.json and the answers it describes")
struct ContractTests {
    @Test("every endpoint says what it takes and gives")
    func complete() {
        let missing = EndpointTable.rows.filter { $0.contract == nil }.map(\.operationID)
        #expect(missing == [])
        let ids = EndpointTable.rows.map(\.operationID)
        #expect(Set(ids).count == ids.count)
    }

    @Test("it is served, is JSON, names every path, and every reference leads somewhere")
    func document() async throws {
        let server = try await LiveServer()
        let reply = try await server.send(.get, "/openapi.json")
        #expect(reply.status == 200)
        let document = try reply.json
        #expect(document["openapi"] == .string("3.1.0"))
        guard case .object(let paths)? = document["paths"] else { throw NotifyWorld.Missing() }
        #expect(Set(paths.keys) == Set(EndpointTable.rows.map(\.path)))
        var parts = reply.text.components(separatedBy: "\"$ref\":\"#/components/")
        parts.removeFirst()
        #expect(parts.count > 100)
        for part in parts {
            let place = part.prefix { $0 != "\"" }.split(separator: "/").map(String.init)
            #expect(place.count == 2 && document["components"]?[place[0]]?[place[1]] != nil, "\(place)")
        }
        await server.close()
    }

    /// `LiveServer` holds every answer of every test against the table; this walks the reads with data behind them.
    @Test("answers with data in them fit", arguments: TestDatabase.kinds)
    func answers(_ kind: TestDatabase.Kind) async throws {
        let world = try await NotifyWorld(kind)
        try await world.write("one")
        try await world.write("two", token: world.token)
        try await world.open("https://app.example.com/hook", filters: #"{"only_managed": false}"#)
        for path in [
            "/v1/userinfo", "/v1/account", "/v1/profiles", "/v1/calendars", "/v1/channels", "/v1/availability_rules",
            "/v1/available_periods", "/v1/events?tzid=Etc/UTC&include_managed=true",
            "/v1/events?tzid=Europe/Paris&include_managed=1&localized_times=true",
            "/v1/free_busy?tzid=Etc/UTC&include_managed=true&include_ids=true", "/v1/events", "/v1/events/pages/x",
            "/v1/free_busy?tzid=Nowhere",
        ] {
            let reply = try await world.server.send(.get, path, bearer: world.token)
            #expect(
                reply.status
                    == (path.hasSuffix("/x") ? 404 : path.hasSuffix("events") || path.hasSuffix("where") ? 422 : 200),
                "\(path)")
        }
        let free = try await world.server.send(
            .post, "/v1/availability", bearer: world.token,
            body: """
                {"participants": [{"members": [{"sub": "\(world.account.value)"}], "required": "all"}],
                 "required_duration": {"minutes": 60}, "include_member_statuses": true,
                 "query_periods": [{"start": "2026-12-05T08:00:00Z", "end": "2026-12-05T18:00:00Z"}]}
                """)
        #expect(free.status == 200 && free.text.contains("member_statuses"))
        await world.close()
    }

    @Test("an answer that is not as described is noticed")
    func control() {
        func faults(_ body: String, status: Int = 200, path: String = "/v1/channels") -> [String] {
            ContractCheck.faults(.get, path: path, status: status, body: Array(body.utf8))
        }
        let channel = #"{"channel_id": "chn_1", "callback_url": "https://x.example", "filters": {}}"#
        #expect(faults(#"{"channels": [\#(channel)]}"#) == [])
        #expect(faults(#"{"channels": [{"channel_id": "chn_1"}]}"#).count == 2)
        #expect(faults(#"{"channels": [\#(channel), 7]}"#) == ["get_v1_channels 200: /channels/1 is of another type"])
        #expect(faults("") == ["get_v1_channels 200 is not JSON"])
        #expect(faults("{}", status: 418) == ["get_v1_channels may not answer 418"])
        #expect(faults(#"{"error": "x"}"#, status: 422) == ["get_v1_channels 422: /errors is missing"])
        #expect(faults(#"{"error": "x"}"#, status: 404) == [])
    }
}
