/// Events for the suite: plain text that every provider takes.
public enum SampleEvent {
    public static func uid(_ number: Int) -> String { "suite-\(number)-7f3a" }

    /// One hour, some days apart for each `number`.
    public static func single(_ number: Int, title: String = "Trip") -> String {
        calendar(
            """
            BEGIN:VEVENT
            UID:\(uid(number))
            DTSTAMP:20260101T000000Z
            DTSTART:\(day(number))T100000Z
            DTEND:\(day(number))T110000Z
            SUMMARY:\(title) \(number)
            END:VEVENT
            """)
    }

    /// A weekly series in a zone, with one instance moved and one left out.
    public static func recurring(_ number: Int) -> String {
        calendar(
            """
            BEGIN:VTIMEZONE
            TZID:Europe/Berlin
            BEGIN:STANDARD
            DTSTART:19701025T030000
            TZOFFSETFROM:+0200
            TZOFFSETTO:+0100
            RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
            END:STANDARD
            BEGIN:DAYLIGHT
            DTSTART:19700329T020000
            TZOFFSETFROM:+0100
            TZOFFSETTO:+0200
            RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
            END:DAYLIGHT
            END:VTIMEZONE
            BEGIN:VEVENT
            UID:\(uid(number))
            DTSTAMP:20260101T000000Z
            DTSTART;TZID=Europe/Berlin:20260105T090000
            DTEND;TZID=Europe/Berlin:20260105T100000
            RRULE:FREQ=WEEKLY;COUNT=20
            EXDATE;TZID=Europe/Berlin:20260119T090000
            SUMMARY:Series \(number)
            END:VEVENT
            BEGIN:VEVENT
            UID:\(uid(number))
            DTSTAMP:20260101T000000Z
            RECURRENCE-ID;TZID=Europe/Berlin:20260112T090000
            DTSTART;TZID=Europe/Berlin:20260112T140000
            DTEND;TZID=Europe/Berlin:20260112T150000
            SUMMARY:Series \(number), moved
            END:VEVENT
            """)
    }

    private static func calendar(_ components: String) -> String {
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Anchorpoint//Suite//EN\n\(components)\nEND:VCALENDAR\n"
            .split(separator: "\n").joined(separator: "\r\n") + "\r\n"
    }

    private static func day(_ number: Int) -> String {
        let (month, day) = (number / 28 % 12 + 1, number % 28 + 1)
        return "2026" + (month < 10 ? "0" : "") + "\(month)" + (day < 10 ? "0" : "") + "\(day)"
    }
}
