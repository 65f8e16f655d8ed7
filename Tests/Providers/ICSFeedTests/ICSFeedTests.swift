import CivilTime
import Foundation
import GuardedHTTP
import ICSFeed
import ICalendar
import ProviderKit
import ProviderTesting
import Support
import Synchronization
import Testing

@Suite("Calendars read from an address")
struct ICSFeedTests {
    @Test("behave as every provider must", arguments: ProviderBehaviour.allCases)
    func behaves(_ behaviour: ProviderBehaviour) async throws {
        let fixture = FeedFixture()
        guard behaviour.applies(to: fixture) else { return }
        try await behaviour.show(on: fixture)
    }

    // MARK: - Polling

    @Test("an unchanged feed costs an answer without a body")
    func notModified() async throws {
        let feed = FeedServer(events: [FeedServer.event("a")])
        let first = try await feed.poll()
        #expect(first.changed.count == 1 && first.isComplete)
        let second = try await feed.poll(first.cursor)
        #expect(second.changed.isEmpty && !second.isComplete && second.bytes == 0)
        #expect(feed.server.requests.last?.headers["if-none-match"] == "\"1\"")
        #expect(feed.server.requests.last?.headers["if-modified-since"] == "Tue, 24 Nov 2026 00:00:00 GMT")
    }

    @Test(
        "new time stamps, new UIDs and another order are no change",
        arguments: [
            ("DTSTAMP:20260101T000000Z", "DTSTAMP:20270101T000000Z"), ("UID:a", "UID:fresh"),
            ("SEQUENCE:0", "SEQUENCE:9"),
        ])
    func noise(before: String, after: String) async throws {
        let feed = FeedServer(events: [FeedServer.event("a"), FeedServer.event("b")])
        let first = try await feed.poll()
        feed.set(events: [FeedServer.event("b"), FeedServer.event("a").replacingOccurrences(of: before, with: after)])
        let second = try await feed.poll(first.cursor)
        #expect(second.changed.isEmpty && !second.isComplete)
    }

    @Test("once a day the file itself is asked for, whatever the server says about changes")
    func distrust() async throws {
        let feed = FeedServer(events: [FeedServer.event("a")])
        let first = try await feed.poll(at: 1_000_000)
        _ = try await feed.poll(first.cursor, at: 1_086_399)
        #expect(feed.server.requests.last?.headers["if-none-match"] != nil)
        _ = try await feed.poll(first.cursor, at: 1_086_400)
        #expect(feed.server.requests.last?.headers["if-none-match"] == nil)
    }

    @Test(
        "the last good state stands when the answer is no calendar",
        arguments: [
            "", "   \r\n", "<html><body>Sign in</body></html>",
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\n",
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\nEND:VEVENT\r\n", "{\"error\": 1}",
            "BEGIN:VCARD\r\nEND:VCARD\r\n",
        ])
    func noCalendar(body: String) async throws {
        let feed = FeedServer(events: [FeedServer.event("a")])
        let first = try await feed.poll()
        feed.set(body: body)
        let failure = await #expect(throws: RemoteFailure.self) { try await feed.poll(first.cursor) }
        guard case .unreachable(let reason) = failure, reason.count > 10 else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test("a sudden drop to nothing is believed the second time")
    func dropToNothing() async throws {
        let feed = FeedServer(events: [FeedServer.event("a")])
        let first = try await feed.poll()
        feed.set(events: [])
        let second = try await feed.poll(first.cursor)
        #expect(!second.isComplete && second.removed.isEmpty && second.pollAfter == .seconds(900))
        let third = try await feed.poll(second.cursor)
        #expect(third.isComplete && third.changed.isEmpty && third.unchanged.isEmpty)
        feed.set(events: [FeedServer.event("a")])
        let back = try await feed.poll(second.cursor)
        #expect(!back.isComplete && back.changed.isEmpty, "the same events as before the drop: nothing happened")
    }

    @Test(
        "the feed's wish for an interval is heard, between 15 minutes and a day",
        arguments: [
            ("REFRESH-INTERVAL;VALUE=DURATION:PT5M", 900), ("REFRESH-INTERVAL;VALUE=DURATION:PT2H", 7200),
            ("X-PUBLISHED-TTL:PT1H30M", 5400),
            ("X-PUBLISHED-TTL:P1W", 86_400), ("X-PUBLISHED-TTL:nonsense", 900), ("X-OTHER:1", 900),
            ("X-PUBLISHED-TTL:P99999999999W", 900),
        ])
    func interval(line: String, seconds: Int64) async throws {
        let feed = FeedServer(events: [FeedServer.event("a")], header: line + "\r\n")
        #expect(try await feed.poll().pollAfter == .seconds(seconds))
    }

    @Test("a feed that stays the same is asked less often, up to an hour")
    func adaptive() async throws {
        let feed = FeedServer(events: [FeedServer.event("a")])
        var page = try await feed.poll()
        var waits: [Duration?] = []
        for _ in 0..<4 {
            page = try await feed.poll(page.cursor)
            waits.append(page.pollAfter)
        }
        #expect(waits == [.seconds(1800), .seconds(3600), .seconds(3600), .seconds(3600)])
    }

    @Test(
        "what a status means to the sync machine",
        arguments: [
            (401, "authorizationLost"), (403, "refused"), (404, "gone"), (410, "gone"), (429, "throttled"),
            (503, "throttled"), (500, "unreachable"),
            (400, "refused"),
        ])
    func statuses(status: Int, expected: String) async throws {
        let server = LoopbackServer { _ in .text(status, "no") }
        defer { server.stop() }
        let provider = try FeedServer.provider(server.url)
        let failure = await #expect(throws: RemoteFailure.self) {
            try await provider.changes(in: ICSFeedProvider.calendarID, since: nil) { _ in [:] }
        }
        #expect(String(describing: failure).contains(expected))
    }

    // MARK: - Files as they are found

    @Test("a file with a mark, bare line ends, long and folded lines, other components and no UID is read")
    func realWorldFile() async throws {
        let zone =
            "BEGIN:VTIMEZONE\nTZID:Odd/Zone\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n"
        let body =
            "\u{FEFF}BEGIN:VCALENDAR\nVERSION:2.0\nX-WR-CALNAME:Team\nX-WR-TIMEZONE:Europe/Berlin\n" + zone
            + "BEGIN:VTODO\nUID:t\nEND:VTODO\n"
            + "BEGIN:VEVENT\nUID:lo\n ng\nDTSTART;TZID=Odd/Zone:20260101T100000\nSUMMARY:\(String(repeating: "x", count: 5000))\nBEGIN:VALARM\nUID:alarm\nEND:VALARM\nEND:VEVENT\n"
            + "BEGIN:VEVENT\nDTSTART:20260101T100000Z\nSUMMARY:no uid\nEND:VEVENT\n"
            + "BEGIN:VEVENT\nUID:long\nRECURRENCE-ID:20260108T100000\nDTSTART:20260109T100000Z\nEND:VEVENT\nEND:VCALENDAR"
        let feed = FeedServer(events: [])
        feed.set(body: body)
        let page = try await feed.poll()
        #expect(page.changed.count == 2)
        let long = try #require(page.changed.first { $0.id.value == "long" })
        guard case .events(let series, let text) = long.content else {
            Issue.record("not read")
            return
        }
        #expect(series.uid == "long" && series.overrides.count == 1)
        #expect(text.contains("BEGIN:VTIMEZONE\r\nTZID:Odd/Zone") && text.contains("X-WR-TIMEZONE:Europe/Berlin\r\n"))
        #expect(!text.contains("VTODO"))
        let nameless = try #require(page.changed.first { $0.id.value != "long" })
        #expect(nameless.id.value.hasPrefix("content-"))
        #expect(try await feed.poll().changed.map(\.id) == page.changed.map(\.id), "names without UIDs are stable")
        #expect(try await FeedServer.provider(feed.server.url).discover().calendars.map(\.name) == ["Team"])
    }

    @Test("damage stays inside its event")
    func damage() async throws {
        let feed = FeedServer(events: [
            FeedServer.event("a"), "BEGIN:VEVENT\r\nUID:bad\r\nDTSTART:xx\r\nEND:VALARM\r\nEND:VEVENT\r\n",
            FeedServer.event("c"),
        ])
        let page = try await feed.poll()
        #expect(page.changed.count == 3)
        let bad = try #require(page.changed.first { $0.id.value == "bad" })
        guard case .unreadable = bad.content else {
            Issue.record("\(bad.content)")
            return
        }
    }

    @Test("of events that share a UID each is an item, the same at every reading and in any order")
    func sharedUID() async throws {
        let (one, other) = (
            FeedServer.event("x"), FeedServer.event("x").replacing("Trip of x", with: "Another")
        )
        let feed = FeedServer(events: [one, other, FeedServer.event("y")])
        let items = try await feed.poll().changed
        feed.set(events: [FeedServer.event("y"), other, one])
        let again = try await feed.poll().changed
        #expect(items.count == 3 && Set(items.map(\.id)) == Set(again.map(\.id)))
        #expect(items.allSatisfy { if case .events = $0.content { true } else { false } })
        #expect(Set(items.map(\.id.value)).isSuperset(of: ["x", "y"]))
    }

    @Test("50 000 events are read, page by page")
    func largeFeed() async throws {
        let feed = FeedServer(events: (0..<50_000).map { FeedServer.event("e\($0)") })
        let provider = try FeedServer.provider(feed.server.url, pageSize: 5000)
        var (cursor, count, pages): (SyncCursor?, Int, Int) = (nil, 0, 0)
        repeat {
            let page = try await provider.changes(in: ICSFeedProvider.calendarID, since: cursor) { _ in [:] }
            (count, pages) = (count + page.changed.count, pages + 1)
            cursor = if case .more(let next) = page.next { next } else { nil }
        } while cursor != nil
        #expect(count == 50_000 && pages == 10)
        #expect(feed.server.requests.count == 1)
    }

    // MARK: - Hostile servers

    @Test(
        "a feed that never ends, a bomb, a drip and a redirect inside cost no more than their limit",
        arguments: [
            "/endless", "/bomb", "/redirect", "/drip",
        ])
    func hostile(path: String) async throws {
        let bomb = try Gzip.compressed(byte: 65, count: 3_000_000)
        let server = LoopbackServer { request in
            switch request.path {
            case "/endless":
                .script { client in
                    client.write("HTTP/1.1 200 OK\r\n\r\nBEGIN:VCALENDAR\r\n")
                    while client.write(String(repeating: FeedServer.event("a"), count: 100)) {}
                }
            case "/bomb": .answer(200, headers: [("Content-Encoding", "gzip")], body: bomb)
            case "/redirect": .answer(302, headers: [("Location", "https://169.254.169.254/latest/")])
            default:
                .script { client in
                    client.write("HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n")
                    while client.write("x") { Pause.seconds(0.1) }
                }
            }
        }
        defer { server.stop() }
        var limits = FetchLimits()
        (limits.paceGrace, limits.body) = (.seconds(1), 5_000_000)
        let provider = try FeedServer.provider(server.url + path, limits: limits)
        let failure = await #expect(throws: RemoteFailure.self) { try await provider.discover() }
        guard case .unreachable = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }
}

extension ChangePage {
    var cursor: SyncCursor {
        switch next {
        case .more(let cursor), .done(let cursor, _): cursor
        }
    }
    var pollAfter: Duration? { if case .done(_, let wait) = next { wait } else { nil } }
}

/// A feed whose file the test sets, with version marks as good servers send them.
final class FeedServer: Sendable {
    let server: LoopbackServer
    private let header: String

    init(events: [String], header: String = "") {
        self.header = header
        let file = FileBox(Self.calendar(events, header))
        box = file
        server = LoopbackServer { request in
            let (body, version) = file.value.withLock { $0 }
            let marks = [("ETag", "\"\(version)\""), ("Last-Modified", "Tue, 24 Nov 2026 00:00:00 GMT")]
            if request.headers["if-none-match"] == "\"\(version)\"" { return .answer(304, headers: marks) }
            return .text(200, body, type: "text/calendar", headers: marks)
        }
    }

    private let box: FileBox

    private final class FileBox: Sendable {
        let value: Mutex<(body: String, version: Int)>
        init(_ body: String) { value = Mutex((body, 1)) }
    }

    deinit { server.stop() }

    func set(body: String) { box.value.withLock { $0 = (body, $0.version + 1) } }
    func set(events: [String]) { set(body: Self.calendar(events, header)) }

    static func event(_ uid: String) -> String {
        "BEGIN:VEVENT\r\nUID:\(uid)\r\nDTSTAMP:20260101T000000Z\r\nSEQUENCE:0\r\nDTSTART:20260102T100000Z\r\nDTEND:20260102T110000Z\r\nSUMMARY:Trip of \(uid == "fresh" ? "a" : uid)\r\nEND:VEVENT\r\n"
    }

    private static func calendar(_ events: [String], _ header: String) -> String {
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//T//T//EN\r\n\(header)\(events.joined())END:VCALENDAR\r\n"
    }

    static func provider(
        _ url: String, pageSize: Int = 500, limits: FetchLimits = .standard, now: Int64 = 1_000_000
    ) throws -> ICSFeedProvider {
        ICSFeedProvider(
            address: try WebAddress(parsing: url), client: GuardedClient(policy: .development, limits: limits),
            reader: ItemReader(zones: .system),
            pageSize: pageSize, now: { Instant(seconds: now) })
    }

    func poll(_ cursor: SyncCursor? = nil, at now: Int64 = 1_000_000) async throws -> ChangePage {
        try await Self.provider(server.url, now: now).changes(in: ICSFeedProvider.calendarID, since: cursor) { _ in [:]
        }
    }
}

/// A feed edited by writing its file.
final class FeedFixture: ProviderFixture {
    private struct State {
        var texts: [String: String] = [:]
        var isAway = false
    }

    private let state: StateBox
    private let server: LoopbackServer
    let calendar = ICSFeedProvider.calendarID
    let isReadOnly = true

    private final class StateBox: Sendable { let value = Mutex(State()) }

    init() {
        let box = StateBox()
        state = box
        server = LoopbackServer { _ in
            let now = box.value.withLock { $0 }
            if now.isAway { return .text(502, "") }
            return .text(
                200, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + now.texts.values.joined() + "END:VCALENDAR\r\n",
                type: "text/calendar")
        }
    }

    deinit { server.stop() }

    func connect() -> any CalendarProvider {
        do { return try FeedServer.provider(server.url, pageSize: 8) } catch {
            preconditionFailure("our own address: \(error)")
        }
    }

    func connectWithWrongCredential() -> (any CalendarProvider)? { nil }

    func write(_ text: String, uid: String) async throws {
        let start = try #require(
            text.range(of: "BEGIN:V", range: text.index(text.startIndex, offsetBy: 8)..<text.endIndex))
        let end = try #require(text.range(of: "END:VCALENDAR"))
        state.value.withLock { $0.texts[uid] = String(text[start.lowerBound..<end.lowerBound]) }
    }

    func remove(uid: String) async throws { state.value.withLock { $0.texts[uid] = nil } }

    func poison() async throws -> Bool {
        state.value.withLock { $0.texts["poison"] = "BEGIN:VEVENT\r\nUID:poison\r\nDTSTART:xx\r\nEND:VEVENT\r\n" }
        return true
    }

    func stop() async throws -> Bool {
        state.value.withLock { $0.isAway = true }
        return true
    }
    func start() async throws { state.value.withLock { $0.isAway = false } }
}
