import Accounts
import CivilTime
import CronofyWire
import Foundation
import HTTPTypes
import StorageKit
import Support
import Testing

@testable import API
@testable import App

private let rounds = ProcessInfo.processInfo.environment["ANCHORPOINT_PROVE"] == nil ? 150 : 3_000

@Suite("Bodies from strangers", .serialized)
struct MutatedBodyTests {
    /// What an honest client sends, by endpoint; `SUB` and `CAL` stand for an account and its calendar.
    private static let bodies: [(method: HTTPRequest.Method, path: String, body: String)] = [
        (
            .post, "/v1/availability",
            """
            {"participants":[{"required":1,"members":[{"sub":"SUB","managed_availability":true,"available_periods":
            [{"start":"2039-04-05T08:00:00Z","end":"2039-04-05T18:00:00Z"}]}]}],"required_duration":{"minutes":60},
            "start_interval":{"minutes":30},"buffer":{"before":{"minutes":10},"after":{"minutes":5}},"max_results":10,
            "query_periods":[{"start":"2039-04-05T09:00:00Z","end":"2039-04-05T18:00:00Z"}],"response_format":"slots"}
            """
        ),
        (
            .post, "/v1/sequenced_availability",
            """
            {"sequence":[{"sequence_id":"a","ordinal":1,"participants":[{"required":"all","members":[{"sub":"SUB"}]}],
            "required_duration":{"minutes":60},"start_interval":{"minutes":60},"buffer":{"before":{"minimum":{"minutes":0},
            "maximum":{"minutes":60}}}}],"query_periods":[{"start":"2039-04-05T09:00:00Z","end":"2039-04-05T18:00:00Z"}]}
            """
        ),
        (
            .post, "/v1/calendars/CAL/events",
            """
            {"event_id":"trip","summary":"Trip \\u00e9","description":"","start":{"time":"2039-04-05T13:00:00Z","tzid":
            "Europe/Paris"},"end":{"time":"2039-04-05T14:00:00Z","tzid":"Europe/Paris"},"location":{"description":"Hut",
            "lat":"12.5","long":"-1"},"reminders":[{"minutes":15}],"attendees":{"invite":[{"email":"a@example.com",
            "display_name":"A"}],"remove":[]},"transparency":"opaque","color":"#49BED8","url":"https://a.example"}
            """
        ),
        (
            .post, "/v1/batch",
            """
            {"batch":[{"method":"POST","relative_url":"/v1/calendars/CAL/events","data":{"event_id":"b","summary":"B",
            "start":"2039-04-05T13:00:00Z","end":"2039-04-05T14:00:00Z"}},{"method":"DELETE","relative_url":
            "/v1/calendars/CAL/events","data":{"event_id":"b"}}]}
            """
        ),
        (
            .post, "/v1/channels",
            """
            {"callback_url":"http://127.0.0.1:9/hook","filters":{"calendar_ids":["CAL"],"only_managed":true}}
            """
        ),
        (
            .post, "/v1/availability_rules",
            """
            {"availability_rule_id":"default","tzid":"Europe/Paris","calendar_ids":["CAL"],"weekly_periods":[{"day":
            "monday","start_time":"09:30","end_time":"12:30"},{"day":"sunday","start_time":"00:00","end_time":"24:00"}]}
            """
        ),
        (
            .post, "/v1/available_periods",
            """
            {"available_period_id":"p","start":"2039-04-05T09:00:00Z","end":"2039-04-05T10:00:00Z","tzid":"Etc/UTC"}
            """
        ),
        (.post, "/v1/calendars", "{\"profile_id\":\"pro_x\",\"name\":\"Trips\",\"color\":\"#49BED8\"}"),
        (
            .post, "/oauth/token",
            "{\"client_id\":\"app_x\",\"client_secret\":\"x\",\"grant_type\":\"authorization_code\",\"code\":\"x\",\"redirect_uri\":\"https://a.example\"}"
        ),
    ]

    @Test("each is read or refused with what and where; none ends or slows the server", arguments: bodies.indices)
    func mutated(index: Int) async throws {
        let server = try await LiveServer()
        let platform = server.platform
        let (application, _) = try await platform.accounts.createApplication(name: "Trips", redirectURIs: [])
        let tokens = try await platform.accounts.createAccount(
            client: application.id, email: "maya@example.com", name: "Maya", zone: .utc, scope: .all)
        try await platform.database.write {
            try platform.connector.makeOwnCalendar(of: tokens.account, named: "Work", in: $0)
        }
        let calendar = try #require(try await platform.profiles.calendars(of: tokens.account).first).id.value
        func filled(_ text: String) -> String {
            text.replacingOccurrences(of: "SUB", with: tokens.account.value).replacingOccurrences(
                of: "CAL", with: calendar)
        }
        let (method, path, body) = Self.bodies[index]
        let bearer = path == "/oauth/token" ? nil : tokens.accessToken.reveal()
        func send(_ body: String) async throws -> LiveServer.Reply {
            try await server.send(method, filled(path), bearer: bearer, body: body)
        }
        let honest = try await send(filled(body))
        #expect(honest.status < 500)
        #expect(honest.status < 300 || ["/v1/calendars", "/oauth/token"].contains(path), "\(honest.text)")
        var dice = Dice(seed: UInt64(index))
        var (isRefused, started) = (0, ContinuousClock.now)
        for _ in 0..<rounds {
            let bytes = JSONMutation.of(Array(filled(body).utf8), &dice)
            let reply = try await send(String(decoding: bytes, as: UTF8.self))
            #expect(reply.status < 500, "\(String(decoding: bytes, as: UTF8.self)) → \(reply.text)")
            if reply.status == 400, reply.error == "invalid_json" {
                isRefused += 1
                let text = reply["error_description"] ?? ""
                #expect(text.contains("at byte") || text.contains("deeper than"), "\(text)")
            } else if reply.status == 422 {
                guard case .object(let fields)? = try reply.json["errors"], !fields.isEmpty else {
                    Issue.record("422 names no field: \(reply.text)")
                    continue
                }
            }
            let took = ContinuousClock.now - started
            #expect(took < .seconds(5))
            started = .now
        }
        #expect(isRefused > rounds / 4)
        await server.close()
    }
}
