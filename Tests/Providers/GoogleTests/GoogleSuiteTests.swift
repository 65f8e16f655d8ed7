import CivilTime
import CronofyWire
import ICalendar
import ProviderKit
import ProviderTesting
import SandboxGoogle
import SandboxKit
import Testing

@testable import Google

@Suite("Google calendars")
struct GoogleSuiteTests {
    @Test("behave as every provider must", arguments: ProviderBehaviour.allCases, [false, true])
    func behaves(_ behaviour: ProviderBehaviour, isReadOnly: Bool) async throws {
        let fixture = GoogleFixture(isReadOnly: isReadOnly)
        // What cannot be written cannot be edited by the second client through the same door.
        guard behaviour.applies(to: fixture), !isReadOnly || behaviour == .refusesToWriteWhatCanOnlyBeRead else {
            return
        }
        try await behaviour.show(on: fixture)
    }

    @Test("a lost cursor starts over, and nothing is lost, deleted or transferred for it")
    func lostCursor() async throws {
        let fixture = GoogleFixture()
        for number in 0..<7 { try await fixture.write(SampleEvent.single(number), uid: SampleEvent.uid(number)) }
        try await fixture.write(SampleEvent.recurring(8), uid: SampleEvent.uid(8))
        var cursor: SyncCursor?
        let first = try await fixture.readAll(since: &cursor)
        #expect(first.changed.count == 8)
        fixture.sandbox.expireCursors()
        let lost = cursor
        await #expect(throws: RemoteFailure.cursorExpired) {
            try await fixture.connect().changes(in: fixture.calendar, since: lost) { _ in [:] }
        }
        cursor = nil
        let again = try await fixture.readAll(since: &cursor, known: first.versions)
        #expect(again.changed.isEmpty && again.unchanged.count == 8 && again.removed.isEmpty)
    }

    @Test(
        "every answer that means a lost cursor is understood",
        arguments: [(410, "fullSyncRequired"), (410, "updatedMinTooLongAgo"), (410, "other"), (400, "invalid")])
    func lostCursorWords(status: Int, reason: String) async throws {
        let fixture = GoogleFixture()
        var cursor: SyncCursor?
        _ = try await fixture.readAll(since: &cursor)
        fixture.sandbox.fail(next: [(status, reason)])
        let held = cursor
        await #expect(throws: RemoteFailure.cursorExpired) {
            try await fixture.connect().changes(in: fixture.calendar, since: held) { _ in [:] }
        }
    }

    @Test("a change of one instance is a change of its series, and of nothing else")
    func instanceChange() async throws {
        let fixture = GoogleFixture()
        try await fixture.write(SampleEvent.single(1), uid: SampleEvent.uid(1))
        try await fixture.write(SampleEvent.recurring(2), uid: SampleEvent.uid(2))
        var cursor: SyncCursor?
        let first = try await fixture.readAll(since: &cursor)
        let id = try #require(first.changed.first { $0.series?.uid == SampleEvent.uid(2) }).id
        try fixture.ask("DELETE", id.value + "_20260126T080000Z", nil)
        let after = try await fixture.readAll(since: &cursor, known: first.versions)
        #expect(after.changed.map(\.id) == [id] && after.removed.isEmpty)
        let series = try #require(after.changed[0].series)
        #expect(series.master?.exceptionDates.count == 2 && series.overrides.count == 1)
        #expect(series.overrides.first?.summary == "Series 2, moved")
    }

    @Test("a series is written with its instances, changed, and taken back to its rule")
    func series() async throws {
        let fixture = GoogleFixture()
        let (provider, calendar) = (fixture.connect(), fixture.calendar)
        let id = provider.newItemID(forUID: SampleEvent.uid(3), in: calendar)
        let receipt = try await provider.put(SampleEvent.recurring(3), at: id, in: calendar, if: .absent)
        #expect(receipt.id == id)
        let stored = try #require(try await provider.item(id, in: calendar))
        let series = try #require(stored.series)
        #expect(series.overrides.count == 1 && series.master?.exceptionDates.count == 1)
        #expect(series.overrides.first?.summary == "Series 3, moved")
        #expect(series.uid == SampleEvent.uid(3))
        let plain =
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:\(SampleEvent.uid(3))\r\nDTSTAMP:20260101T000000Z\r\n"
            + "DTSTART;TZID=Europe/Berlin:20260105T090000\r\nDTEND;TZID=Europe/Berlin:20260105T100000\r\n"
            + "RRULE:FREQ=WEEKLY;COUNT=20\r\nSUMMARY:Plain\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        _ = try await provider.put(plain, at: id, in: calendar, if: .version(try #require(stored.version)))
        let after = try #require(try await provider.item(id, in: calendar)?.series)
        #expect(after.master?.exceptionDates == [] && after.master?.summary == "Plain")
        // Google keeps a row of an instance that was changed once; it now says what the series says.
        let moved = after.overrides.filter { $0.summary != "Plain" || $0.start != $0.recurrenceID }
        #expect(moved.isEmpty)
    }

    @Test("what was deleted can be made again under its UID and its id")
    func again() async throws {
        let fixture = GoogleFixture()
        let (provider, calendar) = (fixture.connect(), fixture.calendar)
        let id = provider.newItemID(forUID: SampleEvent.uid(1), in: calendar)
        _ = try await provider.put(SampleEvent.single(1), at: id, in: calendar, if: .absent)
        try await provider.delete(id, in: calendar, ifVersion: nil)
        #expect(try await provider.item(id, in: calendar) == nil)
        _ = try await provider.put(SampleEvent.single(1, title: "Again"), at: id, in: calendar, if: .absent)
        #expect(try await provider.item(id, in: calendar)?.series?.master?.summary == "Again 1")
    }

    @Test("an update keeps what iCalendar has no word for")
    func keeps() async throws {
        let fixture = GoogleFixture()
        let (provider, calendar) = (fixture.connect(), fixture.calendar)
        try await fixture.write(SampleEvent.single(1), uid: SampleEvent.uid(1))
        var cursor: SyncCursor?
        let id = try #require(try await fixture.readAll(since: &cursor).changed.first).id
        try fixture.ask("PATCH", id.value, ["colorId": .string("7"), "visibility": .string("public")])
        let version = try #require(try await provider.item(id, in: calendar)?.version)
        let text = SampleEvent.single(1, title: "New")
        let receipt = try await provider.put(text, at: id, in: calendar, if: .version(version))
        let target = "/calendar/v3/calendars/guide%40gmail.example/events/" + id.value
        let answer = fixture.sandbox.answer(.init("GET", target, headers: ["authorization": "Bearer good"]))
        let json = try JSONValue(parsing: answer.body)
        #expect(json["colorId"] == .string("7") && json["visibility"] == .string("public"))
        #expect(json["summary"] == .string("New 1") && json["etag"]?.text == receipt.version)
    }

    @Test("an answer to somebody else's meeting changes that answer alone, and is told")
    func answer() async throws {
        let fixture = GoogleFixture()
        let (provider, calendar) = (fixture.connect(), fixture.calendar)
        try await fixture.write(SampleEvent.single(1), uid: SampleEvent.uid(1))
        var cursor: SyncCursor?
        let id = try #require(try await fixture.readAll(since: &cursor).changed.first).id
        let people = """
            {"organizer": {"email": "boss@example.com", "self": false}, "attendees": [
            {"email": "boss@example.com", "responseStatus": "accepted", "organizer": true},
            {"email": "guide@gmail.example", "responseStatus": "needsAction", "self": true, "additionalGuests": 2}]}
            """
        guard case .object(let members) = try JSONValue(parsing: Array(people.utf8)) else { return }
        try fixture.ask("PATCH", id.value, members)
        let held = try #require(try await provider.item(id, in: calendar))
        guard case .events(_, let text) = held.content else { throw MappingRefusal("unreadable") }
        let answered = text.split(separator: "PARTSTAT=NEEDS-ACTION").joined(separator: "PARTSTAT=ACCEPTED")
            .split(separator: "SUMMARY:Trip").joined(separator: "SUMMARY:Hijacked")
        #expect(answered != text)
        _ = try await provider.put(answered, at: id, in: calendar, if: .version(try #require(held.version)))
        let after = try #require(try await provider.item(id, in: calendar)?.series?.master)
        #expect(after.summary == "Trip 1")
        #expect(after.attendees.map(\.status) == [.accepted, .accepted])
        #expect(fixture.sandbox.mail.last == "all")
    }

    @Test("mirrored writes tell nobody, unless asked to")
    func invitations() async throws {
        var fixture = GoogleFixture()
        for invitations in [GoogleInvitations.none, .all, .externalOnly] {
            fixture.invitations = invitations
            let provider = fixture.connect()
            let id = provider.newItemID(forUID: SampleEvent.uid(1), in: fixture.calendar)
            _ = try await provider.put(SampleEvent.single(1), at: id, in: fixture.calendar, if: .none)
            #expect(fixture.sandbox.mail.last == invitations.rawValue)
        }
    }

    @Test("a token that ran out is replaced once")
    func token() async throws {
        let fixture = GoogleFixture()
        let account = try await fixture.connect(TokenPair(first: "old", second: "good")).discover()
        #expect(account.email == "guide@gmail.example" && account.calendars.first?.isPrimary == true)
        await #expect(throws: RemoteFailure.authorizationLost(reason: GoogleFailures.refusedToken)) {
            _ = try await fixture.connect(TokenPair(first: "old", second: "older")).discover()
        }
    }

    @Test(
        "refusals are told apart",
        arguments: [
            (429, "rateLimitExceeded", "throttled"), (403, "rateLimitExceeded", "throttled"),
            (403, "userRateLimitExceeded", "throttled"), (403, "quotaExceeded", "throttled"),
            (403, "insufficientPermissions", "authorizationLost"), (403, "accessNotConfigured", "unreachable"),
            (403, "forbidden", "refused"), (403, "requiredAccessLevel", "refused"), (404, "notFound", "gone"),
            (400, "badRequest", "refused"), (500, "backendError", "unreachable"), (502, "", "unreachable"),
        ])
    func refusals(status: Int, reason: String, meaning: String) async throws {
        let fixture = GoogleFixture()
        fixture.sandbox.fail(next: [(status, reason)])
        do {
            _ = try await fixture.connect().changes(in: fixture.calendar, since: nil) { _ in [:] }
            Issue.record("no refusal")
        } catch { #expect("\(error)".hasPrefix(meaning), "\(error)") }
    }

    @Test("a pause that Google asks for is kept")
    func pause() async throws {
        let fixture = GoogleFixture()
        fixture.sandbox.fail(next: [(503, "backendError")], retryAfter: 17)
        await #expect(throws: RemoteFailure.throttled(retryAfter: .seconds(17))) {
            _ = try await fixture.connect().changes(in: fixture.calendar, since: nil) { _ in [:] }
        }
    }

    @Test("a calendar is made, with its color")
    func calendarIsMade() async throws {
        let fixture = GoogleFixture()
        let made = try await fixture.connect().createCalendar(named: "Trips", color: "#112233")
        #expect(made.name == "Trips" && made.color == "#112233" && !made.isReadOnly)
        #expect(try await fixture.connect().discover().calendars.map(\.id).contains(made.id))
    }
}
