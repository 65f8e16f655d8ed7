import CivilTime
import ICalendar
import Testing

@Suite("Repairing what the world writes")
struct RepairTests {
    /// What, a line of a VEVENT, the property as it is written again, and the diagnostic.
    static let lines: [(String, String, String, String)] = [
        (
            "blanks around names and values", "DTSTART ; TZID = \"Europe/Paris\" :20310405T060708",
            "DTSTART;TZID=Europe/Paris:20310405T060708", "blanks stand around a name"
        ),
        ("a semicolon too many", "DTSTART;:20310405", "DTSTART:20310405", "a semicolon stands before no parameter"),
        ("a parameter without value", "X-A;RSVP:1", "X-A;RSVP=:1", "a parameter has no value"),
        (
            "a colon in a zone", "DTSTART;TZID=GMT+01:00:20310405T060708",
            "DTSTART;TZID=\"GMT+01:00\":20310405T060708", "a parameter's value with a colon has no quotes"
        ),
        (
            "an address in a parameter", "ORGANIZER;SENT-BY=mailto:a@x.example:mailto:b@x.example",
            "ORGANIZER;SENT-BY=\"mailto:a@x.example\":mailto:b@x.example",
            "a parameter's value with a colon has no quotes"
        ),
        (
            "a quote that is not closed", "ATTENDEE;CN=\"Ann:mailto:ann@x.example",
            "ATTENDEE;CN=Ann:mailto:ann@x.example", "a quote is not closed"
        ),
        (
            "quotes inside a value", "ATTENDEE;CN=\"Ann\" Lee:mailto:ann@x.example",
            "ATTENDEE;CN=Ann Lee:mailto:ann@x.example", "quotes stand inside a parameter's value"
        ),
        (
            "a fold without its space", "DTSTART\n;VALUE=DATE:20310405", "DTSTART;VALUE=DATE:20310405",
            "the line goes on without a space before it"
        ),
        ("blanks around a dash", "REFRESH - INTERVAL:PT4H", "REFRESH-INTERVAL:PT4H", "blanks stand around a name"),
        ("control characters", "SUMMARY:a\u{0}b\u{7}c", "SUMMARY:abc", "control characters stand in it"),
    ]

    @Test("keeps every event of a UID that several have, and says so", arguments: [false, true])
    func sharedUID(isReversed: Bool) throws {
        let events = [
            event("DTSTART:20310405T090000Z\nDTEND:20310405T100000Z\nSUMMARY:One"),
            event("DTSTART:20310406T090000Z\nDTEND:20310406T100000Z\nSUMMARY:Two"),
            event("DTSTART:20310401T070000Z\nDTEND:20310401T080000Z\nRRULE:FREQ=DAILY;COUNT=3\nSUMMARY:Daily"),
            event("RECURRENCE-ID:20310402T070000Z\nDTSTART:20310402T110000Z\nSUMMARY:Daily"),
        ]
        let text = calendar((isReversed ? events.reversed() : events).joined(separator: "\r\n"))
        let reading = try ICalendarDocument(reading: text).reading(zones: .system)
        var titles: [String: String] = [:]
        for case .series(let series) in reading.series {
            titles[series.master?.summary ?? "none"] = series.uid
            #expect(series.overrides.count == (series.master?.summary == "Daily" ? 1 : 0))
        }
        #expect(Set(titles.keys) == ["One", "Two", "Daily"] && Set(titles.values).count == 3)
        // The one that repeats keeps the UID, whatever the order in the text.
        #expect(titles["Daily"] == "one" && titles["One"]?.hasPrefix("one-") == true)
        #expect(
            reading.diagnostics.map(\.problem)
                == Array(repeating: "its UID stands on another event too", count: 2))
    }

    @Test(
        "takes what differs in SEQUENCE, or only in when it was changed, as revisions: the later one stands",
        arguments: [
            ("SEQUENCE:1\nDTSTART:20310405T090000Z\nSUMMARY:Old", "SEQUENCE:2\nDTSTART:20310406T090000Z\nSUMMARY:New"),
            (
                "LAST-MODIFIED:20300101T000000Z\nDTSTART:20310405\nSUMMARY:Same\nLOCATION:Old",
                "LAST-MODIFIED:20300102T000000Z\nDTSTART:20310405\nSUMMARY:Same\nLOCATION:New"
            ),
        ])
    func revisions(old: String, new: String) throws {
        for events in [[old, new], [new, old]] {
            let text = calendar(events.map { event($0) }.joined(separator: "\r\n"))
            let reading = try ICalendarDocument(reading: text).reading(zones: .system)
            guard case .series(let series)? = reading.series.first, reading.series.count == 1 else {
                Issue.record("more than one event")
                return
            }
            #expect(series.master?.summary == "New" || series.master?.location == "New")
            #expect(reading.diagnostics.isEmpty)
        }
    }

    @Test("reads a line as it was meant, and says so", arguments: lines)
    func line(what: String, line: String, expected: String, problem: String) throws {
        let document = try ICalendarDocument(reading: calendar(event(line)))
        let property = try #require(document.calendars[0].components[0].properties.last)
        var component = Component("X")
        component.properties = [property]
        #expect(component.icalendarText.split(separator: "\r\n")[1] == expected)
        let told = document.diagnostics.filter { $0.severity == .repaired }
        #expect(told.map(\.problem) == [problem] && (5...6).contains(told[0].line) && told.first?.component == "VEVENT")
        #expect(told.first?.property == property.name)
    }

    @Test(
        "leaves a line alone that only looks odd",
        arguments: [
            "SUMMARY:Colon: in text", "X-URL;VALUE=URI:http://x.example:80/a;b,c",
            "ATTENDEE;CN=\"Lee, Ann\":mailto:a@x.example",
            "ATTENDEE;CN=Ann:mailto:a@x.example", "x-lower;Odd-Case=b:c", "X-EMPTY:", "X-NO;A=:v",
            "SUMMARY:C:\\dir\\new",
            "X-LIST;A=1,\"2,3\",4:v", "DESCRIPTION:tab\there",
        ])
    func untouched(line: String) throws {
        let document = try ICalendarDocument(reading: calendar(event(line)))
        #expect(document.calendars[0].components[0].icalendarText.contains("\r\n\(line)\r\n"))
        #expect(!document.diagnostics.contains { $0.severity != .warning })
    }

    @Test("reads UTF-16 in either order, with and without its mark", arguments: [true, false], [true, false])
    func utf16(isLittleEndian: Bool, hasMark: Bool) throws {
        let text = (hasMark ? "\u{feff}" : "") + calendar(event("SUMMARY:Zürich 🏔"))
        let bytes = text.utf16.flatMap { unit -> [UInt8] in
            let pair = [UInt8(unit >> 8), UInt8(unit & 0xff)]
            return isLittleEndian ? pair.reversed() : pair
        }
        let document = try ICalendarDocument(reading: bytes)
        #expect(document.calendars[0].components[0].first("SUMMARY")?.text == "Zürich 🏔")
        var random = SplitMix(seed: 1)
        #expect(try Pieces.read(bytes, &random) == document)
    }

    @Test("keeps broken UTF-8 inside its line")
    func brokenText() throws {
        let bytes = Array(
            calendar(event("SUMMARY:a\nLOCATION:b")).utf8.flatMap {
                $0 == UInt8(ascii: "a") ? [0xff, 0xe2, 0x82] : [$0]
            })
        let event = try ICalendarDocument(reading: bytes).calendars[0].components[0]
        #expect(event.first("SUMMARY")?.text == "\u{fffd}\u{fffd}" && event.first("LOCATION")?.text == "b")
    }

    @Test("finds calendars and components wherever they stand")
    func frames() throws {
        let bare = try ICalendarDocument(reading: "junk\n" + event("DTSTART:20310405") + "\n" + event("SUMMARY:2"))
        #expect(bare.calendars.map(\.name) == ["VCALENDAR"] && bare.calendars[0].components.count == 2)
        #expect(!bare.isTruncated)
        let several = try ICalendarDocument(reading: calendar(event("X:1")) + "\n\n" + calendar(event("X:2")))
        #expect(several.calendars.map { $0.components.count } == [1, 1])
        let unended = try ICalendarDocument(
            reading: calendar("BEGIN:VEVENT\nUID:1\nBEGIN:VALARM\nACTION:AUDIO\n" + event("X:1", uid: "2")))
        #expect(unended.calendars[0].components.map { $0.components.count } == [1, 0])
        let wrong = try ICalendarDocument(
            reading: calendar("BEGIN:VEVENT\nUID:1\nEND:VTODO\n" + event("X:1", uid: "2")))
        #expect(wrong.calendars[0].components.map { $0.first("UID")?.value } == ["1", "2"])
        let own = try ICalendarDocument(
            reading: calendar("BEGIN:X-Own\nA:1\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\nEND:X-Own"))
        #expect(own.calendars[0].components[0].components.map(\.name) == ["VEVENT"])
        #expect(own.icalendarText.contains("BEGIN:X-Own\r\n"))
    }

    @Test("says which limit was passed, and keeps the rest")
    func limits() throws {
        func errors(_ body: String, _ limits: ReadLimits = .init()) throws -> [String] {
            try ICalendarDocument(reading: calendar(body), limits: limits).diagnostics.filter { $0.severity == .error }
                .map(\.problem)
        }
        #expect(try errors("X:" + String(repeating: "a", count: 1 << 20)) == ["the line is longer than 1048576 bytes"])
        #expect(
            try errors("X:" + String(repeating: "\n a", count: 5 << 20)) == ["the line is longer than 1048576 bytes"])
        #expect(
            try errors(event(String(repeating: "X:1\n", count: 5_001))) == ["there are more than 5000 properties"])
        #expect(
            try errors("X" + String(repeating: ";A=1", count: 101) + ":v") == ["there are more than 100 parameters"])
        #expect(
            try errors(String(repeating: "BEGIN:X\n", count: 9) + String(repeating: "END:X\n", count: 9))
                == ["components stand deeper than 8"])
        #expect(throws: ICalendarReadError.tooManyComponents(limit: 200_000)) {
            try ICalendarDocument(reading: calendar(String(repeating: "BEGIN:A\nEND:A\n", count: 200_001)))
        }
        #expect(throws: ICalendarReadError.tooLarge(limit: 50 << 20)) {
            try ICalendarDocument(reading: [UInt8](repeating: 10, count: (50 << 20) + 1))
        }
        // An event that lost what decides its time is not trusted; one that lost a picture is.
        var limits = ReadLimits()
        limits.line = 200
        let long = String(repeating: "1", count: 300)
        let text = calendar(
            event("DTSTART:20310405\nRDATE:\(long)", uid: "a") + "\n"
                + event("DTSTART:20310405\nATTACH:\(long)", uid: "b"))
        let series = try ICalendarDocument(reading: text, limits: limits).series(zones: .system)
        #expect(series.first == .setAside(uid: "a", reason: "a line that decides its time is too long"))
        guard case .series? = series.last else { return #expect(Bool(false)) }
    }

    @Test(
        "an event that passed a limit is set aside, also when it was written and is read again",
        arguments: [
            (String(repeating: "BEGIN:X\n", count: 9) + String(repeating: "END:X\n", count: 9), "deep"),
            ("BEGIN:VALARM\n" + String(repeating: "X:1\n", count: 5_001) + "END:VALARM\n", "more properties"),
            ("EXDATE" + String(repeating: ";X-A=1", count: 101) + ":20310405\n", "more parameters"),
        ])
    func damageLasts(lines: String, reason: String) throws {
        let text = calendar(event("DTSTART:20310405\n" + lines, uid: "a") + "\n" + event("DTSTART:20310405", uid: "b"))
        let document = try ICalendarDocument(reading: text)
        let written = try document.calendars[0].components.map {
            try ICalendarDocument(reading: Component("VCALENDAR", components: [$0.notingWhatWasLeftOut]).icalendarText)
        }
        for series in [document.series(zones: .system), written.flatMap { $0.series(zones: .system) }] {
            guard case .setAside("a", let found)? = series.first, case .series(let whole)? = series.last else {
                Issue.record("\(series)")
                return
            }
            #expect(found.contains(reason) && whole.uid == "b")
        }
    }
}
