import CivilTime

/// DATE and DATE-TIME values (RFC 5545 §3.3.4, §3.3.5).
enum TimeText {
    static func compact(_ date: CivilDate) -> String {
        String(decoding: date.description.utf8.filter { $0 != UInt8(ascii: "-") }, as: UTF8.self)
    }

    static func compact(_ time: CivilDateTime) -> String {
        String(
            decoding: time.description.utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") }, as: UTF8.self
        )
    }

    /// A property of `name` with the value and parameters that say `time`.
    static func property(_ name: String, _ time: EventTime) -> Property {
        switch time {
        case .allDay(let date): Property(name, compact(date), parameters: [.init("VALUE", ["DATE"])])
        case .floating(let time): Property(name, compact(time))
        case .zoned(let time, let zone): Property(name, compact(time), parameters: [.init("TZID", [zone.name])])
        case .utc(let instant): Property(name, compact(Zone.utc.civil(at: instant)) + "Z")
        }
    }
}

/// A DURATION (RFC 5545 §3.3.6): days keep wall time, seconds are exact.
struct DurationValue: Hashable, Sendable {
    var days: Int
    var seconds: Int64

    /// Nil for anything that is no duration, or longer than a century.
    init?(parsing text: String) {
        var rest = text.trimmed.uppercased()[...]
        let isNegative = rest.hasPrefix("-")
        if isNegative || rest.hasPrefix("+") { rest.removeFirst() }
        guard rest.popFirst() == "P", !rest.isEmpty else { return nil }
        var (days, seconds, number, isTime) = (0, Int64(0), Int?.none, false)
        for character in rest {
            if character == "T" {
                isTime = true
            } else if let digit = character.wholeNumberValue, character.isASCII {
                let next = (number ?? 0) * 10 + digit  // Below 10^9 at each step, as the guard holds.
                guard next < 100_000_000 else { return nil }
                number = next
            } else {
                guard let count = number else { return nil }
                number = nil
                switch (character, isTime) {
                case ("W", false): days += count * 7
                case ("D", false): days += count
                case ("H", true): seconds += Int64(count) * 3600
                case ("M", true): seconds += Int64(count) * 60
                case ("S", true): seconds += Int64(count)
                default: return nil
                }
            }
        }
        guard number == nil, days <= 36_525, seconds <= 36_525 * 86_400 else { return nil }
        (self.days, self.seconds) = isNegative ? (-days, -seconds) : (days, seconds)
    }
}
