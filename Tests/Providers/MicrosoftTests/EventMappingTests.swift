import CivilTime
import CronofyWire
import ICalendar
import ProviderKit
import Testing

@testable import Microsoft

@Suite("Events in Graph's words and in iCalendar's")
struct EventMappingTests {
    static func text(_ members: String, zone: String? = nil, owner: Set<String> = []) throws -> String {
        let base =
            #""id":"A","iCalUId":"u1","start":{"dateTime":"2026-07-01T08:00:00.0000000","timeZone":"UTC"},"#
            + #""end":{"dateTime":"2026-07-01T09:00:00.0000000","timeZone":"UTC"}"#
        let json = try JSONValue(parsing: Array("{\(base)\(members.isEmpty ? "" : ",")\(members)}".utf8))
        let mailbox = zone.flatMap { ZoneDatabase.system.resolve(name: $0) }
        let reader = GraphSeriesReader(zones: .system, mailboxZone: mailbox, owner: owner)
        // Unfolded, so that a line is a property.
        return try reader.text(json).split(separator: "\r\n ", omittingEmptySubsequences: false).joined()
    }

    @Test(
        "reads each member",
        arguments: [
            (#""subject":"Raft, day; 1""#, #"SUMMARY:Raft\, day\; 1"#),
            (#""body":{"contentType":"text","content":"a\nb"}"#, #"DESCRIPTION:a\nb"#),
            (#""body":{"contentType":"html","content":"<p>a"},"bodyPreview":"a""#, "DESCRIPTION:a"),
            (#""location":{"displayName":"Moab"}"#, "LOCATION:Moab"),
            (#""showAs":"free""#, "TRANSP:TRANSPARENT"), (#""showAs":"busy""#, "TRANSP:OPAQUE"),
            (#""showAs":"tentative""#, "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"),
            (#""showAs":"oof""#, "X-MICROSOFT-CDO-BUSYSTATUS:OOF"),
            (#""showAs":"workingElsewhere""#, "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE"),
            (#""showAs":"something new""#, "TRANSP:OPAQUE"), (#""sensitivity":"private""#, "CLASS:PRIVATE"),
            (#""sensitivity":"confidential""#, "CLASS:CONFIDENTIAL"), (#""isCancelled":true"#, "STATUS:CANCELLED"),
            (#""categories":["a,b","c"]"#, #"CATEGORIES:a\,b,c"#),
            (#""isReminderOn":true,"reminderMinutesBeforeStart":15"#, "TRIGGER:-PT15M"),
            (#""onlineMeeting":{"joinUrl":"https://x.example/1"}"#, "CONFERENCE:https://x.example/1"),
            (#""originalStartTimeZone":"W. Europe Standard Time""#, "DTSTART;TZID=Europe/Berlin:20260701T100000"),
            (#""originalStartTimeZone":"tzone://Microsoft/Custom""#, "DTSTART:20260701T080000Z"),
            (#""originalStartTimeZone":"tzone://Microsoft/Utc""#, "DTSTART:20260701T080000Z"),
            (#""originalStartTimeZone":"""#, "DTSTART:20260701T080000Z"),
            (#""transactionId":"anchorpoint/0/our/own-uid""#, "UID:our/own-uid"),
            (#""transactionId":"somebody else's""#, "UID:u1"),
        ])
    func reads(members: String, line: String) throws {
        let lines = try Self.text(members).split(separator: "\r\n").map(String.init)
        #expect(lines.contains(line), "\(lines)")
    }

    @Test("all-day events are dates whatever zone stands beside them")
    func allDay() throws {
        let text = try Self.text(
            #""isAllDay":true,"originalStartTimeZone":"Pacific Standard Time","#
                + #""start":{"dateTime":"2026-07-01T00:00:00.0000000","timeZone":"UTC"},"#
                + #""end":{"dateTime":"2026-07-03T00:00:00.0000000","timeZone":"UTC"}"#)
        #expect(text.contains("DTSTART;VALUE=DATE:20260701\r\n") && text.contains("DTEND;VALUE=DATE:20260703\r\n"))
    }

    @Test(
        "answers are told apart, and the owner's own is the one kept beside",
        arguments: [
            ("none", "NEEDS-ACTION"), ("notResponded", "NEEDS-ACTION"), ("accepted", "ACCEPTED"),
            ("declined", "DECLINED"), ("tentativelyAccepted", "TENTATIVE"), ("organizer", "ACCEPTED"),
        ])
    func people(response: String, partstat: String) throws {
        let person =
            #"{"emailAddress":{"address":"Me@x.example","name":"Me"},"type":"optional","status":{"response":"none"}}"#
        let text = try Self.text(
            #""isOrganizer":false,"organizer":{"emailAddress":{"address":"boss@x.example"}},"#
                + #""attendees":[\#(person)],"responseStatus":{"response":"\#(response)"}"#, owner: ["me@x.example"])
        #expect(text.contains("ORGANIZER:mailto:boss@x.example"))
        #expect(text.contains("ATTENDEE;CN=Me;ROLE=OPT-PARTICIPANT;PARTSTAT=\(partstat):mailto:Me@x.example"))
    }

    static let weekly =
        #""type":"seriesMaster","recurrence":{"pattern":{"type":"weekly","interval":1,"#
        + #""daysOfWeek":["wednesday"],"firstDayOfWeek":"monday"},"range":{"type":"noEnd","startDate":"2026-07-01"}}"#

    @Test("a series, its exceptions and its deleted instances are one item")
    func series() throws {
        let exception =
            #"{"id":"B","originalStart":"2026-12-09T09:00:00Z","subject":"Moved","#
            + #""start":{"dateTime":"2026-12-10T12:00:00","timeZone":"UTC"},"#
            + #""end":{"dateTime":"2026-12-10T13:00:00","timeZone":"UTC"}}"#
        let text = try Self.text(
            Self.weekly + #","originalStartTimeZone":"W. Europe Standard Time","exceptionOccurrences":[\#(exception)],"#
                + #""cancelledOccurrences":["OID.A.2026-07-08"]"#)
        #expect(text.contains("RRULE:FREQ=WEEKLY;BYDAY=WE\r\n"))
        #expect(text.contains("EXDATE;TZID=Europe/Berlin:20260708T100000\r\n"))
        // Ten o'clock on the wall in winter, when UTC is one hour nearer.
        #expect(text.contains("RECURRENCE-ID;TZID=Europe/Berlin:20261209T100000\r\n"))
        #expect(text.contains("DTSTART;TZID=Europe/Berlin:20261210T130000\r\n"))
        let document = try ICalendarDocument(reading: text)
        guard case .series(let series)? = document.series(zones: .system).first else {
            Issue.record("no series")
            return
        }
        #expect(series.overrides.count == 1 && series.master?.exceptionDates.count == 1)
    }

    @Test("a series in a zone without a name is kept in the mailbox's, and never guessed to be in UTC")
    func customZone() throws {
        let members = Self.weekly + #","originalStartTimeZone":"tzone://Microsoft/Custom""#
        #expect(
            try Self.text(members, zone: "Romance Standard Time").contains("DTSTART;TZID=Europe/Paris:20260701T100000"))
        #expect(throws: MappingRefusal.self) { try Self.text(members) }
    }

    @Test(
        "what has no time that can be read is refused with a sentence",
        arguments: [
            #""start":null"#, #""start":{"dateTime":"2026-02-30T08:00:00","timeZone":"UTC"}"#,
            #""start":{"dateTime":"2026-07-01T08:00:00","timeZone":"Nowhere Time"}"#,
            #""end":{"dateTime":"2026-06-01T08:00:00","timeZone":"UTC"}"#, #""isAllDay":true"#,
        ])
    func impossible(members: String) throws {
        #expect(throws: MappingRefusal.self) { try Self.text(members) }
    }

    static func calendar(_ lines: String) -> String {
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:u1\r\nDTSTAMP:20260101T000000Z\r\n"
            + lines.split(separator: "|").map { $0 + "\r\n" }.joined() + "END:VEVENT\r\nEND:VCALENDAR\r\n"
    }

    static let berlin = "DTSTART;TZID=Europe/Berlin:20260701T100000|DTEND;TZID=Europe/Berlin:20260701T110000|"

    @Test(
        "writes each member",
        arguments: [
            ("SUMMARY:Raft", "subject", #""Raft""#), ("X-NOTHING:1", "subject", #""""#),
            ("DESCRIPTION:a\\nb", "body", #"{"content":"a\nb","contentType":"text"}"#),
            ("LOCATION:Moab", "location", #"{"displayName":"Moab"}"#), ("TRANSP:TRANSPARENT", "showAs", #""free""#),
            ("X-MICROSOFT-CDO-BUSYSTATUS:OOF", "showAs", #""oof""#), ("STATUS:TENTATIVE", "showAs", #""tentative""#),
            ("X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE", "showAs", #""workingElsewhere""#),
            ("CLASS:PRIVATE", "sensitivity", #""private""#), ("CLASS:CONFIDENTIAL", "sensitivity", #""confidential""#),
            ("CLASS:PUBLIC", "sensitivity", #""normal""#), ("CATEGORIES:a,b", "categories", #"["a","b"]"#),
            ("BEGIN:VALARM|ACTION:DISPLAY|TRIGGER:-P1DT1H|END:VALARM", "reminderMinutesBeforeStart", "1500"),
            ("BEGIN:VALARM|ACTION:DISPLAY|TRIGGER:-PT15M|END:VALARM", "isReminderOn", "true"),
            ("X-NOTHING:1", "isReminderOn", "false"), ("X-NOTHING:1", "recurrence", "null"),
            (
                "X-NOTHING:1", "start",
                #"{"dateTime":"2026-07-01T10:00:00","timeZone":"W. Europe Standard Time"}"#
            ),
        ])
    func writes(lines: String, member: String, json: String) throws {
        let wanted = try WantedSeries(Self.calendar(Self.berlin + lines), zones: .system, mailboxZone: nil)
        let value = try #require(wanted.master[member])
        #expect(String(decoding: value.bytes, as: UTF8.self) == json)
    }

    @Test(
        "refuses what Graph cannot hold",
        arguments: [
            berlin + "STATUS:CANCELLED", berlin + "RDATE;TZID=Europe/Berlin:20260801T100000",
            berlin + "RRULE:FREQ=HOURLY", "DTSTART:20260701T100000|DTEND:20260701T110000",
        ])
    func refuses(lines: String) throws {
        #expect(throws: MappingRefusal.self) {
            try WantedSeries(Self.calendar(lines), zones: .system, mailboxZone: nil)
        }
    }

    @Test(
        "zones go by their Windows names and come back the same",
        arguments: ["Europe/Berlin", "America/Denver", "Asia/Tokyo", "Europe/Vienna", "Etc/UTC", "Asia/Kamchatka"])
    func zones(name: String) throws {
        let id = ZoneID(name)
        #expect(ZoneDatabase.system.resolve(name: GraphTime.name(of: id))?.id == id)
        #expect(ZoneID("Asia/Kamchatka").windowsName == "Russia Time Zone 11")
    }

    @Test(
        "reminders in every spelling of a duration",
        arguments: [
            ("-PT15M", 15), ("-P1D", 1440), ("-P1W", 10_080), ("-PT1H30M", 90), ("PT0S", 0), ("PT15M", nil),
            ("-P", nil),
            ("-PX", nil), ("20260101T000000Z", nil),
        ] as [(String, Int64?)])
    func triggers(text: String, minutes: Int64?) { #expect(ReminderTrigger.minutes(before: text) == minutes) }
}
