import CivilTime

/// A rule made ready for a start: what RFC 5545 §3.3.10 takes from DTSTART is filled in, lists are bit masks.
final class RulePlan: Sendable {
    let rule: RecurrenceRule
    /// Wall seconds of DTSTART.
    let start: Int64
    let startDay: Int64
    /// Bit n is month n + 1; all where the rule names none.
    let months: UInt32
    /// Which days of a month; nil: all.
    let monthDays: MonthDays?
    /// Bit n is weekday n from Sunday, where no ordinal stands before it; 127 where the rule names none.
    let weekdays: UInt8
    let ordinals: [(ordinal: Int, weekday: Int)]
    let hasDays: Bool
    /// Whether equally long months or years may be named differently: by the weekday that they begin on.
    let seesWeekdays: Bool
    /// BYDAY counts within the month, otherwise within the year.
    let countsInMonth: Bool
    /// Seconds of the day, ascending, where every day has the same ones.
    let times: [Int32]
    let clock: ClockPlan

    init(rule: RecurrenceRule, start: Int64, isOfDates: Bool) {
        (self.rule, self.start) = (rule, start)
        startDay = start.flooredDivision(by: 86_400)
        let first = CivilDate(dayNumber: Int32(clamping: startDay))
        var (months, monthDays, days) = (rule.byMonth, rule.byMonthDay, rule.byDay)
        let isOpen = days.isEmpty && monthDays.isEmpty && rule.byYearDay.isEmpty
        if let first {
            switch rule.frequency {
            case .yearly where isOpen && !rule.byWeekNumber.isEmpty, .weekly where days.isEmpty:
                days = [.init(weekday: first.weekday)]
            case .yearly where isOpen:
                monthDays = [first.day]
                if months.isEmpty { months = [first.month] }
            case .monthly where isOpen: monthDays = [first.day]
            default: break
            }
        }
        self.months = months.isEmpty ? 0xfff : months.reduce(0) { $0 | 1 << UInt32($1 - 1) }
        self.monthDays = monthDays.isEmpty ? nil : MonthDays(monthDays)
        hasDays = !days.isEmpty
        seesWeekdays = hasDays || !rule.byWeekNumber.isEmpty
        let plain = days.filter { $0.ordinal == nil }.reduce(UInt8(0)) { $0 | 1 << UInt8($1.weekday.rawValue) }
        weekdays = days.isEmpty ? 127 : plain
        ordinals = days.compactMap { day in day.ordinal.map { ($0, day.weekday.rawValue) } }
        countsInMonth = rule.frequency == .monthly || !rule.byMonth.isEmpty
        clock = ClockPlan(rule: rule, start: start, isOfDates: isOfDates)
        times = clock.everyDay
    }

    /// Whether BYDAY is decided within one month.
    var decidesDaysInMonth: Bool { countsInMonth || ordinals.isEmpty }
    var hasMonthParts: Bool { months != 0xfff || monthDays != nil || !ordinals.isEmpty && countsInMonth }
    /// Whether something but the weekday decides which days are in, where every day is a candidate.
    var hasDayLimits: Bool { months != 0xfff || monthDays != nil || !rule.byYearDay.isEmpty }
}

/// BYMONTHDAY as masks: from the front, bit n is day n + 1; from the back, bit 31 - n is day -n.
struct MonthDays: Sendable {
    private var front: UInt32 = 0
    private var back: UInt32 = 0

    init(_ days: [Int]) {
        for day in days { if day > 0 { front |= 1 << UInt32(day - 1) } else { back |= 1 << UInt32(31 + day) } }
    }

    func mask(length: Int) -> UInt32 { front | back >> UInt32(31 - length) }
}

extension RulePlan {
    /// The days of one month that the rule names, bit n for day n + 1; `first` is the number of its first day.
    func days(month: CalendarMonth) -> UInt64 {
        var mask = (UInt32(1) << UInt32(month.length)) - 1
        if let monthDays { mask &= monthDays.mask(length: month.length) }
        guard hasDays, decidesDaysInMonth, mask != 0 else { return UInt64(mask) }
        let weekday = Self.weekday(ofDay: month.firstDay)
        var named = UInt32(truncatingIfNeeded: Self.pattern(weekdays, from: weekday))
        for (ordinal, day) in ordinals {
            named |= UInt32(truncatingIfNeeded: Self.bit(ordinal, day, from: weekday, length: month.length) ?? 0)
        }
        return UInt64(mask & named)
    }

    /// Weekdays repeated over 64 days of which the first is `weekday`.
    static func pattern(_ weekdays: UInt8, from weekday: Int) -> UInt64 {
        let week = UInt64((UInt16(weekdays) >> UInt16(weekday) | UInt16(weekdays) << UInt16(7 - weekday)) & 127)
        return week &* 0x8102_0408_1020_4081  // Nine copies, seven bits apart; what does not fit is cut off.
    }

    /// 0 is Sunday; 1970-01-01 was a Thursday, and every day of the calendar is after -719,163.
    static func weekday(ofDay day: Int64) -> Int { Int(UInt64(day + 719_163) % 7) }

    /// The `ordinal`-th `day` of a month of `length` days that begins on `weekday`, as a bit.
    private static func bit(_ ordinal: Int, _ day: Int, from weekday: Int, length: Int) -> UInt64? {
        index(ordinal, day, from: weekday, length: length).map { 1 << UInt64($0) }
    }

    /// The `ordinal`-th `day` of `length` days that begin on `weekday`, counted from 0.
    static func index(_ ordinal: Int, _ day: Int, from weekday: Int, length: Int) -> Int? {
        let first = (day - weekday + 7) % 7
        let index = ordinal > 0 ? first + 7 * (ordinal - 1) : first + ((length - 1 - first) / 7 + ordinal + 1) * 7
        return (0..<length).contains(index) ? index : nil
    }
}

extension Int64 {
    /// Division towards the past, so that negative wall times fall on the right day. `divisor` is positive.
    func flooredDivision(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
