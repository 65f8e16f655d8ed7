import CivilTime
import ICalendar
import ProviderKit
import ProviderTesting
import SandboxMicrosoft
import Testing

@testable import Microsoft

@Suite("Microsoft calendars")
struct MicrosoftSuiteTests {
    @Test("behave as every provider must", arguments: ProviderBehaviour.allCases, [false, true])
    func behaves(_ behaviour: ProviderBehaviour, isReadOnly: Bool) async throws {
        let fixture = MicrosoftFixture(isReadOnly: isReadOnly)
        // What cannot be written cannot be edited by the second client through the same door.
        guard behaviour.applies(to: fixture), !isReadOnly || behaviour == .refusesToWriteWhatCanOnlyBeRead else {
            return
        }
        try await behaviour.show(on: fixture)
    }

    @Test("a lost cursor starts over, and nothing is lost or deleted for it")
    func lostCursor() async throws {
        let fixture = MicrosoftFixture()
        for number in 0..<7 { try await fixture.write(SampleEvent.single(number), uid: SampleEvent.uid(number)) }
        var cursor: SyncCursor?
        let first = try await fixture.readAll(since: &cursor)
        #expect(first.changed.count == 7)
        fixture.sandbox.expireCursors()
        let lost = cursor
        await #expect(throws: RemoteFailure.cursorExpired) {
            try await fixture.connect().changes(in: fixture.calendar, since: lost) { _ in [:] }
        }
        cursor = nil
        let again = try await fixture.readAll(since: &cursor, known: first.versions)
        #expect(again.changed.isEmpty && again.unchanged.count == 7 && again.removed.isEmpty)
    }

    @Test(
        "every word for a lost cursor is understood",
        arguments: [
            (410, "syncStateNotFound"), (410, "anything"), (400, "SyncStateInvalid"), (404, "resyncRequired"),
        ])
    func lostCursorWords(status: Int, code: String) async throws {
        await #expect(throws: RemoteFailure.cursorExpired) { try await failing(status, code) }
    }

    @Test("a window grows old, and is chosen anew")
    func window() async throws {
        let fixture = MicrosoftFixture()
        var cursor: SyncCursor?
        _ = try await fixture.readAll(since: &cursor)
        let kept = cursor
        let days: Int64 = 86_400
        let soon = fixture.connect(TokenPair(), now: Instant(seconds: MicrosoftFixture.now.seconds + 29 * days))
        _ = try await soon.changes(in: fixture.calendar, since: kept) { _ in [:] }
        let later = fixture.connect(TokenPair(), now: Instant(seconds: MicrosoftFixture.now.seconds + 30 * days))
        await #expect(throws: RemoteFailure.cursorExpired) {
            try await later.changes(in: fixture.calendar, since: kept) { _ in [:] }
        }
    }

    @Test("what leaves the window is not taken for deleted")
    func leavesWindow() async throws {
        let fixture = MicrosoftFixture()
        try await fixture.write(SampleEvent.single(1), uid: SampleEvent.uid(1))
        var cursor: SyncCursor?
        let first = try await fixture.readAll(since: &cursor)
        let moved = SampleEvent.single(1).split(separator: "2026010").joined(separator: "2036010")
        try await fixture.write(moved, uid: SampleEvent.uid(1))
        let after = try await fixture.readAll(since: &cursor, known: first.versions)
        #expect(after.removed.isEmpty && after.changed.map(\.id) == first.changed.map(\.id))
    }

    @Test("a series is written with its instances, changed, and taken back to its rule")
    func series() async throws {
        let fixture = MicrosoftFixture()
        let (provider, calendar) = (fixture.connect(), fixture.calendar)
        let id = provider.newItemID(forUID: SampleEvent.uid(3), in: calendar)
        let receipt = try await provider.put(SampleEvent.recurring(3), at: id, in: calendar, if: .absent)
        let stored = try #require(try await provider.item(receipt.id, in: calendar))
        let series = try #require(stored.series)
        #expect(series.overrides.count == 1 && series.master?.exceptionDates.count == 1)
        #expect(series.overrides.first?.summary == "Series 3, moved")
        #expect(series.uid == SampleEvent.uid(3))
        // Without the override: the instance stands where its series says again.
        let plain =
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:\(SampleEvent.uid(3))\r\nDTSTAMP:20260101T000000Z\r\n"
            + "DTSTART;TZID=Europe/Berlin:20260105T090000\r\nDTEND;TZID=Europe/Berlin:20260105T100000\r\n"
            + "RRULE:FREQ=WEEKLY;COUNT=20\r\nSUMMARY:Plain\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        _ = try await provider.put(plain, at: receipt.id, in: calendar, if: .version(try #require(stored.version)))
        let after = try #require(try await provider.item(receipt.id, in: calendar)?.series)
        #expect(after.overrides.isEmpty && after.master?.exceptionDates == [])
        #expect(after.master?.summary == "Plain")
    }

    @Test("what was deleted can be made again under its UID")
    func again() async throws {
        let fixture = MicrosoftFixture()
        let (provider, calendar) = (fixture.connect(), fixture.calendar)
        let id = provider.newItemID(forUID: "u", in: calendar)
        let text = SampleEvent.single(1).split(separator: SampleEvent.uid(1)).joined(separator: "u")
        let first = try await provider.put(text, at: id, in: calendar, if: .absent)
        try await provider.delete(id, in: calendar, ifVersion: nil)
        #expect(try await provider.item(id, in: calendar) == nil)
        let second = try await provider.put(text, at: id, in: calendar, if: .absent)
        #expect(second.id != first.id)
        #expect(try await provider.item(id, in: calendar)?.series?.uid == "u")
    }

    @Test("a token that ran out is replaced once")
    func token() async throws {
        let fixture = MicrosoftFixture()
        let account = try await fixture.connect(TokenPair(first: "old", second: "good")).discover()
        #expect(account.email == "guide@outlook.example" && account.calendars.first?.isPrimary == true)
        await #expect(throws: RemoteFailure.authorizationLost(reason: GraphFailures.refusedToken)) {
            _ = try await fixture.connect(TokenPair(first: "old", second: "older")).discover()
        }
    }

    @Test("refusals are told apart")
    func refusals() async throws {
        await #expect(throws: RemoteFailure.throttled(retryAfter: nil)) {
            try await failing(429, "ApplicationThrottled")
        }
        await #expect(throws: RemoteFailure.throttled(retryAfter: nil)) { try await failing(503, "") }
        await #expect(throws: RemoteFailure.gone) { try await failing(404, "ErrorItemNotFound") }
        let licence = await failure { try await failing(404, "MailboxNotEnabledForRESTAPI") }
        guard case .refused(404, let reason)? = licence else { throw MappingRefusal("\(String(describing: licence))") }
        #expect(reason.contains("licence"))
        let denied = await failure { try await failing(403, "ErrorAccessDenied") }
        guard case .refused(403, _)? = denied else { throw MappingRefusal("\(String(describing: denied))") }
        let consent = await failure { try await failing(403, "Authorization_RequestDenied") }
        guard case .authorizationLost? = consent else { throw MappingRefusal("\(String(describing: consent))") }
        let broken = await failure { try await failing(502, "") }
        guard case .unreachable? = broken else { throw MappingRefusal("\(String(describing: broken))") }
    }

    /// A read that is answered so.
    private func failing(_ status: Int, _ code: String) async throws {
        let fixture = MicrosoftFixture()
        fixture.sandbox.fail(next: [(status, code)])
        _ = try await fixture.connect().changes(in: fixture.calendar, since: nil) { _ in [:] }
    }

    private func failure(_ body: () async throws -> Void) async -> RemoteFailure? {
        do {
            try await body()
            return nil
        } catch { return error as? RemoteFailure }
    }
}
