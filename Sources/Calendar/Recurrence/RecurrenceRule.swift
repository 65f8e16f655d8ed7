public import CivilTime

/// An RRULE (RFC 5545 §3.3.10), valid by construction: every part is in range and fits the frequency.
public struct RecurrenceRule: Hashable, Sendable {
    public enum Frequency: String, Hashable, Sendable, CaseIterable {
        case yearly = "YEARLY"
        case monthly = "MONTHLY"
        case weekly = "WEEKLY"
        case daily = "DAILY"
        case hourly = "HOURLY"
        case minutely = "MINUTELY"
        case secondly = "SECONDLY"
    }

    /// Where the rule ends. A date includes its whole day.
    public enum End: Hashable, Sendable {
        /// At least 1; the first instance counts.
        case count(Int)
        case untilDate(CivilDate)
        case untilLocal(CivilDateTime)
        case untilUTC(Instant)
    }

    /// `2MO`: the second Monday; without an ordinal every one.
    public struct Day: Hashable, Sendable {
        /// -53 to 53, not 0.
        public var ordinal: Int?
        public var weekday: Weekday
        public init(ordinal: Int? = nil, weekday: Weekday) { (self.ordinal, self.weekday) = (ordinal, weekday) }
    }

    public internal(set) var frequency: Frequency
    /// At least 1.
    public internal(set) var interval = 1
    /// Nil: without end.
    public internal(set) var end: End?
    public internal(set) var bySecond: [Int] = []
    public internal(set) var byMinute: [Int] = []
    public internal(set) var byHour: [Int] = []
    public internal(set) var byDay: [Day] = []
    public internal(set) var byMonthDay: [Int] = []
    public internal(set) var byYearDay: [Int] = []
    public internal(set) var byWeekNumber: [Int] = []
    public internal(set) var byMonth: [Int] = []
    public internal(set) var bySetPosition: [Int] = []
    public internal(set) var weekStart = Weekday.monday

    /// The rule in canonical spelling, parts in the RFC's order.
    public var text: String { RuleText.write(self) }

    init(frequency: Frequency) { self.frequency = frequency }

    /// The same rule without the parts that name times of the day.
    func ofDays() -> RecurrenceRule {
        var rule = self
        (rule.byHour, rule.byMinute, rule.bySecond) = ([], [], [])
        return rule
    }

    /// The same rule with another end, or without one.
    public func ending(_ end: End?) -> RecurrenceRule {
        var rule = self
        rule.end = end
        return rule
    }
}

/// The parts of an RRULE, as errors name them.
public enum RulePart: String, Hashable, Sendable {
    case frequency = "FREQ"
    case until = "UNTIL"
    case count = "COUNT"
    case interval = "INTERVAL"
    case bySecond = "BYSECOND"
    case byMinute = "BYMINUTE"
    case byHour = "BYHOUR"
    case byDay = "BYDAY"
    case byMonthDay = "BYMONTHDAY"
    case byYearDay = "BYYEARDAY"
    case byWeekNumber = "BYWEEKNO"
    case byMonth = "BYMONTH"
    case bySetPosition = "BYSETPOS"
    case weekStart = "WKST"
    case calendarScale = "RSCALE"
    case skip = "SKIP"
}

/// Why an RRULE was refused. `column` counts UTF-8 bytes from 0.
public enum RuleParseError: Error, Hashable, Sendable {
    /// FREQ is required exactly once (RFC 5545 §3.3.10).
    case missingFrequency
    case repeatedPart(RulePart, column: Int)
    case unknownPart(String, column: Int)
    case malformed(RulePart, column: Int)
    case outOfRange(RulePart, found: Int, allowed: ClosedRange<Int>, column: Int)
    /// The part may not stand with this frequency, or not alone.
    case notAllowed(RulePart, with: RecurrenceRule.Frequency)
    /// UNTIL and COUNT exclude each other.
    case untilAndCount
    /// RSCALE and SKIP (RFC 7529) are not supported: other calendars would give other dates.
    case unsupported(RulePart, column: Int)
    /// More values than any real rule has.
    case tooManyValues(RulePart, column: Int)
}
