import CivilTime
import CronofyWire
import ICalendar
import ProviderKit
import Recurrence
import Testing

@testable import Microsoft

/// A rule in both languages, for a series that begins on `start` at 09:00 in Berlin.
struct RulePair: Sendable, CustomTestStringConvertible {
    let start: String
    let pattern: String
    let range: String
    let rule: String
    var testDescription: String { rule }

    init(_ start: String, _ pattern: String, _ range: String = #""type":"noEnd""#, is rule: String) {
        (self.start, self.pattern, self.range, self.rule) = (start, pattern, range, rule)
    }

    var json: JSONValue {
        get throws {
            let text = #"{"pattern":{\#(pattern)},"range":{\#(range),"startDate":"\#(start)"}}"#
            return try JSONValue(parsing: Array(text.utf8))
        }
    }

    var first: EventTime {
        get throws {
            let date = try #require(CivilDate(extended: start))
            return .zoned(try #require(CivilDateTime(date: date, hour: 9, minute: 0, second: 0)), berlin)
        }
    }
}

private let berlin = ZoneID("Europe/Berlin")

@Suite("Recurrence in Graph's words and in iCalendar's")
struct RecurrenceMappingTests {
    static let pairs = [
        RulePair("2026-01-05", #""type":"daily","interval":1"#, is: "FREQ=DAILY"),
        RulePair("2026-01-05", #""type":"daily","interval":3"#, is: "FREQ=DAILY;INTERVAL=3"),
        RulePair(
            "2026-01-05", #""type":"weekly","interval":1,"daysOfWeek":["monday"],"firstDayOfWeek":"monday""#,
            is: "FREQ=WEEKLY;BYDAY=MO"),
        RulePair(
            "2026-01-05",
            #""type":"weekly","interval":2,"daysOfWeek":["monday","friday"],"firstDayOfWeek":"sunday""#,
            is: "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;WKST=SU"),
        RulePair(
            "2026-01-05", #""type":"absoluteMonthly","interval":1,"dayOfMonth":5"#, is: "FREQ=MONTHLY;BYMONTHDAY=5"),
        // Exchange takes the last day of shorter months; a plain BYMONTHDAY=31 would leave them out.
        RulePair(
            "2026-01-31", #""type":"absoluteMonthly","interval":1,"dayOfMonth":31"#,
            is: "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"),
        RulePair(
            "2026-01-29", #""type":"absoluteMonthly","interval":2,"dayOfMonth":29"#,
            is: "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=28,29;BYSETPOS=-1"),
        RulePair(
            "2026-01-13", #""type":"relativeMonthly","interval":1,"daysOfWeek":["tuesday"],"index":"second""#,
            is: "FREQ=MONTHLY;BYDAY=2TU"),
        RulePair(
            "2026-01-30", #""type":"relativeMonthly","interval":1,"daysOfWeek":["friday"],"index":"last""#,
            is: "FREQ=MONTHLY;BYDAY=-1FR"),
        RulePair(
            "2026-01-01",
            #""type":"relativeMonthly","interval":1,"daysOfWeek":["monday","thursday"],"index":"first""#,
            is: "FREQ=MONTHLY;BYDAY=MO,TH;BYSETPOS=1"),
        RulePair(
            "2026-03-31", #""type":"absoluteYearly","interval":1,"month":3,"dayOfMonth":31"#,
            is: "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=31"),
        RulePair(
            "2028-02-29", #""type":"absoluteYearly","interval":1,"month":2,"dayOfMonth":29"#,
            is: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1"),
        RulePair(
            "2026-11-26",
            #""type":"relativeYearly","interval":1,"month":11,"daysOfWeek":["thursday"],"index":"fourth""#,
            is: "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"),
        RulePair(
            "2026-01-05", #""type":"daily","interval":1"#, #""type":"numbered","numberOfOccurrences":10"#,
            is: "FREQ=DAILY;COUNT=10"),
        // In summer 09:00 in Berlin is 07:00 in UTC: UNTIL is the last start itself.
        RulePair(
            "2026-01-05", #""type":"daily","interval":1"#, #""type":"endDate","endDate":"2026-07-01""#,
            is: "FREQ=DAILY;UNTIL=20260701T070000Z"),
    ]

    @Test("says the same in both", arguments: pairs)
    func bothWays(_ pair: RulePair) throws {
        let read = try GraphRecurrence(reading: pair.json)
        #expect(read.rule(from: try pair.first, zones: .system) == pair.rule)
        let rule = try RecurrenceRule(parsing: pair.rule)
        let written = try GraphRecurrence(rule, from: pair.first, zones: .system, zoneName: nil)
        #expect(written == read)
        #expect(try GraphRecurrence(reading: written.json) == written)
    }

    @Test(
        "other spellings of the same rule",
        arguments: [
            ("2026-01-05", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO"),
            ("2026-01-05", "FREQ=MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=5"),
            ("2026-01-05", "FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=5"),
            ("2026-01-31", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"),
            ("2026-01-13", "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2", "FREQ=MONTHLY;BYDAY=2TU"),
            ("2026-01-05", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
            // The occurrence at nine on the last day comes after UNTIL: the day before is the last.
            ("2026-01-05", "FREQ=DAILY;UNTIL=20260110T000000Z", "FREQ=DAILY;UNTIL=20260109T080000Z"),
            ("2026-01-05", "FREQ=DAILY;UNTIL=20260110T200000Z", "FREQ=DAILY;UNTIL=20260110T080000Z"),
        ])
    func spellings(start: String, rule: String, canonical: String) throws {
        let pair = RulePair(start, "", is: rule)
        let written = try GraphRecurrence(
            RecurrenceRule(parsing: rule), from: pair.first, zones: .system, zoneName: nil)
        #expect(written.rule(from: try pair.first, zones: .system) == canonical)
    }

    @Test(
        "refuses what Graph would make into other days",
        arguments: [
            ("2026-01-05", "FREQ=HOURLY"), ("2026-01-05", "FREQ=DAILY;BYHOUR=9,12"),
            ("2026-01-05", "FREQ=DAILY;INTERVAL=2;BYDAY=MO"), ("2026-01-31", "FREQ=MONTHLY"),
            ("2026-01-30", "FREQ=MONTHLY;BYMONTHDAY=30"), ("2026-01-05", "FREQ=MONTHLY;BYMONTHDAY=5,20"),
            ("2026-01-30", "FREQ=MONTHLY;BYMONTHDAY=-2"), ("2026-01-05", "FREQ=MONTHLY;BYDAY=1MO,3MO"),
            ("2026-01-05", "FREQ=MONTHLY;BYDAY=MO"), ("2026-01-05", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1,3"),
            ("2026-03-30", "FREQ=MONTHLY;BYDAY=5MO"), ("2026-01-05", "FREQ=YEARLY;BYWEEKNO=2;BYDAY=MO"),
            ("2026-01-05", "FREQ=YEARLY;BYYEARDAY=5"), ("2026-01-05", "FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=5"),
            ("2028-02-29", "FREQ=YEARLY"), ("2026-01-05", "FREQ=MONTHLY;BYMONTH=1,2"),
            // It would begin on Tuesday there.
            ("2026-01-05", "FREQ=WEEKLY;BYDAY=TU"), ("2026-01-05", "FREQ=DAILY;UNTIL=20250101T000000Z"),
        ])
    func refuses(start: String, rule: String) throws {
        let (first, parsed) = (try RulePair(start, "", is: rule).first, try RecurrenceRule(parsing: rule))
        let refusal = #expect(throws: MappingRefusal.self) {
            try GraphRecurrence(parsed, from: first, zones: .system, zoneName: nil)
        }
        #expect((refusal?.sentence.count ?? 0) > 20)
    }

    @Test(
        "does not guess at patterns that are no patterns",
        arguments: [
            #"{}"#, #"{"pattern":{"type":"hourly"},"range":{"type":"noEnd","startDate":"2026-01-05"}}"#,
            #"{"pattern":{"type":"weekly","daysOfWeek":[]},"range":{"type":"noEnd","startDate":"2026-01-05"}}"#,
            #"{"pattern":{"type":"weekly","daysOfWeek":["noday"]},"range":{"type":"noEnd","startDate":"2026-01-05"}}"#,
            #"{"pattern":{"type":"absoluteMonthly","dayOfMonth":0},"range":{"type":"noEnd","startDate":"2026-01-05"}}"#,
            #"{"pattern":{"type":"daily"},"range":{"type":"endDate","endDate":"2026-02-30","startDate":"2026-01-05"}}"#,
            #"{"pattern":{"type":"daily"},"range":{"type":"numbered","numberOfOccurrences":0,"startDate":"2026-01-05"}}"#,
        ])
    func nonsense(text: String) throws {
        let json = try JSONValue(parsing: Array(text.utf8))
        #expect(throws: MappingRefusal.self) { try GraphRecurrence(reading: json) }
    }
}
