public import CivilTime

/// How much work an expansion may be before it is refused.
public struct ExpansionLimits: Hashable, Sendable {
    /// Candidates examined, over all rules of one set.
    public var candidates = 500_000
    /// RDATE and EXDATE values together.
    public var dates = 20_000
    public var occurrences = 20_000
    public init() {}
}

/// Which limit an expansion met; what it had found until then is not whole, so it is not returned.
public enum ExpansionError: Error, Hashable, Sendable {
    case tooManyCandidates, tooManyOccurrences, tooManyDates
}

/// A start with everything that repeats it (RFC 5545 §3.8.5): rules and dates add, exceptions take away.
///
/// Days are wall-clock days in the start's zone. DTSTART is always the first instance and counts towards COUNT, as
/// §3.8.5.3 says. DIFFERENCE: python-dateutil leaves it out where it does not match the rule; calendar applications
/// show it, and a person who made the event expects to see it.
public struct RecurrenceSet: Sendable {
    public enum Start: Hashable, Sendable {
        case date(CivilDate)
        case local(CivilDateTime, Zone)
        case utc(Instant)

        /// Dates stand for their midnight in UTC.
        public var instant: Instant {
            switch self {
            case .date(let date): Instant(seconds: Int64(date.dayNumber) * 86_400)
            case .local(let time, let zone): zone.instant(of: time)
            case .utc(let instant): instant
            }
        }
    }

    public let start: Start
    public let rules: [RecurrenceRule]
    public let dates: [Start]
    public let exceptions: [Start]

    public init(start: Start, rules: [RecurrenceRule], dates: [Start] = [], exceptions: [Start] = []) {
        (self.start, self.rules, self.dates, self.exceptions) = (start, rules, dates, exceptions)
    }

    /// Starts whose instant lies in `[from, until)`, ascending, each once. Rules without COUNT are entered near `from`,
    /// so a late window costs no more than an early one.
    public func starts(
        from: Instant, until: Instant, limits: ExpansionLimits = .init()
    ) throws(ExpansionError) -> [Start] {
        guard dates.count + exceptions.count <= limits.dates else { throw .tooManyDates }
        let excluded = Set(exceptions.map(\.instant))
        var found: [Instant: Start] = [:]
        func add(_ candidate: Start) throws(ExpansionError) {
            let instant = candidate.instant
            guard instant >= from, instant < until, !excluded.contains(instant), found[instant] == nil else { return }
            guard found.count < limits.occurrences else { throw .tooManyOccurrences }
            found[instant] = candidate
        }
        try add(start)
        for date in dates { try add(date) }
        var budget = limits.candidates
        for rule in rules {
            var times = RuleTimes(rule: rule, start: wallStart, skippingTo: wallBound(from), budget: budget)
            let last = lastWall(of: rule)
            var remaining: Int?
            if case .count(let count) = rule.end { remaining = count }
            if let next = try times.next(), next != wallStart {
                // The rule does not name DTSTART, which is an instance all the same.
                remaining = remaining.map { $0 - 1 }
                times.pushBack(next)
            } else {
                times.pushBack(wallStart)
            }
            while remaining != 0, let time = try times.next(), time <= last {
                remaining = remaining.map { $0 - 1 }
                let candidate = value(at: time)
                guard candidate.instant < until else { break }
                try add(candidate)
            }
            budget = times.budget
        }
        return found.values.sorted { $0.instant < $1.instant }
    }

    /// DTSTART on the wall.
    private var wallStart: Int64 {
        switch start {
        case .date(let date): Int64(date.dayNumber) * 86_400
        case .local(let time, _): time.wallSeconds
        case .utc(let instant): instant.seconds
        }
    }

    /// A wall time before every instance that can lie at or after `from`.
    private func wallBound(_ from: Instant) -> Int64 {
        let (bound, overflow) = from.seconds.subtractingReportingOverflow(2 * 86_400)
        return overflow ? .min : bound
    }

    /// The last wall time the rule may name, its end included.
    private func lastWall(of rule: RecurrenceRule) -> Int64 {
        switch rule.end {
        case nil, .count: .max
        case .untilDate(let date):
            if case .date = start { Int64(date.dayNumber) * 86_400 } else { Int64(date.dayNumber) * 86_400 + 86_399 }
        case .untilLocal(let time):
            if case .date = start { Int64(time.date.dayNumber) * 86_400 } else { time.wallSeconds }
        case .untilUTC(let instant):
            switch start {
            case .local(_, let zone): zone.civil(at: instant).wallSeconds
            case .utc: instant.seconds
            // A day whose midnight in UTC is not after the end: what clients mean that write UTC for dates.
            case .date: instant.seconds
            }
        }
    }

    private func value(at wall: Int64) -> Start {
        guard let time = CivilDateTime(wallSeconds: wall) else { return start }
        return switch start {
        case .date: .date(time.date)
        case .local(_, let zone): .local(time, zone)
        case .utc: .utc(Instant(seconds: wall))
        }
    }
}
