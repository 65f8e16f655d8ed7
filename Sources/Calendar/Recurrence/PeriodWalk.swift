import CivilTime

/// Goes through the periods of a rule from its start on, and gives what it names in each: days as bit sets, so that a
/// period costs a few instructions and not one for each of its days.
struct PeriodWalk: Sendable {
    let plan: RulePlan
    private let shape: Shape
    /// Where the walk stands: a day, a month or a year, as the shape has it.
    private var position: Int64
    private var month = 0
    private var year: YearDays?
    private var word = 0
    private let interval: Int64

    private enum Shape: Sendable {
        /// Days or weeks, several at a time: the pattern of one chunk, and how far it is to the next one.
        case strided(pattern: UInt64, advance: Int64)
        /// Units shorter than a day that fall otherwise on each day.
        case clock
        case months
        /// Years of which single months decide.
        case monthsOfYear
        case years
    }

    init(plan: RulePlan) {
        self.plan = plan
        let rule = plan.rule
        interval = Int64(rule.interval)
        let first = CalendarMonth(holding: plan.startDay)
        position = plan.startDay
        switch rule.frequency {
        case .yearly:
            let isWhole =
                !rule.byYearDay.isEmpty || !rule.byWeekNumber.isEmpty || !rule.bySetPosition.isEmpty
                || !plan.decidesDaysInMonth
            shape = isWhole ? .years : .monthsOfYear
            position = Int64(first.year)
        case .monthly:
            shape = .months
            position = first.index
        case .weekly:
            let back = (RulePlan.weekday(ofDay: plan.startDay) - rule.weekStart.rawValue + 7) % 7
            position -= Int64(back)
            let week = RulePlan.pattern(plan.weekdays, from: rule.weekStart.rawValue) & 127
            shape = Self.strided(week, length: 7, interval: interval, isAlone: !rule.bySetPosition.isEmpty)
        case .daily: shape = Self.strided(1, length: 1, interval: interval, isAlone: false)
        case .hourly, .minutely, .secondly:
            shape = plan.clock.step == 0 ? Self.strided(1, length: 1, interval: 1, isAlone: false) : .clock
        }
    }

    /// As many units as 64 days hold, or one.
    private static func strided(_ unit: UInt64, length: Int64, interval: Int64, isAlone: Bool) -> Shape {
        let stride = length * interval
        let count = isAlone ? 1 : max(1, (64 - length) / stride + 1)
        var pattern: UInt64 = 0
        for index in 0..<count { pattern |= unit << UInt64(index * stride) }
        return .strided(pattern: pattern, advance: count * stride)
    }

    /// Goes on to the period that holds `day`, where that is later.
    mutating func seek(day: Int64) {
        let day = min(day, CalendarMonth.days.upperBound)
        guard day > plan.startDay else { return }
        switch shape {
        case .strided(_, let advance): position += max(0, (day - position) / advance) * advance
        case .clock: position = max(position, day)
        case .months: position += max(0, (CalendarMonth(holding: day).index - position) / interval) * interval
        case .monthsOfYear, .years:
            position += max(0, (Int64(CalendarMonth(holding: day).year) - position) / interval) * interval
        }
    }

    /// What is named next; nil at the end of the calendar, and where a period begins after `last`. A chunk may be empty.
    /// Every call costs one of the budget, and one for each time of a day that it had to work out.
    mutating func next(until last: Int64, budget: inout Int) throws(ExpansionError) -> DayChunk? {
        budget -= 1
        if budget < 0 { throw .tooManyCandidates }
        guard let chunk = produce(budget: &budget), chunk.base <= last else { return nil }
        return chunk
    }

    private mutating func produce(budget: inout Int) -> DayChunk? {
        switch shape {
        case .strided(let pattern, let advance):
            let day = position
            guard day <= CalendarMonth.days.upperBound else { return nil }
            position += advance
            return chunk(day: day, limited(pattern, from: day))
        case .clock: return clockDay(budget: &budget)
        case .months:
            guard position <= CalendarMonth.lastIndex else { return nil }
            let month = CalendarMonth(index: position)
            position += interval
            let isNamed = plan.months >> UInt32(month.month - 1) & 1 == 1
            return chunk(day: month.firstDay, isNamed ? plan.days(month: month) : 0)
        case .monthsOfYear:
            let rest = plan.months >> UInt32(month)
            if rest == 0 { (position, month) = (position + interval, 0) }
            month += (rest == 0 ? plan.months : rest).trailingZeroBitCount
            guard position <= 9999 else { return nil }
            month += 1
            let month = CalendarMonth(year: Int(position), month: month)
            return chunk(day: month.firstDay, plan.days(month: month))
        case .years: return yearPart(budget: &budget)
        }
    }

    private func chunk(day: Int64, _ bits: UInt64) -> DayChunk {
        let base = day * 86_400
        guard !plan.rule.bySetPosition.isEmpty, plan.rule.frequency <= .weekly else {
            return DayChunk(base: base, bits: bits, times: nil)
        }
        guard plan.times.count != 1 else { return DayChunk(base: base, bits: selected(from: bits), times: nil) }
        var year = YearDays(length: 366, isFull: false)
        year.words[0] = bits
        return DayChunk(base: base, bits: 0, times: selected(from: year))
    }

    // MARK: Days of every kind

    /// Leaves of `bits` what the other BY parts allow of the days from `first` on.
    private func limited(_ bits: UInt64, from first: Int64) -> UInt64 {
        var bits = bits
        if plan.hasDays, plan.rule.frequency != .weekly {
            bits &= RulePlan.pattern(plan.weekdays, from: RulePlan.weekday(ofDay: first))
        }
        let last = min(first + 63, CalendarMonth.days.upperBound)
        if last - first < 63 { bits &= (1 << UInt64(last - first + 1)) - 1 }
        guard plan.hasDayLimits, bits != 0 else { return bits }
        var allowed: UInt64 = 0
        // A week may begin before the calendar does.
        var month = CalendarMonth(holding: max(first, CalendarMonth.days.lowerBound))
        while true {
            let shift = month.firstDay - first
            let days = self.days(of: month)
            allowed |= shift < 0 ? days >> UInt64(-shift) : days << UInt64(shift)
            guard month.firstDay + Int64(month.length) <= last else { return bits & allowed }
            month = CalendarMonth(index: month.index + 1)
        }
    }

    private func days(of month: CalendarMonth) -> UInt64 {
        guard plan.months >> UInt32(month.month - 1) & 1 == 1 else { return 0 }
        var days = (UInt64(1) << UInt64(month.length)) - 1
        if let named = plan.monthDays { days &= UInt64(named.mask(length: month.length)) }
        if !plan.rule.byYearDay.isEmpty {
            let newYear = CalendarMonth.dayNumber(year: Int64(month.year), month: 1)
            let year = plan.yearDays(length: CivilDate.isLeap(month.year) ? 366 : 365)
            days &= year.bits(from: Int(month.firstDay - newYear))
        }
        return days
    }

    private mutating func clockDay(budget: inout Int) -> DayChunk? {
        let day = plan.clock.day(atOrAfter: position)
        guard day <= CalendarMonth.days.upperBound else { return nil }
        position = day + 1
        guard limited(1, from: day) == 1 else { return DayChunk(base: day * 86_400, bits: 0, times: nil) }
        let times = plan.clock.times(onDay: day)
        budget -= times.count
        return DayChunk(base: day * 86_400, bits: 0, times: times)
    }

    // MARK: Years

    private mutating func yearPart(budget: inout Int) -> DayChunk? {
        guard position <= 9999 else { return nil }
        let newYear = CalendarMonth.dayNumber(year: position, month: 1)
        if let year {
            let chunk = DayChunk(base: (newYear + Int64(word) * 64) * 86_400, bits: year.words[word], times: nil)
            word += 1
            while word < 6, year.words[word] == 0 { word += 1 }
            if word == 6 { (self.year, word, position) = (nil, 0, position + interval) }
            return chunk
        }
        let days = plan.days(year: Int(position))
        if !plan.rule.bySetPosition.isEmpty {
            position += interval
            return DayChunk(base: newYear * 86_400, bits: 0, times: selected(from: days))
        }
        year = days
        while word < 5, days.words[word] == 0 { word += 1 }
        return yearPart(budget: &budget)
    }

    // MARK: BYSETPOS

    /// With one time a day: the days are the set.
    private func selected(from bits: UInt64) -> UInt64 {
        var kept: UInt64 = 0
        for position in plan.rule.bySetPosition {
            var rest = bits
            if position > 0 {
                for _ in 1..<position where rest != 0 { rest &= rest - 1 }
                kept |= rest & (~rest &+ 1)  // The lowest bit: two's complement.
            } else {
                for _ in 1..<(-position) where rest != 0 { rest &= ~(1 << UInt64(63 - rest.leadingZeroBitCount)) }
                if rest != 0 { kept |= 1 << UInt64(63 - rest.leadingZeroBitCount) }
            }
        }
        return kept
    }

    /// Seconds since the first day's midnight of what BYSETPOS picks from these days with all their times.
    private func selected(from days: YearDays) -> [Int32] {
        let perDay = plan.times.count
        let places = plan.rule.setPositions(among: days.count * perDay)
        var picked: [Int32] = []
        picked.reserveCapacity(places.count)
        var (next, passed) = (0, 0)
        for word in 0..<6 {
            var bits = days.words[word]
            while bits != 0, next < places.count {
                let day = Int32(word * 64 + bits.trailingZeroBitCount)
                while next < places.count, places[next] < passed + perDay {
                    picked.append(day * 86_400 + plan.times[places[next] - passed])
                    next += 1
                }
                passed += perDay
                bits &= bits - 1
            }
        }
        return picked
    }
}

extension RecurrenceRule.Frequency: Comparable {
    /// From the longest period to the shortest.
    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .yearly: 0
        case .monthly: 1
        case .weekly: 2
        case .daily: 3
        case .hourly: 4
        case .minutely: 5
        case .secondly: 6
        }
    }
}
