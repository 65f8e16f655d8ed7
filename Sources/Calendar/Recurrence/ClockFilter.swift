import CivilTime

/// Which times of a day a rule names, by BYHOUR, BYMINUTE and BYSECOND, and its start where those are left out.
struct ClockFilter {
    /// Seconds of the day, ascending, where the rule's period is a day or longer.
    let times: [Int32]
    private let hours: Set<Int>
    private let minutes: [Int]
    private let seconds: [Int]
    private let frequency: RecurrenceRule.Frequency

    init(rule: RecurrenceRule, start: Int64) {
        let first = Int(start - start.flooredDivision(by: 86_400) * 86_400)
        frequency = rule.frequency
        hours = Set(rule.byHour)
        // A leap second reads as the one before it (RFC 5545 §3.3.12).
        let ownSeconds = Set(rule.bySecond.map { min($0, 59) }).sorted()
        minutes =
            rule.byMinute.isEmpty && rule.frequency != .minutely && rule.frequency != .secondly
            ? [first / 60 % 60] : rule.byMinute
        seconds = ownSeconds.isEmpty && rule.frequency != .secondly ? [first % 60] : ownSeconds
        guard ![.hourly, .minutely, .secondly].contains(rule.frequency) else {
            times = []
            return
        }
        var times: [Int32] = []
        for hour in rule.byHour.isEmpty ? [first / 3600] : rule.byHour {
            for minute in minutes {
                for second in seconds { times.append(Int32(hour * 3600 + minute * 60 + second)) }
            }
        }
        self.times = times
    }

    /// The times within a period shorter than a day, from `second` of the day on for `length` seconds.
    func times(from second: Int32, length: Int32) -> [Int32] {
        let (hour, minute) = (Int(second) / 3600, Int(second) / 60 % 60)
        guard hours.isEmpty || hours.contains(hour) else { return [] }
        switch frequency {
        case .hourly:
            return minutes.flatMap { minute in seconds.map { Int32(hour * 3600 + minute * 60 + $0) } }
        case .minutely:
            guard minutes.isEmpty || minutes.contains(minute) else { return [] }
            return seconds.map { Int32(hour * 3600 + minute * 60 + $0) }
        default:
            let isNamed =
                (minutes.isEmpty || minutes.contains(minute)) && (seconds.isEmpty || seconds.contains(Int(second) % 60))
            return isNamed ? [second] : []
        }
    }
}
