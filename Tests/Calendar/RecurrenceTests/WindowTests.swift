import CivilTime
import Recurrence
import Testing

@Suite("Windows on a recurrence set")
struct WindowTests {
    static let rules = [
        "FREQ=DAILY", "FREQ=HOURLY;INTERVAL=7", "FREQ=WEEKLY;COUNT=90;BYDAY=MO,SU", "FREQ=MONTHLY;BYDAY=-1SU,2SU",
        "FREQ=MINUTELY;INTERVAL=41;BYHOUR=1,2,3", "FREQ=YEARLY;BYDAY=SU;BYHOUR=2;COUNT=70",
        "FREQ=DAILY;COUNT=700;BYSETPOS=1;BYHOUR=2,3",
    ]

    @Test(
        "hold what the whole holds between their ends, over clock changes and a day that was left out",
        arguments: ["America/Denver", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Kolkata"])
    func windows(name: String) throws {
        let zone = try #require(ZoneDatabase.system.zone(ZoneID(name)))
        let date = try #require(CivilDate(year: 2011, month: 1, day: 3))
        let time = try #require(CivilDateTime(date: date, hour: 2, minute: 15, second: 0))
        let (first, day) = (1_293_000_000 as Int64, 86_400 as Int64)
        let end = first + 800 * day
        var endsSeen = 0
        for rule in Self.rules {
            let set = RecurrenceSet(start: .local(time, zone), rules: [try RecurrenceRule(parsing: rule)])
            func instants(_ from: Int64, _ until: Int64) throws -> [Int64] {
                try set.starts(from: Instant(seconds: from), until: Instant(seconds: until)).map(\.instant.seconds)
            }
            let whole = try instants(first, end)
            #expect(!whole.isEmpty && whole == Array(Set(whole)).sorted(), "ascending, each once: \(rule)")
            // Ends on an instant, a second before and a second after it, and where nothing is.
            for index in stride(from: 0, to: whole.count, by: 1 + whole.count / 40) {
                for from in [whole[index] - 1, whole[index], whole[index] + 1] {
                    for until in [from + 1, from + 3 * day, from + 40 * day] where until <= end {
                        let expected = whole.filter { $0 >= from && $0 < until }
                        if whole.contains(until) { endsSeen += 1 }
                        #expect(try instants(from, until) == expected, "\(rule) in \(from)..<\(until)")
                    }
                }
            }
        }
        #expect(endsSeen > 0, "the control: an end that were taken in would have been seen")
    }

    @Test(
        "steps of centuries, from the first year of the calendar to its last",
        arguments: [1, 4, 7, 23, 40, 67, 70, 99, 800])
    func longSteps(years: Int) throws {
        let date = try #require(CivilDate(year: 4, month: 2, day: 29))
        let start = try #require(CivilDateTime(date: date, hour: 9, minute: 0, second: 0))
        for rule in ["FREQ=YEARLY;INTERVAL=\(years)", "FREQ=MONTHLY;BYMONTH=2;INTERVAL=\(12 * years)"] {
            let set = RecurrenceSet(start: .local(start, .utc), rules: [try RecurrenceRule(parsing: rule)])
            let expected = stride(from: 4, through: 9999, by: years).filter(CivilDate.isLeap).compactMap {
                CivilDate(year: $0, month: 2, day: 29)
            }
            let end = Instant(seconds: 253_402_300_800)
            let found = try set.starts(from: Instant(seconds: start.wallSeconds), until: end).map {
                Zone.utc.civil(at: $0.instant).date
            }
            #expect(found == expected, "\(rule)")
            #expect(found.count > 9000 / (4 * years), "the control: there are as many")
        }
    }

    private static let months = (1...12).map(String.init).joined(separator: ",")

    @Test(
        "rules that mean the same expand alike, however they are written",
        arguments: [
            ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY;BYDAY=FR,MO,WE,TU,TH"),
            ("FREQ=DAILY;INTERVAL=7", "FREQ=WEEKLY"), ("FREQ=WEEKLY;INTERVAL=1;WKST=MO", "FREQ=WEEKLY;WKST=SU"),
            ("FREQ=DAILY;COUNT=10", "FREQ=DAILY;UNTIL=20110112T091500Z"),
            ("FREQ=DAILY;BYHOUR=9,17", "FREQ=HOURLY;BYHOUR=17,9"), ("FREQ=HOURLY;BYHOUR=9", "FREQ=DAILY"),
            ("FREQ=MONTHLY;BYMONTHDAY=15", "FREQ=YEARLY;BYMONTH=\(months);BYMONTHDAY=15"),
            ("FREQ=MONTHLY;BYDAY=2TU", "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2"),
            ("FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=-1"),
            ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "FREQ=MONTHLY;BYMONTH=11;BYDAY=TH;BYMONTHDAY=22,23,24,25,26,27,28"),
            ("FREQ=YEARLY;BYYEARDAY=-1", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31"),
            ("FREQ=YEARLY;BYYEARDAY=1,32", "FREQ=YEARLY;BYMONTH=2,1;BYMONTHDAY=1"),
        ])
    func spellings(one: String, other: String) throws {
        #expect(try expansion(one) == expansion(other))
    }

    @Test(
        "times of the day are ignored where DTSTART is a date (RFC 5545 §3.3.10)",
        arguments: ["FREQ=DAILY;BYSECOND=1", "FREQ=DAILY;BYHOUR=9,17;BYMINUTE=30", "FREQ=DAILY"])
    func dates(rule: String) throws {
        let date = try #require(CivilDate(year: 2024, month: 1, day: 31))
        let set = RecurrenceSet(start: .date(date), rules: [try RecurrenceRule(parsing: rule)])
        let from = Int64(date.dayNumber) * 86_400
        let starts = try set.starts(from: Instant(seconds: from), until: Instant(seconds: from + 3 * 86_400))
        #expect(starts == (0..<3).compactMap { date.adding(days: $0).map(RecurrenceSet.Start.date) })
    }

    @Test(
        "a rule finer than a day names each day that holds one of its units once where DTSTART is a date",
        arguments: [
            ("FREQ=HOURLY;BYMONTHDAY=2", [2]), ("FREQ=HOURLY;COUNT=3", [0, 1, 2]),
            ("FREQ=SECONDLY;INTERVAL=7;COUNT=3", [0, 1, 2]), ("FREQ=HOURLY;INTERVAL=36", [0, 1, 3, 4]),
            ("FREQ=MINUTELY;INTERVAL=2880;BYHOUR=9", [0, 2, 4]), ("FREQ=HOURLY;BYDAY=TH,FR;BYSETPOS=-1", [1, 2]),
        ])
    func unitsOfDates(rule: String, days: [Int]) throws {
        let date = try #require(CivilDate(year: 2024, month: 1, day: 31))
        let set = RecurrenceSet(start: .date(date), rules: [try RecurrenceRule(parsing: rule)])
        let from = Int64(date.dayNumber) * 86_400
        let starts = try set.starts(from: Instant(seconds: from), until: Instant(seconds: from + 5 * 86_400))
        #expect(starts.map { ($0.instant.seconds - from) / 86_400 } == ([0] + days.filter { $0 > 0 }).map(Int64.init))
        #expect(starts.allSatisfy { if case .date = $0 { true } else { false } })
    }

    @Test("rules that mean something else do not: the control")
    func otherMeaning() throws {
        #expect(try expansion("FREQ=MONTHLY;BYDAY=2TU") != expansion("FREQ=MONTHLY;BYDAY=3TU"))
    }

    /// Ten years from Monday 3 January 2011, 09:15 UTC.
    private func expansion(_ rule: String) throws -> [Int64] {
        let zone = try #require(ZoneDatabase.system.zone(.utc))
        let time = try #require(
            CivilDate(year: 2011, month: 1, day: 3).flatMap { CivilDateTime(date: $0, hour: 9, minute: 15, second: 0) })
        let set = RecurrenceSet(start: .local(time, zone), rules: [try RecurrenceRule(parsing: rule)])
        let from = Instant(seconds: 1_293_000_000)
        return try set.starts(from: from, until: Instant(seconds: from.seconds + 3_660 * 86_400)).map(\.instant.seconds)
    }
}
