import CivilTime

extension RecurrenceRule {
    /// Reads the value of an RRULE property. Names and values may be in any case; parts in any order.
    public init(parsing text: String) throws(RuleParseError) {
        let rule = try RuleParser(text).rule()
        try rule.checkCombination()
        self = rule
    }

    /// Which parts may stand together (RFC 5545 §3.3.10, the notes under the table).
    private func checkCombination() throws(RuleParseError) {
        if !byWeekNumber.isEmpty && frequency != .yearly { throw .notAllowed(.byWeekNumber, with: frequency) }
        if !byYearDay.isEmpty && [.daily, .weekly, .monthly].contains(frequency) {
            throw .notAllowed(.byYearDay, with: frequency)
        }
        if !byMonthDay.isEmpty && frequency == .weekly { throw .notAllowed(.byMonthDay, with: frequency) }
        let hasOrdinal = byDay.contains { $0.ordinal != nil }
        if hasOrdinal && (![.monthly, .yearly].contains(frequency) || !byWeekNumber.isEmpty) {
            throw .notAllowed(.byDay, with: frequency)
        }
        let hasOther = [
            bySecond, byMinute, byHour, byMonthDay, byYearDay, byWeekNumber, byMonth,
        ].contains { !$0.isEmpty }
        if !bySetPosition.isEmpty && !hasOther && byDay.isEmpty { throw .notAllowed(.bySetPosition, with: frequency) }
    }
}

/// One pass over the parts of a rule.
private struct RuleParser {
    private let parts: [(name: String, value: String, column: Int)]
    private static let mostValues = 400

    init(_ text: String) throws(RuleParseError) {
        var parts: [(String, String, Int)] = []
        var column = 0
        for part in text.split(separator: ";", omittingEmptySubsequences: false) {
            if !part.isEmpty {
                guard let equals = part.firstIndex(of: "=") else {
                    throw .unknownPart(String(part.prefix(40)), column: column)
                }
                let name = part[..<equals].uppercased()
                let valueColumn = column + part[...equals].utf8.count
                parts.append((name, String(part[part.index(after: equals)...]), valueColumn))
            }
            column += part.utf8.count + 1
        }
        self.parts = parts
    }

    func rule() throws(RuleParseError) -> RecurrenceRule {
        guard let frequencyPart = parts.first(where: { $0.name == "FREQ" }) else { throw .missingFrequency }
        guard let frequency = RecurrenceRule.Frequency(rawValue: frequencyPart.value.uppercased()) else {
            throw .malformed(.frequency, column: frequencyPart.column)
        }
        var rule = RecurrenceRule(frequency: frequency)
        var seen: Set<String> = []
        for (name, value, column) in parts {
            guard let part = RulePart(rawValue: name) else {
                // Unknown X- parts say nothing about when; anything else might (RFC 5545 §3.3.10 allows none).
                if name.hasPrefix("X-") { continue }
                throw .unknownPart(String(name.prefix(40)), column: max(0, column - name.utf8.count - 1))
            }
            guard seen.insert(name).inserted else { throw .repeatedPart(part, column: column) }
            try read(part, value, column, into: &rule)
        }
        return rule
    }

    private func read(
        _ part: RulePart, _ value: String, _ column: Int, into rule: inout RecurrenceRule
    ) throws(RuleParseError) {
        switch part {
        case .frequency: break
        case .interval: rule.interval = try number(value, part, 1...Int(Int32.max), column)
        case .count:
            guard rule.end == nil else { throw .untilAndCount }
            rule.end = .count(try number(value, part, 1...Int(Int32.max), column))
        case .until:
            guard rule.end == nil else { throw .untilAndCount }
            rule.end = try until(value, column)
        case .bySecond: rule.bySecond = try numbers(value, part, 0...60, column)
        case .byMinute: rule.byMinute = try numbers(value, part, 0...59, column)
        case .byHour: rule.byHour = try numbers(value, part, 0...23, column)
        case .byDay: rule.byDay = try days(value, column)
        case .byMonthDay: rule.byMonthDay = try numbers(value, part, -31...31, column)
        case .byYearDay: rule.byYearDay = try numbers(value, part, -366...366, column)
        case .byWeekNumber: rule.byWeekNumber = try numbers(value, part, -53...53, column)
        case .byMonth: rule.byMonth = try numbers(value, part, 1...12, column)
        case .bySetPosition: rule.bySetPosition = try numbers(value, part, -366...366, column)
        case .weekStart:
            guard let day = Weekday(code: value) else { throw .malformed(part, column: column) }
            rule.weekStart = day
        case .calendarScale, .skip:
            if part == .calendarScale && value.uppercased() == "GREGORIAN" { break }
            if part == .skip && value.uppercased() == "OMIT" { break }
            throw .unsupported(part, column: column)
        }
    }

    private func number(
        _ text: some StringProtocol, _ part: RulePart, _ range: ClosedRange<Int>, _ column: Int
    ) throws(RuleParseError) -> Int {
        // Not bounded by its reading, so that the error can say what was found.
        guard let value = Int(text) else { throw .malformed(part, column: column) }
        guard range.contains(value) else {
            throw .outOfRange(part, found: value, allowed: range, column: column)
        }
        return value
    }

    /// Sorted and without repeats; 0 is refused where the range has negative numbers.
    private func numbers(
        _ text: String, _ part: RulePart, _ range: ClosedRange<Int>, _ column: Int
    ) throws(RuleParseError) -> [Int] {
        var values: Set<Int> = []
        var at = column
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let value = try number(item, part, range, at)
            if value == 0 && range.lowerBound < 0 {
                throw .outOfRange(part, found: 0, allowed: range, column: at)
            }
            values.insert(value)
            guard values.count <= Self.mostValues else { throw .tooManyValues(part, column: at) }
            at += item.utf8.count + 1
        }
        return values.sorted()
    }

    private func days(_ text: String, _ column: Int) throws(RuleParseError) -> [RecurrenceRule.Day] {
        var days: [RecurrenceRule.Day] = []
        var at = column
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let weekday = Weekday(code: item.suffix(2)) else { throw .malformed(.byDay, column: at) }
            var day = RecurrenceRule.Day(weekday: weekday)
            let prefix = item.dropLast(2)
            if !prefix.isEmpty {
                let ordinal = try number(prefix, .byDay, -53...53, at)
                guard ordinal != 0 else { throw .outOfRange(.byDay, found: 0, allowed: -53...53, column: at) }
                day.ordinal = ordinal
            }
            if !days.contains(day) { days.append(day) }
            guard days.count <= Self.mostValues else { throw .tooManyValues(.byDay, column: at) }
            at += item.utf8.count + 1
        }
        return days
    }

    private func until(_ text: String, _ column: Int) throws(RuleParseError) -> RecurrenceRule.End {
        let isUTC = text.uppercased().hasSuffix("Z")
        let digits = isUTC ? text.dropLast() : text[...]
        let parts = digits.uppercased().split(separator: "T", omittingEmptySubsequences: false)
        guard let date = parts.first.flatMap({ CivilDate(compact: $0) }) else {
            throw .malformed(.until, column: column)
        }
        guard parts.count == 2 else {
            guard parts.count == 1 else { throw .malformed(.until, column: column) }
            return .untilDate(date)
        }
        guard let time = CivilDateTime(date: date, compact: parts[1]) else { throw .malformed(.until, column: column) }
        return isUTC ? .untilUTC(Zone.utc.instant(of: time)) : .untilLocal(time)
    }
}
