import CivilTime
import Glibc
import Recurrence
import Testing

@Suite("Recurrence sets (RFC 5545 §3.8.5.3)")
struct RecurrenceSetTests {
    static let golden: [(String, String, String)] = [
        // Rule, start in New York, starts in the window as day and hour.
        ("FREQ=DAILY;COUNT=3", "19970902T090000", "0902T09 0903T09 0904T09"),
        (
            "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", "19970902T090000",
            "0902T09 0904T09 0916T09 0918T09 0930T09 1002T09 1014T09 1016T09"
        ),
        ("FREQ=MONTHLY;COUNT=4;BYDAY=1FR", "19970905T090000", "0905T09 1003T09 1107T09 1205T09"),
        ("FREQ=MONTHLY;COUNT=3;BYDAY=-2MO", "19970922T090000", "0922T09 1020T09 1117T09"),
        ("FREQ=MONTHLY;BYMONTHDAY=-3;COUNT=3", "19970928T090000", "0928T09 1029T09 1128T09"),
        ("FREQ=YEARLY;BYDAY=20MO;COUNT=3", "19970519T090000", "0519T09 0518T09 0517T09"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;COUNT=3", "19970512T090000", "0512T09 0511T09 0517T09"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=4", "19970929T090000", "0929T09 1030T09 1127T09 1230T09"),
        ("FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z", "19970902T090000", "0902T09 0902T12 0902T15"),
        (
            "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;COUNT=3", "19961105T090000",
            "1105T09 1107T09 1102T09"
        ),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "19970805T090000", "0805T09 0817T09 0819T09 0831T09"),
        // An ordinal of the year stays one where BYMONTHDAY limits it: 2003 is the next year it falls on the 19th.
        ("FREQ=YEARLY;BYDAY=20MO;BYMONTHDAY=19;COUNT=2", "19970519T090000", "0519T09 0519T09"),
        // UNTIL before DTSTART leaves DTSTART.
        ("FREQ=DAILY;UNTIL=19970101T000000Z", "19970902T090000", "0902T09"),
    ]

    @Test("name what the rules say in cases of their own", arguments: golden)
    func examples(rule: String, start: String, expected: String) throws {
        let zone = try #require(ZoneDatabase.system.zone(ZoneID("America/New_York")))
        let date = try #require(CivilDate(compact: start.prefix(8)))
        let time = try #require(CivilDateTime(date: date, compact: start.suffix(6)))
        let set = RecurrenceSet(start: .local(time, zone), rules: [try RecurrenceRule(parsing: rule)])
        let starts = try set.starts(from: Instant(seconds: 0), until: Instant(seconds: 4_000_000_000))
        let shown = starts.map { zone.civil(at: $0.instant).description }
            .map { String($0.dropFirst(5).prefix(2) + $0.dropFirst(8).prefix(5)) }
        #expect(shown.joined(separator: " ") == expected)
    }

    @Test("keep wall time over a clock change, and enter late windows directly")
    func wallTime() throws {
        let zone = try #require(ZoneDatabase.system.zone(ZoneID("Europe/Paris")))
        let date = try #require(CivilDate(year: 2000, month: 1, day: 3))
        let time = try #require(CivilDateTime(date: date, hour: 9, minute: 0, second: 0))
        let set = RecurrenceSet(start: .local(time, zone), rules: [try RecurrenceRule(parsing: "FREQ=DAILY")])
        var limits = ExpansionLimits()
        limits.candidates = 40  // A walk from the start would need eleven thousand.
        let starts = try set.starts(
            from: Instant(seconds: 1_932_422_400), until: Instant(seconds: 1_932_422_400 + 864_000), limits: limits)
        #expect(starts.count == 10)
        #expect(starts.allSatisfy { zone.civil(at: $0.instant).hour == 9 })
    }

    @Test(
        "end hostile rules by work, not by time",
        arguments: [
            "FREQ=SECONDLY", "FREQ=HOURLY;INTERVAL=25;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=SECONDLY;INTERVAL=7;BYHOUR=1;BYMINUTE=1",
            "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12;BYMINUTE=0,1,2,3,4,5,6;BYSECOND=0,1,2,3,4,5",
        ])
    func hostile(rule: String) throws {
        let set = RecurrenceSet(start: .utc(Instant(seconds: 0)), rules: [try RecurrenceRule(parsing: rule)])
        #expect(throws: ExpansionError.self) {
            try set.starts(from: Instant(seconds: 0), until: Instant(seconds: 250_000_000_000))
        }
    }

    @Test(
        "follow rules that never match to the calendar's end, at little cost",
        arguments: ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=31"])
    func never(rule: String) throws {
        let set = RecurrenceSet(start: .utc(Instant(seconds: 0)), rules: [try RecurrenceRule(parsing: rule)])
        var found: [RecurrenceSet.Start] = []
        // Of the processor: neighbours do not count.
        let begin = clock()
        found = try set.starts(from: Instant(seconds: 0), until: Instant(seconds: .max))
        #expect(found == [set.start] && clock() - begin < CLOCKS_PER_SEC)
    }

    @Test(
        "follow rules that never match no further than the window",
        arguments: [
            "FREQ=HOURLY;INTERVAL=25;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=DAILY;INTERVAL=3;BYMONTH=2;BYMONTHDAY=31",
        ])
    func neverInWindow(rule: String) throws {
        let set = RecurrenceSet(start: .utc(Instant(seconds: 0)), rules: [try RecurrenceRule(parsing: rule)])
        let from: Int64 = 1_000_000_000
        var limits = ExpansionLimits()
        limits.candidates = 60
        let month = Instant(seconds: from + 30 * 86_400)
        #expect(try set.starts(from: Instant(seconds: from), until: month, limits: limits).isEmpty)
        // The same work does not reach the end of a wide window of the rule that costs most.
        guard rule.hasPrefix("FREQ=HOURLY") else { return }
        #expect(throws: ExpansionError.tooManyCandidates) {
            try set.starts(from: Instant(seconds: from), until: Instant(seconds: from * 2), limits: limits)
        }
    }

    @Test("leave out exceptions and add dates")
    func exceptionsAndDates() throws {
        let day = try #require(CivilDate(year: 2031, month: 4, day: 5))
        let next = try #require(day.adding(days: 1))
        let far = try #require(day.adding(days: 30))
        let set = RecurrenceSet(
            start: .date(day), rules: [try RecurrenceRule(parsing: "FREQ=DAILY;COUNT=3")], dates: [.date(far)],
            exceptions: [.date(next)])
        let starts = try set.starts(from: Instant(seconds: 0), until: Instant(seconds: 4_000_000_000))
        #expect(starts.count == 3 && starts.last == .date(far) && !starts.contains(.date(next)))
    }
}

@Suite("RRULE parsing (RFC 5545 §3.3.10)")
struct RuleParsingTests {
    @Test(
        "refuses what the grammar forbids, and says where",
        arguments: [
            ("INTERVAL=2", RuleParseError.missingFrequency),
            ("FREQ=DAILY;BYMONTHDAY=32", .outOfRange(.byMonthDay, found: 32, allowed: -31...31, column: 22)),
            ("FREQ=DAILY;INTERVAL=0", .outOfRange(.interval, found: 0, allowed: 1...2_147_483_647, column: 20)),
            ("FREQ=DAILY;COUNT=2;UNTIL=20310101", .untilAndCount),
            ("FREQ=WEEKLY;BYDAY=1MO", .notAllowed(.byDay, with: .weekly)),
            ("FREQ=DAILY;COUNT=1;COUNT=2", .repeatedPart(.count, column: 25)),
            ("FREQ=DAILY;RSCALE=HEBREW", .unsupported(.calendarScale, column: 18)),
        ])
    func refuses(text: String, expected: RuleParseError) {
        #expect(throws: expected) { try RecurrenceRule(parsing: text) }
    }

    @Test(
        "canonical text reads back as the same rule",
        arguments: [
            "FREQ=MONTHLY;UNTIL=20310405T060708Z;INTERVAL=2;BYDAY=-1SU,2MO;BYSETPOS=1;WKST=SU", "FREQ=DAILY",
            "FREQ=YEARLY;COUNT=3;BYMONTHDAY=-1,1;BYMONTH=2",
        ])
    func roundTrip(text: String) throws { #expect(try RecurrenceRule(parsing: text).text == text) }
}
