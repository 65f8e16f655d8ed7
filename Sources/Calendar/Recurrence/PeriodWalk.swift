import CivilTime

/// Goes through the periods of a rule from its start on, and gives what it names in each: days as bit sets, so that a
/// period costs a few instructions and not one for each of its days.
struct PeriodWalk: Sendable {
    let plan: RulePlan
    private let shape: Shape
    /// Where the walk stands: a day, a month or a year, as the shape has it.
    private var position: Int64
    /// Which words of the year at `position` are still to come, bit n for word n; none before it is entered.
    private var words: UInt8 = 0
    private let interval: Int64
    /// What the rule names in months of one kind; `unknown` until it was worked out. Empty where it is not needed.
    private var monthsByKind: [UInt32] = []
    private static let unknown = UInt32.max  // A month has 31 days at most.
    /// What it names in years of one kind, and which of those words are to be given; none: not worked out yet.
    private var yearsByKind: [UInt64] = []
    private var wordsByKind: [UInt8] = []
    private static let wordsOfYear = 6
    /// The words of the year at `position`, and its first day.
    private var row = 0
    private var newYear: Int64 = 0
    /// How many times the next list is to hold.
    private var listLength = 1
    private static let longestList = 64
    /// Seconds from a list's first part to the last one but one, so that 32 bits hold all its times; may be negative.
    private let listSpan: Int64
    /// What BYSETPOS picks from, beyond units of a day.
    private let choice: Choice

    private enum Choice: Sendable {
        case everything
        /// With one time a day.
        case days
        case times
    }

    private enum Shape: Sendable {
        /// Days or weeks, several at a time: the pattern of one chunk, and how far it is to the next one.
        case strided(pattern: UInt64, advance: Int64)
        /// Units shorter than a day that fall otherwise on each day.
        case clock
        case months
        case years
    }

    init(plan: RulePlan) {
        self.plan = plan
        let rule = plan.rule
        interval = Int64(rule.interval)
        listSpan = Int64(Int32.max) - (min(interval, 100) + 1) * 366 * 86_400
        let first = CalendarMonth(holding: plan.startDay)
        position = plan.startDay
        let isChosen = !rule.bySetPosition.isEmpty && rule.frequency <= .weekly
        choice = !isChosen ? .everything : plan.times.count == 1 ? .days : .times
        switch rule.frequency {
        case .yearly:
            shape = .years
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
        case .years:
            position += max(0, (Int64(CalendarMonth(holding: day).year) - position) / interval) * interval
        }
    }

    /// What is named next; nil at the end of the calendar, and where a period begins after `last`. A chunk may be empty.
    /// Every period costs one of the budget, and one for each time of a day that it had to work out.
    @inline(__always)
    mutating func next(until last: Int64, budget: inout Int) throws(ExpansionError) -> DayChunk? {
        budget -= 1
        if budget < 0 { throw .tooManyCandidates }
        switch shape {
        case .strided(let pattern, let advance): return stride(pattern, advance).flatMap { $0.base <= last ? $0 : nil }
        case .clock: return clockDay(budget: &budget).flatMap { $0.base <= last ? $0 : nil }
        case .months, .years: return choice == .times ? chosen(until: last) : listed(until: last, budget: &budget)
        }
    }

    @inline(__always)
    private mutating func stride(_ pattern: UInt64, _ advance: Int64) -> DayChunk? {
        let day = position
        guard day <= CalendarMonth.days.upperBound else { return nil }
        position += advance
        let days = limited(pattern, from: day)
        return chunk(day: day, chosen: choice == .days ? selected(from: days) : days)
    }

    /// Days of one month, or of a part of a year.
    private struct Part {
        /// Wall seconds of the midnight that bit 0 stands for.
        let base: Int64
        var bits: UInt64
    }

    @inline(__always)
    private mutating func part(until last: Int64) -> Part? {
        let part: Part?
        if case .years = shape { part = yearPart() } else { part = monthPart() }
        guard let part, part.base <= last else { return nil }
        return part
    }

    @inline(__always)
    private mutating func monthPart() -> Part? {
        guard position <= CalendarMonth.lastIndex else { return nil }
        let month = CalendarMonth(index: position)
        position += interval
        let isNamed = plan.months >> UInt32(month.month - 1) & 1 == 1
        return Part(base: month.firstDay * 86_400, bits: isNamed ? days(named: month) : 0)
    }

    /// Of the next month or year the times that BYSETPOS picks.
    private mutating func chosen(until last: Int64) -> DayChunk? {
        guard case .years = shape else {
            return part(until: last).map { chunk(day: $0.base / 86_400, chosen: $0.bits) }
        }
        return yearTimes().flatMap { $0.base <= last ? $0 : nil }
    }

    /// Where a part names few days, and one time of each: several parts as one list of times. Lists begin short, since most
    /// questions end soon.
    private mutating func listed(until last: Int64, budget: inout Int) -> DayChunk? {
        guard let first = part(until: last) else { return nil }
        guard plan.times.count == 1, first.bits.nonzeroBitCount <= 1 else {
            return DayChunk(base: first.base, bits: first.bits, times: nil)
        }
        let time = Int64(plan.times[0])
        var times: [Int32] = []
        times.reserveCapacity(listLength)
        var next = first
        while true {
            let midnight = next.base - first.base + time
            while next.bits != 0 {
                times.append(Int32(truncatingIfNeeded: midnight + Int64(next.bits.trailingZeroBitCount) * 86_400))
                next.bits &= next.bits - 1
            }
            guard times.count < listLength, budget > 0, next.base - first.base < listSpan,
                let following = part(until: last)
            else { break }
            budget -= 1
            next = following
        }
        listLength = min(listLength * 2, Self.longestList)
        return DayChunk(base: first.base, bits: 0, times: times)
    }

    /// `days` are what is named, or where BYSETPOS picks times, what it picks from.
    private func chunk(day: Int64, chosen days: UInt64) -> DayChunk {
        guard choice == .times else { return DayChunk(base: day * 86_400, bits: days, times: nil) }
        var all = YearDays(length: 366, isFull: false)
        all.words[0] = days
        return DayChunk(base: day * 86_400, bits: 0, times: selected(from: all))
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

    /// Of each year one word with days after another; where a year has none, an empty chunk.
    @inline(__always)
    private mutating func yearPart() -> Part? {
        if words == 0 {
            guard position <= 9999 else { return nil }
            enter(CalendarYear(Int(position)))
        }
        let word = words.trailingZeroBitCount & 7
        words &= words - 1
        if words == 0 { position += interval }
        return Part(base: (newYear + Int64(word) * 64) * 86_400, bits: yearsByKind[row + word])
    }

    @inline(__always)
    private mutating func enter(_ year: CalendarYear) {
        if wordsByKind.isEmpty { wordsByKind = Array(repeating: 0, count: kindsOfYear) }
        let kind = plan.seesWeekdays ? year.kind : year.length - CalendarYear.shortest
        (newYear, row) = (year.newYear, kind * Self.wordsOfYear)
        if wordsByKind[kind] == 0 { learn(year, kind) }
        words = wordsByKind[kind]
    }

    private var kindsOfYear: Int { plan.seesWeekdays ? CalendarYear.kinds : 2 }

    @inline(never)
    private mutating func learn(_ year: CalendarYear, _ kind: Int) {
        if yearsByKind.isEmpty {
            yearsByKind = Array(repeating: 0, count: kindsOfYear * Self.wordsOfYear)
        }
        var days = plan.days(of: year)
        if choice == .days {
            let seconds = selected(from: days)
            days = YearDays(length: year.length, isFull: false)
            for second in seconds { days.insert(Int(second / 86_400)) }
        }
        var named: UInt8 = 0
        for word in 0..<6 where days.words[word] != 0 {
            yearsByKind[row + word] = days.words[word]
            named |= 1 << UInt8(word)
        }
        // A year without days is one empty word.
        wordsByKind[kind] = named == 0 ? 1 : named
    }

    /// Of each year the times that BYSETPOS picks.
    private mutating func yearTimes() -> DayChunk? {
        guard position <= 9999 else { return nil }
        let year = CalendarYear(Int(position))
        position += interval
        return DayChunk(base: year.newYear * 86_400, bits: 0, times: selected(from: plan.days(of: year)))
    }

    // MARK: Months

    private mutating func days(named month: CalendarMonth) -> UInt64 {
        if monthsByKind.isEmpty { monthsByKind = Array(repeating: Self.unknown, count: CalendarMonth.kinds) }
        let kind = month.kind
        if monthsByKind[kind] != Self.unknown { return UInt64(monthsByKind[kind]) }
        var days = plan.days(month: month)
        if choice == .days { days = selected(from: days) }
        monthsByKind[kind] = UInt32(truncatingIfNeeded: days)
        return days
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
