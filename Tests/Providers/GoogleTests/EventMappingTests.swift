import CivilTime
import CronofyWire
import ICalendar
import ProviderKit
import Testing

@testable import Google

@Suite("Google's events as iCalendar")
struct EventMappingTests {
    @Test(
        "say the same in both words",
        arguments: [
            (#""start": {"date": "2026-03-01"}, "end": {"date": "2026-03-03"}"#, "DTSTART;VALUE=DATE:20260301"),
            (
                #""start": {"dateTime": "2026-07-01T09:00:00+02:00", "timeZone": "Europe/Berlin"}, "end": {"dateTime": "2026-07-01T10:00:00+02:00", "timeZone": "Europe/Berlin"}"#,
                "DTSTART;TZID=Europe/Berlin:20260701T090000"
            ),
            (
                // An offset alone: the instant is known, and stays where it is.
                #""start": {"dateTime": "2026-07-01T09:00:00.123-07:00"}, "end": {"dateTime": "2026-07-01T10:00:00-07:00"}"#,
                "DTSTART:20260701T160000Z"
            ),
            (
                // No offset: the zone beside it decides.
                #""start": {"dateTime": "2026-01-01T09:00:00", "timeZone": "America/Denver"}, "end": {"dateTime": "2026-01-01T10:00:00", "timeZone": "America/Denver"}"#,
                "DTSTART;TZID=America/Denver:20260101T090000"
            ),
            (times + #", "transparency": "transparent""#, "TRANSP:TRANSPARENT"),
            (times + #", "eventType": "workingLocation""#, "TRANSP:TRANSPARENT"),
            (times + #", "eventType": "focusTime""#, "TRANSP:OPAQUE"),
            (times + #", "eventType": "somethingNew""#, "TRANSP:OPAQUE"),
            (times + #", "eventType": "outOfOffice""#, "X-MICROSOFT-CDO-BUSYSTATUS:OOF"),
            (times + #", "visibility": "private""#, "CLASS:PRIVATE"),
            (times + #", "visibility": "confidential""#, "CLASS:PRIVATE"),
            (times + #", "status": "tentative""#, "STATUS:TENTATIVE"),
            (times + #", "summary": "A, B\nEND:VEVENT""#, #"SUMMARY:A\, B\nEND:VEVENT"#),
            (times + #", "reminders": {"overrides": [{"method": "popup", "minutes": 15}]}"#, "TRIGGER:-PT15M"),
            (times + #", "hangoutLink": "https://meet.example/x""#, ":https://meet.example/x"),
            (
                times + #", "attendees": [{"email": "a@b.example", "responseStatus": "declined"}]"#,
                "ATTENDEE;PARTSTAT=DECLINED"
            ),
            (times + #", "recurrence": ["RRULE:FREQ=DAILY;COUNT=3"]"#, "RRULE:FREQ=DAILY;COUNT=3"),
            (
                times + #", "recurrence": ["RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20260702T090000Z"]"#,
                "EXDATE:20260702T090000Z"
            ),
        ])
    func reads(members: String, line: String) throws {
        let text = try read(members)
        #expect(text.split(separator: "\r\n").contains { $0.contains(line) }, "\(text)")
    }

    private static let times =
        #""start": {"dateTime": "2026-07-01T09:00:00Z", "timeZone": "UTC"}, "end": {"dateTime": "2026-07-01T10:00:00Z", "timeZone": "UTC"}"#

    @Test(
        "are put aside where they have no meaning",
        arguments: [
            #""start": {"date": "2026-02-30"}, "end": {"date": "2026-03-03"}"#,
            #""start": {"dateTime": "soon"}, "end": {"dateTime": "later"}"#,
            #""start": {"date": "2026-03-03"}, "end": {"date": "2026-03-01"}"#,
            times + #", "recurrence": ["RRULE:FREQ=NEVER"]"#,
            times + #", "recurrence": ["EXRULE:FREQ=DAILY"]"#,
            times + #", "recurrence": ["RRULE:FREQ=DAILY\r\nATTENDEE:mailto:x@y.example"]"#,
            #""start": {"dateTime": "2026-07-01T09:00:00+02:00", "timeZone": "Mars/Base"}, "end": {"dateTime": "2026-07-01T10:00:00+02:00"}, "recurrence": ["RRULE:FREQ=DAILY"]"#,
            "",
        ])
    func putsAside(members: String) {
        #expect(throws: MappingRefusal.self) { try read(members) }
    }

    @Test(
        "are refused with a sentence where Google has no word",
        arguments: [
            "STATUS:CANCELLED", "DTSTART;TZID=/mars/base:20260701T090000",
            "RDATE;VALUE=PERIOD:20260702T090000Z/PT3H",
        ])
    func refuses(line: String) {
        let start = line.hasPrefix("DTSTART") ? line : "DTSTART:20260701T090000Z"
        let extra = line.hasPrefix("DTSTART") ? "SUMMARY:x" : line
        let text =
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:u\r\nDTSTAMP:20260101T000000Z\r\n\(start)\r\n"
            + "DURATION:PT1H\r\n\(extra)\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        #expect(throws: MappingRefusal.self) {
            try WantedSeries(WantedSeries.read(text, .system), zones: .system, calendarZone: nil)
        }
    }

    @Test("an instance shared without its series stands alone")
    func orphan() throws {
        let row =
            #"{"id": "m_1", "iCalUID": "u", "recurringEventId": "m", "originalStartTime": {"dateTime": "2026-07-01T09:00:00Z"}, \#(Self.times)}"#
        let reader = GoogleEventReader(zones: .system, calendarZone: nil)
        let text = try reader.text(master: nil, exceptions: [JSONValue(parsing: Array(row.utf8))])
        #expect(text.contains("RECURRENCE-ID:20260701T090000Z") && text.contains("UID:u"))
    }

    private func read(_ members: String) throws -> String {
        let json = #"{"id": "abcde", "iCalUID": "u""# + (members.isEmpty ? "" : ", ") + members + "}"
        let reader = GoogleEventReader(zones: .system, calendarZone: nil)
        return try reader.text(master: JSONValue(parsing: Array(json.utf8)), exceptions: [])
    }
}
