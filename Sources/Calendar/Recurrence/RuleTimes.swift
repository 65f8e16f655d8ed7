import CivilTime

/// The wall-clock times a rule names from its start on, ascending, lazily, as seconds since 1970 on the wall. Every
/// candidate day or time that is looked at costs one of the budget.
struct RuleTimes {
    private(set) var budget: Int
    private let days: DayFilter
    private let clock: ClockFilter
    private let rule: RecurrenceRule
    private let start: Int64
    /// Which period comes next, counted in the rule's frequency from the one that holds the start.
    private var period: Int64 = 0
    private var ready: [Int64] = []
    private var position = 0
    private var isExhausted = false

    /// Where the rule has no COUNT, begins with the period that holds `bound`, or the start if that is later.
    init(rule: RecurrenceRule, start: Int64, skippingTo bound: Int64, budget: Int) {
        (self.rule, self.start, self.budget) = (rule, start, budget)
        days = DayFilter(rule: rule, start: start)
        clock = ClockFilter(rule: rule, start: start)
        if case .count = rule.end { return }
        if bound > start { period = Self.period(holding: bound, rule: rule, start: start) }
    }

    /// Puts back a time that was taken.
    mutating func pushBack(_ time: Int64) {
        if position > 0, ready[position - 1] == time {
            position -= 1
        } else {
            ready.insert(time, at: position)
        }
    }

    /// Nil at the end of the calendar.
    mutating func next() throws(ExpansionError) -> Int64? {
        while position >= ready.count {
            guard !isExhausted else { return nil }
            (ready, position) = ([], 0)
            try fill()
        }
        defer { position += 1 }
        return ready[position]
    }

    /// Works out one period.
    private mutating func fill() throws(ExpansionError) {
        guard let span = PeriodSpan(rule: rule, start: start, index: period) else {
            isExhausted = true
            return
        }
        period += 1  // Bounded: beyond the calendar's end there is no span.
        var times: [Int64] = []
        switch span {
        case .days(let first, let last):
            for day in first...last {
                try spend(1)
                guard days.admits(day) else { continue }
                try spend(clock.times.count)
                let midnight = Int64(day) * 86_400
                for time in clock.times { times.append(midnight + Int64(time)) }
            }
        case .clock(let from, let length):
            try spend(1)
            let day = Int32(clamping: from.flooredDivision(by: 86_400))
            guard days.admits(day) else {
                skipDay(after: from)
                return
            }
            let second = Int32(from - Int64(day) * 86_400)
            for time in clock.times(from: second, length: length) {
                try spend(1)
                times.append(Int64(day) * 86_400 + Int64(time))
            }
        }
        ready = select(times).filter { $0 >= start }
    }

    private mutating func spend(_ count: Int) throws(ExpansionError) {
        budget -= count
        if budget < 0 { throw .tooManyCandidates }
    }

    /// Goes to the first period that reaches the next day: nothing on this day can match.
    private mutating func skipDay(after wall: Int64) {
        let next = (wall.flooredDivision(by: 86_400) + 1) * 86_400
        period = max(period, Self.period(holding: next, rule: rule, start: start))
    }

    /// BYSETPOS picks from the times of one period.
    private func select(_ times: [Int64]) -> [Int64] {
        guard !rule.bySetPosition.isEmpty else { return times }
        let picked = rule.bySetPosition.compactMap { position -> Int64? in
            let index = position > 0 ? position - 1 : times.count + position
            return times.indices.contains(index) ? times[index] : nil
        }
        return Set(picked).sorted()
    }

    /// The index of a period at or before the one that holds `wall`.
    private static func period(holding wall: Int64, rule: RecurrenceRule, start: Int64) -> Int64 {
        let interval = Int64(rule.interval)
        guard let now = CivilDateTime(wallSeconds: wall)?.date, let first = CivilDateTime(wallSeconds: start)?.date
        else {
            return wall > start ? .max / 2 : 0
        }
        let elapsed: Int64 =
            switch rule.frequency {
            case .yearly: Int64(now.year - first.year)
            case .monthly: Int64((now.year - first.year) * 12 + now.month - first.month)
            case .weekly: Int64(now.dayNumber - first.dayNumber) / 7
            case .daily: Int64(now.dayNumber - first.dayNumber)
            case .hourly: (wall - start) / 3600
            case .minutely: (wall - start) / 60
            case .secondly: wall - start
            }
        // One before, since periods begin anywhere within their unit.
        return max(0, elapsed / interval - 1)
    }
}

/// What one period of a rule covers.
private enum PeriodSpan {
    /// Day numbers, both included.
    case days(Int32, Int32)
    /// A wall time and how many seconds of its day belong to the period.
    case clock(Int64, length: Int32)

    /// Nil beyond year 9999.
    init?(rule: RecurrenceRule, start: Int64, index: Int64) {
        let (steps, overflow) = index.multipliedReportingOverflow(by: Int64(rule.interval))
        // Wall times of the calendar span less than 2^39 seconds; more steps than that lead out of it.
        guard !overflow, steps < 1 << 39, let first = CivilDateTime(wallSeconds: start)?.date else { return nil }
        switch rule.frequency {
        case .yearly:
            guard let year = Self.plus(first.year, steps), let from = CivilDate(year: year, month: 1, day: 1),
                let to = CivilDate(year: year, month: 12, day: 31)
            else { return nil }
            self = .days(from.dayNumber, to.dayNumber)
        case .monthly:
            guard let months = Self.plus(first.year * 12 + first.month - 1, steps) else { return nil }
            let (year, month) = (months / 12, months % 12 + 1)
            guard let from = CivilDate(year: year, month: month, day: 1) else { return nil }
            self = .days(from.dayNumber, from.dayNumber + Int32(CivilDate.days(inMonth: month, of: year)) - 1)
        case .weekly:
            let back = (first.weekday.rawValue - rule.weekStart.rawValue + 7) % 7
            guard let from = first.adding(days: -back)?.adding(days: Int(steps * 7)),
                let to = from.adding(days: 6)
            else { return nil }
            self = .days(from.dayNumber, to.dayNumber)
        case .daily:
            guard let day = first.adding(days: Int(steps)) else { return nil }
            self = .days(day.dayNumber, day.dayNumber)
        case .hourly, .minutely, .secondly:
            let unit: Int64 = rule.frequency == .hourly ? 3600 : rule.frequency == .minutely ? 60 : 1
            let base = start.flooredDivision(by: unit) * unit
            let (seconds, tooFar) = steps.multipliedReportingOverflow(by: unit)
            guard !tooFar, let time = CivilDateTime(wallSeconds: base + seconds) else { return nil }
            self = .clock(time.wallSeconds, length: Int32(unit))
        }
    }

    private static func plus(_ value: Int, _ steps: Int64) -> Int? {
        let sum = Int64(value) + steps  // Both far below 2^40.
        return sum < 120_000 ? Int(sum) : nil
    }
}

extension Int64 {
    /// Division towards the past, so that negative wall times fall on the right day. `divisor` is positive.
    func flooredDivision(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
