import CivilTime

/// A DURATION (RFC 5545 §3.3.6): days are days on the wall, seconds are exact. Across a clock change `P1D` is 23 or 25
/// hours, `PT24H` always 24.
public struct EventDuration: Hashable, Sendable {
    /// Within a century.
    public let days: Int
    /// Within a century.
    public let seconds: Int64

    /// Nil beyond a century either way.
    public init?(days: Int, seconds: Int64) {
        guard days.magnitude <= 36_525, seconds.magnitude <= 36_525 * 86_400 else { return nil }
        (self.days, self.seconds) = (days, seconds)
    }

    /// Reads `P1DT2H`, `-PT15M`, `P2W`; nil for anything that is no duration, or longer than a century. Weeks beside other
    /// units, and units on the wrong side of the T, are read though the grammar has no place for them.
    public init?(parsing text: String) { self.init(Array(text.utf8)[...]) }

    init?(_ text: ArraySlice<UInt8>) {
        var letters = text.map(ASCII.upper).filter { $0 != 32 && $0 != 9 }[...]
        let isNegative = letters.first == UInt8(ascii: "-")
        if isNegative || letters.first == UInt8(ascii: "+") { letters.removeFirst() }
        guard letters.popFirst() == UInt8(ascii: "P"), !letters.isEmpty else { return nil }
        var (days, seconds, number, isTime, isEmpty) = (0, Int64(0), Int?.none, false, true)
        for letter in letters {
            if letter == UInt8(ascii: "T") {
                guard number == nil else { return nil }
                isTime = true
            } else if (48...57).contains(letter) {
                let next = (number ?? 0) * 10 + Int(letter - 48)  // Below 10^9 at each step, as the guard holds.
                guard next < 100_000_000 else { return nil }
                number = next
            } else {
                guard let count = number else { return nil }
                (number, isEmpty) = (nil, false)
                // Sums stay small: each term is below 10^12, and there are no more terms than letters in a line.
                switch (letter, isTime) {
                case (UInt8(ascii: "W"), _): days += count * 7
                case (UInt8(ascii: "D"), _): days += count
                case (UInt8(ascii: "H"), _): seconds += Int64(count) * 3600
                case (UInt8(ascii: "M"), true): seconds += Int64(count) * 60
                case (UInt8(ascii: "S"), _): seconds += Int64(count)
                default: return nil
                }
            }
        }
        guard number == nil, !isEmpty else { return nil }
        self.init(days: isNegative ? -days : days, seconds: isNegative ? -seconds : seconds)
    }

    /// As it stands in a file.
    public var text: String {
        let isNegative = days < 0 || seconds < 0
        let (time, date) = (seconds.magnitude, days.magnitude)
        var text = (isNegative ? "-P" : "P") + (date > 0 ? "\(date)D" : "")
        if time > 0 || date == 0 {
            text += "T"
            if time / 3600 > 0 { text += "\(time / 3600)H" }
            if time / 60 % 60 > 0 { text += "\(time / 60 % 60)M" }
            if time % 60 > 0 || time == 0 { text += "\(time % 60)S" }
        }
        return text
    }

    /// Going forward.
    var magnitude: EventDuration { EventDuration(days: abs(days), seconds: abs(seconds)) ?? self }
    var isNegative: Bool { days < 0 || seconds < 0 }
}

extension EventTime {
    /// Days first on the wall, then seconds on the clock (RFC 5545 §3.3.6); `zone` is where a wall time is meant. Nil beyond
    /// the calendar.
    func adding(_ duration: EventDuration, in zone: Zone?) -> EventTime? {
        switch self {
        case .allDay(let date):
            return date.adding(days: duration.days + Int(duration.seconds / 86_400)).map { .allDay($0) }
        case .utc(let instant):
            return instant.advanced(bySeconds: Int64(duration.days) * 86_400 + duration.seconds).map { .utc($0) }
        case .floating(let time), .zoned(let time, _):
            guard let day = time.date.adding(days: duration.days),
                let wall = CivilDateTime(date: day, secondOfDay: time.secondOfDay)
            else { return nil }
            guard let zone, duration.seconds != 0 else { return wall.adding(seconds: duration.seconds).map(moved) }
            let instant = zone.instant(of: wall).advanced(bySeconds: duration.seconds)
            guard let instant, let last = instant.wallTime(in: zone) else { return nil }
            // A wall time that is shown twice may mean the other one.
            return zone.instant(of: last) == instant ? moved(to: last) : .utc(instant)
        }
    }
}

extension Instant {
    /// Nil beyond the calendar.
    fileprivate func wallTime(in zone: Zone) -> CivilDateTime? {
        CivilDateTime(wallSeconds: seconds + Int64(zone.offset(at: self)))
    }
}
