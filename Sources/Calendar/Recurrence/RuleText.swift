import CivilTime

/// Writes a rule in canonical spelling.
enum RuleText {
    static func write(_ rule: RecurrenceRule) -> String {
        var parts = ["FREQ=" + rule.frequency.rawValue]
        switch rule.end {
        case .count(let count): parts.append("COUNT=\(count)")
        case .untilDate(let date): parts.append("UNTIL=" + compact(date))
        case .untilLocal(let time): parts.append("UNTIL=" + compact(time))
        case .untilUTC(let instant): parts.append("UNTIL=" + compact(Zone.utc.civil(at: instant)) + "Z")
        case nil: break
        }
        if rule.interval != 1 { parts.append("INTERVAL=\(rule.interval)") }
        func list(_ name: String, _ values: [Int]) {
            guard !values.isEmpty else { return }
            parts.append(name + "=" + values.map(String.init).joined(separator: ","))
        }
        list("BYSECOND", rule.bySecond)
        list("BYMINUTE", rule.byMinute)
        list("BYHOUR", rule.byHour)
        if !rule.byDay.isEmpty {
            let days = rule.byDay.map { ($0.ordinal.map(String.init) ?? "") + $0.weekday.code }
            parts.append("BYDAY=" + days.joined(separator: ","))
        }
        list("BYMONTHDAY", rule.byMonthDay)
        list("BYYEARDAY", rule.byYearDay)
        list("BYWEEKNO", rule.byWeekNumber)
        list("BYMONTH", rule.byMonth)
        list("BYSETPOS", rule.bySetPosition)
        if rule.weekStart != .monday { parts.append("WKST=" + rule.weekStart.code) }
        return parts.joined(separator: ";")
    }

    /// `20310405` and `20310405T060708` (RFC 5545 §3.3.4, §3.3.5).
    private static func compact(_ date: CivilDate) -> String {
        String(decoding: date.description.utf8.filter { $0 != UInt8(ascii: "-") }, as: UTF8.self)
    }
    private static func compact(_ time: CivilDateTime) -> String {
        String(
            decoding: time.description.utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") }, as: UTF8.self
        )
    }
}

extension Weekday {
    /// `SU` to `SA`.
    var code: String { ["SU", "MO", "TU", "WE", "TH", "FR", "SA"][rawValue] }

    init?(code: some StringProtocol) {
        guard let day = Weekday.allCases.first(where: { $0.code == code.uppercased() }) else { return nil }
        self = day
    }
}
