import CalDAV
import GuardedHTTP
import ProviderKit
import ProviderTesting
import Support
import Testing

@Suite("Large and awkward calendars on real servers", .serialized)
struct LargeCalendarTests {
    /// 4 500 single events and 500 series with an exception each.
    private static let events = (0..<5000).map { number in
        (
            name: "\(SampleEvent.uid(number)).ics",
            text: number % 10 == 0 ? SampleEvent.recurring(number) : SampleEvent.single(number)
        )
    }

    @Test(
        "5 000 events are read page by page, and afterwards only what changed",
        arguments: [
            CalDAVServer.Kind.radicale, .xandikos,
        ])
    func fiveThousand(kind: CalDAVServer.Kind) async throws {
        let server = try CalDAVServer(kind)
        try server.fill(Self.events)
        let fixture = CalDAVFixture(existing: server)
        let provider = fixture.provider(password: CalDAVServer.password, limits: CalDAVLimits())
        var reading = Reading(provider: provider, calendar: fixture.calendar)
        let begun = ContinuousClock.now
        try await reading.read()
        let whole = ContinuousClock.now - begun
        #expect(reading.versions.count == 5000 && reading.series == 500)
        #expect(reading.pages >= 20 && reading.largestPage <= 250)
        let firstBytes = reading.bytes
        try await fixture.write(SampleEvent.single(17, title: "Moved"), uid: SampleEvent.uid(17))
        try await fixture.remove(uid: SampleEvent.uid(20))
        try await fixture.write(SampleEvent.recurring(6000), uid: SampleEvent.uid(6000))
        reading.forgetCosts()
        try await reading.read()
        #expect(reading.versions.count == 5000 && reading.transferred == 2 && reading.pages == 1)
        #expect(reading.bytes < 20_000)
        print(
            "\(kind.rawValue): 5 000 events in \(whole), \(firstBytes) bytes; then 3 changes in \(reading.bytes) bytes")
    }

    @Test("a file that the server itself cannot read stops nothing")
    func damagedFile() async throws {
        // Radicale 3.1.8 answers 500 to every listing of such a calendar: there the read fails as a whole.
        let server = try CalDAVServer(.radicale)
        try server.fill(Array(Self.events[0..<6]))
        try server.plant("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:bad\r\n", name: "bad.ics")
        let fixture = CalDAVFixture(existing: server)
        var reading = Reading(provider: fixture.provider(password: CalDAVServer.password), calendar: fixture.calendar)
        try await reading.read()
        #expect(reading.versions.count >= 6)
    }

    @Test(
        "a calendar without the right to write shows it, and refuses",
        arguments: [CalDAVServer.Kind.radicale, .oldRadicale])
    func readOnly(kind: CalDAVServer.Kind) async throws {
        let server = try CalDAVServer(kind)
        let provider = CalDAVFixture(existing: server).provider(password: CalDAVServer.password)
        let calendars = try await provider.discover().calendars
        #expect(calendars.filter(\.isReadOnly).map(\.name) == ["readonly"] && calendars.count == 2)
        let calendar = RemoteCalendarID(server.url + server.readOnlyPath)
        let id = provider.newItemID(forUID: "x", in: calendar)
        let failure = await #expect(throws: RemoteFailure.self) {
            try await provider.put(SampleEvent.single(1), at: id, in: calendar, if: .absent)
        }
        guard case .refused(403, _) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test("a calendar that is not there is gone", arguments: CalDAVServer.Kind.allCases)
    func missing(kind: CalDAVServer.Kind) async throws {
        let server = try CalDAVServer(kind)
        let provider = CalDAVFixture(existing: server).provider(password: CalDAVServer.password)
        let calendar = RemoteCalendarID(server.url + server.homePath + "nowhere/")
        await #expect(throws: RemoteFailure.gone) { try await provider.changes(in: calendar, since: nil) { _ in [:] } }
    }

    @Test(
        "a second event with the same UID is refused with a reason, not taken for an edit",
        arguments: [
            CalDAVServer.Kind.radicale, .xandikos, .oldXandikos,
        ])
    func duplicateUID(kind: CalDAVServer.Kind) async throws {
        let fixture = CalDAVFixture(existing: try CalDAVServer(kind))
        try await fixture.write(SampleEvent.single(1), uid: SampleEvent.uid(1))
        let other = RemoteItemID(fixture.calendar.value + "another-name.ics")
        let failure = await #expect(throws: RemoteFailure.self) {
            try await fixture.connect().put(SampleEvent.single(1), at: other, in: fixture.calendar, if: .absent)
        }
        guard case .refused(_, let reason) = failure, reason.contains("UID") else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }
}

/// A reading that counts what it costs.
private struct Reading {
    let provider: CalDAVProvider
    let calendar: RemoteCalendarID
    var versions: [RemoteItemID: String] = [:]
    var cursor: SyncCursor?
    var (pages, bytes, transferred, series, largestPage) = (0, 0, 0, 0, 0)

    init(provider: CalDAVProvider, calendar: RemoteCalendarID) { (self.provider, self.calendar) = (provider, calendar) }

    mutating func forgetCosts() { (pages, bytes, transferred) = (0, 0, 0) }

    mutating func read() async throws {
        var isMore = true
        while isMore {
            let held = versions
            let page = try await provider.changes(in: calendar, since: cursor) { ids in
                Dictionary(uniqueKeysWithValues: ids.compactMap { id in held[id].map { (id, $0) } })
            }
            (pages, bytes, transferred) = (pages + 1, bytes + page.bytes, transferred + page.changed.count)
            largestPage = max(largestPage, page.changed.count)
            for item in page.changed {
                versions[item.id] = item.version ?? "-"
                if case .events(_, let text) = item.content, text.contains("RECURRENCE-ID") { series += 1 }
            }
            for id in page.removed { versions[id] = nil }
            switch page.next {
            case .more(let next): cursor = next
            case .done(let next, _): (cursor, isMore) = (next, false)
            }
        }
    }
}
