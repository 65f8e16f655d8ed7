import Accounts
import CivilTime
import CronofySigning
import CronofyWire
import HTTPTypes
import Notifications
import StorageKit
import Support
import Sync
import Testing

@testable import App

@Suite("Channels and what they are told, on both databases", .serialized)
struct ChannelTests {
    @Test("a channel shows what was set, is listed, and is gone once closed", arguments: TestDatabase.kinds)
    func lifecycle(_ kind: TestDatabase.Kind) async throws {
        let world = try await NotifyWorld(kind)
        let filters = #"{"calendar_ids": ["\#(world.calendar)"], "only_managed": true, "unknown": 1}"#
        let opened = try await world.open("http://127.0.0.1:9/hook", filters: filters)
        #expect(opened.status == 200)
        let channel = try #require(try opened.json["channel"])
        #expect(channel["callback_url"] == .string("http://127.0.0.1:9/hook"))
        #expect(
            channel["filters"]
                == .object(["calendar_ids": .array([.string(world.calendar)]), "only_managed": .bool(true)]))
        #expect(try (await world.open("http://127.0.0.1:9/x")).json["channel"]?["filters"] == .object([:]))

        let listed = try await world.server.send(.get, "/v1/channels", bearer: world.token)
        guard case .array(let channels)? = try listed.json["channels"] else { throw NotifyWorld.Missing() }
        #expect(channels.count == 2 && channels.contains(channel))
        #expect(CreateChannelContract.faults(in: try opened.json) == [])

        guard case .string(let id)? = channel["channel_id"] else { throw NotifyWorld.Missing() }
        // Somebody else's application finds nothing, and closes nothing.
        #expect(try await world.server.send(.delete, "/v1/channels/\(id)", bearer: world.writerToken).status == 404)
        #expect(try await world.server.send(.delete, "/v1/channels/\(id)", bearer: world.token).status == 202)
        #expect(try await world.server.send(.delete, "/v1/channels/\(id)", bearer: world.token).status == 404)
        await world.close()
    }

    @Test(
        "refuses what cannot be called back, and says which field",
        arguments: [
            (#"{}"#, "callback_url", "errors.required"),
            (#"{"callback_url": "ftp://x.example"}"#, "callback_url", "errors.invalid_url"),
            (#"{"callback_url": "https://user@x.example"}"#, "callback_url", "errors.invalid_url"),
            (#"{"callback_url": 7}"#, "callback_url", "errors.invalid_url"),
            (
                #"{"callback_url": "https://x.example/\#(String(repeating: "a", count: 128))"}"#, "callback_url",
                "errors.too_long"
            ),
            (
                #"{"callback_url": "https://x.example", "filters": {"calendar_ids": []}}"#, "filters.calendar_ids",
                "errors.required"
            ),
            (
                #"{"callback_url": "https://x.example", "filters": {"calendar_ids": ["cal_x"]}}"#,
                "filters.calendar_ids", "errors.invalid_calendar_ids"
            ),
            (
                #"{"callback_url": "https://x.example", "filters": {"only_managed": "perhaps"}}"#,
                "filters.only_managed", "errors.must_be_boolean"
            ),
        ])
    func refusals(body: String, field: String, key: String) async throws {
        let world = try await NotifyWorld()
        let reply = try await world.server.send(.post, "/v1/channels", bearer: world.token, body: body)
        #expect(reply.status == 422)
        guard case .array(let entries)? = try reply.json["errors"]?[field] else {
            Issue.record("no error for \(field): \(reply.text)")
            return
        }
        #expect(entries.first?["key"] == .string(key))
        await world.close()
    }

    @Test("needs read_events, unless only managed events are asked for")
    func scope() async throws {
        let world = try await NotifyWorld()
        let token = try await world.server.platform.accounts.createAccount(
            client: world.listener, email: "maya@example.com", name: nil, zone: .utc, scope: Scope("read_free_busy")
        ).accessToken.reveal()
        #expect(try await world.open("https://x.example", token: token).status == 403)
        #expect(
            try await world.open("https://x.example", filters: #"{"only_managed": true}"#, token: token).status == 200)
        await world.close()
    }

    @Test(
        "a change is told to others, with the time to read from, and not to its author", arguments: TestDatabase.kinds)
    func change(_ kind: TestDatabase.Kind) async throws {
        let sink = LoopbackServer { _ in .text(200, "") }
        defer { sink.stop() }
        let world = try await NotifyWorld(kind)
        try await world.open(sink.url + "/listener")
        try await world.open(sink.url + "/author", token: world.writerToken)
        try await world.deliver()
        #expect(sink.requests.map(\.type) == ["verification", "verification"])
        try await world.write("one")
        try await world.skipPauses()
        try await world.deliver()
        #expect(sink.requests.count == 3)
        let told = try #require(sink.requests.last)
        #expect(told.path == "/listener" && told.type == "change")
        guard case .string(let since)? = try JSONValue(parsing: Array(told.body.utf8))["notification"]?["changes_since"]
        else { throw NotifyWorld.Missing() }
        let read = try await world.server.send(
            .get, "/v1/events?tzid=Etc/UTC&include_managed=true&last_modified=\(since)", bearer: world.token)
        #expect(read.status == 200 && read.text.contains("Trip"))
        await world.close()
    }

    @Test("filters hold: other calendars and others' events are not told of", arguments: TestDatabase.kinds)
    func filters(_ kind: TestDatabase.Kind) async throws {
        let sink = LoopbackServer { _ in .text(200, "") }
        defer { sink.stop() }
        let world = try await NotifyWorld(kind)
        let platform = world.server.platform
        let other = "cal_other"
        try await platform.database.write { session in
            try session.execute(
                """
                INSERT INTO calendars (account_id, calendar, calendar_id, profile_id, remote_id, name, read_only,
                    is_primary, blocks_time, counted, created_at)
                SELECT account_id, calendar + 1000, ?, profile_id, 'other', 'Other', 0, 0, 1, 1, 0 FROM calendars
                """, [.text(other)])
        }
        try await world.open(sink.url + "/calendar", filters: #"{"calendar_ids": ["\#(world.calendar)"]}"#)
        try await world.open(sink.url + "/managed", filters: #"{"only_managed": true}"#)
        try await world.deliver()
        func told() async throws -> Set<String> {
            try await world.skipPauses()
            let before = sink.requests.count
            try await world.deliver()
            return Set(sink.requests.dropFirst(before).map(\.path))
        }
        try await world.write("in other", calendar: other)
        #expect(try await told() == [])
        try await world.write("in this")
        #expect(try await told() == ["/calendar"])
        await world.close()
    }

    @Test(
        "a burst becomes one notice that names its first change; what was tried takes no more",
        arguments: TestDatabase.kinds)
    func coalescing(_ kind: TestDatabase.Kind) async throws {
        let sink = LoopbackServer { _ in .text(500, "") }
        defer { sink.stop() }
        let world = try await NotifyWorld(kind)
        try await world.open(sink.url)
        // The verification is not taken: it must stay before everything else.
        try await world.deliver()
        for number in 0..<5 { try await world.write("burst \(number)") }
        let waiting = try await world.server.platform.database.read { session in
            try session.all("SELECT type, tried FROM notices ORDER BY number") { (try $0.text(0), try $0.integer(1)) }
        }
        #expect(waiting.map(\.0) == ["verification", "change"])
        #expect(waiting.map(\.1) == [1, 0])
        try await world.skipPauses()
        try await world.deliver()
        #expect(sink.requests.map(\.type) == ["verification", "verification"])
        await world.close()
    }

    @Test("losing a profile and reading it whole for the first time are told", arguments: TestDatabase.kinds)
    func profileNotices(_ kind: TestDatabase.Kind) async throws {
        let sink = LoopbackServer { _ in .text(200, "") }
        defer { sink.stop() }
        let world = try await NotifyWorld(kind)
        try await world.open(sink.url)
        let account = world.account
        try await world.server.platform.database.write { session in
            let recorder = ChangeRecorder(account: account, session: session)
            for type in NoticeType.allCases where type != .verification && type != .change { try recorder.record(type) }
        }
        for _ in 0..<6 {
            try await world.skipPauses()
            try await world.deliver()
        }
        #expect(
            sink.requests.compactMap(\.type) == [
                "verification", "profile_disconnected", "conferencing_profile_disconnected",
                "profile_initial_sync_completed", "gdpr_requested",
            ])
        await world.close()
    }
}
