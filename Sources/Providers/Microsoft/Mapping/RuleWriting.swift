internal import CivilTime
internal import ICalendar
internal import ProviderKit
internal import Recurrence

extension GraphRecurrence {
    /// What Graph says for `rule` of a series that begins at `first`.
    /// - Throws: where Graph would name other days: never a simpler rule instead.
    init(_ rule: RecurrenceRule, from first: EventTime, zones: ZoneDatabase, zoneName: String?) throws(MappingRefusal) {
        let start = Self.wall(first, zones)
        self.init(
            pattern: try Self.pattern(rule, start.date), interval: rule.interval, start: start.date,
            end: try Self.end(rule, first, start, zones), zoneName: zoneName)
        guard rule.interval <= 999 else { throw MappingRefusal("Microsoft cannot repeat in steps of more than 999.") }
        guard namesItsStart else {
            throw MappingRefusal("Microsoft cannot begin a series on a day that its rule does not name.")
        }
    }

    private static func pattern(_ rule: RecurrenceRule, _ start: CivilDate) throws(MappingRefusal) -> Pattern {
        guard rule.byHour.isEmpty, rule.byMinute.isEmpty, rule.bySecond.isEmpty else {
            throw MappingRefusal("Microsoft cannot repeat at several times of a day.")
        }
        guard rule.byYearDay.isEmpty, rule.byWeekNumber.isEmpty else {
            throw MappingRefusal("Microsoft cannot repeat on numbered days or weeks of the year.")
        }
        switch rule.frequency {
        case .hourly, .minutely, .secondly:
            throw MappingRefusal("Microsoft cannot repeat more often than once a day.")
        case .daily: return try daily(rule)
        case .weekly: return try weekly(rule, start)
        case .monthly:
            guard rule.byMonth.isEmpty else { throw MappingRefusal("Microsoft cannot repeat monthly in some months.") }
            if rule.byDay.isEmpty { return .absoluteMonthly(day: try monthDay(rule, start, months: Array(1...12))) }
            let (days, index) = try relative(rule)
            return .relativeMonthly(days, index)
        case .yearly: return try yearly(rule, start)
        }
    }

    /// Every day, or those of the week that are listed, which Graph says by weeks.
    private static func daily(_ rule: RecurrenceRule) throws(MappingRefusal) -> Pattern {
        guard rule.byMonth.isEmpty, rule.byMonthDay.isEmpty, rule.bySetPosition.isEmpty else {
            throw MappingRefusal("Microsoft cannot repeat daily in some months or on some dates.")
        }
        if rule.byDay.isEmpty { return .daily }
        guard rule.interval == 1 else {
            throw MappingRefusal("Microsoft cannot repeat every few days on some days of the week.")
        }
        return .weekly(rule.byDay.map(\.weekday), firstDay: rule.weekStart)
    }

    private static func weekly(_ rule: RecurrenceRule, _ start: CivilDate) throws(MappingRefusal) -> Pattern {
        guard rule.byMonth.isEmpty, rule.bySetPosition.isEmpty else {
            throw MappingRefusal("Microsoft cannot repeat weekly in some months, or by position in the week.")
        }
        return .weekly(rule.byDay.isEmpty ? [start.weekday] : rule.byDay.map(\.weekday), firstDay: rule.weekStart)
    }

    private static func yearly(_ rule: RecurrenceRule, _ start: CivilDate) throws(MappingRefusal) -> Pattern {
        guard rule.byMonth.count <= 1 else { throw MappingRefusal("Microsoft cannot repeat yearly in several months.") }
        guard rule.byDay.isEmpty else {
            guard let month = rule.byMonth.first else {
                throw MappingRefusal("Microsoft cannot repeat on weekdays counted from the start of the year.")
            }
            let (days, index) = try relative(rule)
            return .relativeYearly(days, index, month: month)
        }
        guard !rule.byMonth.isEmpty || rule.byMonthDay.isEmpty else {
            throw MappingRefusal("Microsoft cannot repeat yearly on one date of every month.")
        }
        let month = rule.byMonth.first ?? start.month
        return .absoluteYearly(month: month, day: try monthDay(rule, start, months: [month]))
    }

    /// The one date in `months`. Exchange takes a shorter month's last day, so a date that some months lack is only said
    /// where the rule means just that.
    private static func monthDay(_ rule: RecurrenceRule, _ start: CivilDate, months: [Int]) throws(MappingRefusal)
        -> Int
    {
        let shortest = months.map { CivilDate.days(inMonth: $0, of: 2001) }.min() ?? 28
        let longest = months.map { CivilDate.days(inMonth: $0, of: 2000) }.max() ?? 31
        let days = rule.byMonthDay.isEmpty ? [start.day] : rule.byMonthDay.sorted()
        if days == [-1], rule.bySetPosition.isEmpty || rule.bySetPosition == [-1] || rule.bySetPosition == [1] {
            return longest
        }
        if days.count == 1, days[0] > 0, days[0] <= shortest, rule.bySetPosition.isEmpty { return days[0] }
        // The last of these days that the month has: what `RuleReading` writes.
        if rule.bySetPosition == [-1], let last = days.last, last > shortest, last <= longest,
            days == Array(shortest...last)
        {
            return last
        }
        guard days.count == 1, days[0] > 0, rule.bySetPosition.isEmpty else {
            throw MappingRefusal(
                "Microsoft cannot repeat on several dates of a month, or on dates counted from its end.")
        }
        throw MappingRefusal("Microsoft cannot leave out the months that have no day \(days[0]).")
    }

    /// `2MO`, or several days with one position among them.
    private static func relative(_ rule: RecurrenceRule) throws(MappingRefusal) -> ([Weekday], Index) {
        guard rule.byMonthDay.isEmpty else {
            throw MappingRefusal("Microsoft cannot repeat on weekdays that fall on certain dates.")
        }
        let ordinals = rule.byDay.compactMap(\.ordinal)
        let position: Int?
        switch (ordinals.count, rule.bySetPosition.count) {
        case (0, 1): position = rule.bySetPosition[0]
        case (1, 0) where rule.byDay.count == 1: position = ordinals[0]
        default: position = nil
        }
        guard let index = position.flatMap(Index.init(position:)) else {
            throw MappingRefusal(
                "Microsoft can repeat on the first, second, third, fourth or last of some weekdays in a month only.")
        }
        return (rule.byDay.map(\.weekday), index)
    }

    /// The last day on which an occurrence begins.
    private static func end(
        _ rule: RecurrenceRule, _ first: EventTime, _ start: CivilDateTime, _ zones: ZoneDatabase
    ) throws(MappingRefusal) -> End {
        let last: CivilDateTime
        switch rule.end {
        case nil: return .never
        case .count(let count): return .count(count)
        case .untilDate(let date): return try checked(date, start)
        case .untilLocal(let time): last = time
        case .untilUTC(let instant): last = zone(first, zones).civil(at: instant)
        }
        // An occurrence later on the day of UNTIL is not one any more.
        let date = last.secondOfDay < start.secondOfDay ? last.date.adding(days: -1) : last.date
        guard let date else { throw MappingRefusal("The rule ends before it begins.") }
        return try checked(date, start)
    }

    private static func checked(_ date: CivilDate, _ start: CivilDateTime) throws(MappingRefusal) -> End {
        guard date >= start.date else { throw MappingRefusal("The rule ends before it begins.") }
        return .date(date)
    }

    private static func zone(_ time: EventTime, _ zones: ZoneDatabase) -> Zone {
        if case .zoned(_, let id) = time { zones.zone(id) ?? .utc } else { .utc }
    }

    private static func wall(_ time: EventTime, _ zones: ZoneDatabase) -> CivilDateTime {
        switch time {
        case .allDay(let date): date.midnight
        case .floating(let time), .zoned(let time, _): time
        case .utc(let instant): Zone.utc.civil(at: instant)
        }
    }
}
