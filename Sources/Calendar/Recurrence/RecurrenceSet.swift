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
        (self.start, self.dates, self.exceptions) = (start, dates, exceptions)
        // BYHOUR, BYMINUTE and BYSECOND are ignored where DTSTART is a date (RFC 5545 §3.3.10).
        if case .date = start { self.rules = rules.map { $0.ofDays() } } else { self.rules = rules }
    }

    /// Starts whose instant lies in `[from, until)`, ascending, each once. Rules without COUNT are entered near `from`,
    /// so a late window costs no more than an early one.
    /// - Throws: where a limit was met; what had been found until then is not whole, so it is not returned.
    public func starts(
        from: Instant, until: Instant, limits: ExpansionLimits = .init()
    ) throws(ExpansionError) -> [Start] {
        var cursor = cursor(from: from, until: until, limits: limits)
        var found: [Start] = []
        while let start = try cursor.nextStart() { found.append(start) }
        return found
    }

    /// The instants in `[from, until)`, ascending, each once, worked out one after the other as they are asked for.
    ///
    ///     var cursor = set.cursor(from: now)
    ///     while let instant = try cursor.next(), instant < end { … }
    ///
    /// Rules without COUNT are entered near `from`; with COUNT what comes before is counted by whole months.
    public func cursor(
        from: Instant = Instant(seconds: .min), until: Instant = Instant(seconds: .max),
        limits: ExpansionLimits = .init()
    ) -> RecurrenceCursor {
        RecurrenceCursor(set: self, from: from, until: until, limits: limits)
    }

    /// DTSTART on the wall.
    var wallStart: Int64 {
        switch start {
        case .date(let date): Int64(date.dayNumber) * 86_400
        case .local(let time, _): time.wallSeconds
        case .utc(let instant): instant.seconds
        }
    }

    /// Whether DTSTART is a date: rules then name days.
    var isOfDates: Bool { if case .date = start { true } else { false } }

    /// The zone that turns wall time into instants; dates and UTC need none.
    var zone: Zone? { if case .local(_, let zone) = start { zone } else { nil } }

    func offset(at instant: Instant) -> Int64 { Int64(zone?.offset(at: instant) ?? 0) }

    /// The last wall time the rule may name, its end included.
    func lastWall(of rule: RecurrenceRule) -> Int64 {
        switch rule.end {
        case nil, .count: .max
        case .untilDate(let date):
            if case .date = start { Int64(date.dayNumber) * 86_400 } else { Int64(date.dayNumber) * 86_400 + 86_399 }
        case .untilLocal(let time):
            if case .date = start { Int64(time.date.dayNumber) * 86_400 } else { time.wallSeconds }
        case .untilUTC(let instant):
            switch start {
            case .local(_, let zone): Self.lastWall(in: zone, notAfter: instant)
            case .utc: instant.seconds
            // A day whose midnight in UTC is not after the end: what clients mean that write UTC for dates.
            case .date: instant.seconds
            }
        }
    }

    /// The last wall time that, once, stands for an instant not after the given one. Where the clock shows a time for
    /// the second time, all that were shown twice have passed: they mean the first time (RFC 5545 §3.3.5).
    private static func lastWall(in zone: Zone, notAfter instant: Instant) -> Int64 {
        let wall = zone.civil(at: instant)
        let first = zone.instant(of: wall)
        let end = Instant(seconds: instant.seconds + 1)
        guard first < instant, let change = zone.nextTransition(after: first, before: end) else {
            return wall.wallSeconds
        }
        return change.seconds + Int64(zone.offset(at: first)) - 1
    }

    func value(at wall: Int64) -> Start {
        guard let time = CivilDateTime(wallSeconds: wall) else { return start }
        return switch start {
        case .date: .date(time.date)
        case .local(_, let zone): .local(time, zone)
        case .utc: .utc(Instant(seconds: wall))
        }
    }
}
