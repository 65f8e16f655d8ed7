/// A day and a second of it, as a clock on the wall shows them; no zone.
public struct CivilDateTime: Hashable, Comparable, Sendable {
    public let date: CivilDate
    /// 0 to 86 399.
    public let secondOfDay: Int32

    /// Nil where `secondOfDay` is outside 0 to 86 399.
    public init?(date: CivilDate, secondOfDay: Int32) {
        guard (0..<86_400).contains(secondOfDay) else { return nil }
        (self.date, self.secondOfDay) = (date, secondOfDay)
    }

    /// Nil for a time that a clock does not show. A leap second, 60, reads as 59 (RFC 5545 §3.3.12).
    public init?(date: CivilDate, hour: Int, minute: Int, second: Int) {
        guard (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second) else { return nil }
        self.date = date
        secondOfDay = Int32(hour * 3600 + minute * 60 + min(second, 59))
    }

    public static func < (left: CivilDateTime, right: CivilDateTime) -> Bool {
        (left.date, left.secondOfDay) < (right.date, right.secondOfDay)
    }

    public var hour: Int { Int(secondOfDay) / 3600 }
    public var minute: Int { Int(secondOfDay) / 60 % 60 }
    public var second: Int { Int(secondOfDay) % 60 }

    /// Seconds since 1970-01-01T00:00:00 on the wall, as if the zone were UTC.
    public var wallSeconds: Int64 { Int64(date.dayNumber) * 86_400 + Int64(secondOfDay) }

    /// Nil outside years 1 to 9999.
    public init?(wallSeconds: Int64) {
        let (day, second) = wallSeconds.quotientAndRemainder(dividingBy: 86_400)
        let isNegative = second < 0
        guard let number = Int32(exactly: isNegative ? day - 1 : day), let date = CivilDate(dayNumber: number) else {
            return nil
        }
        self.date = date
        secondOfDay = Int32(isNegative ? second + 86_400 : second)
    }

    /// Nil where the result is outside years 1 to 9999.
    public func adding(seconds: Int64) -> CivilDateTime? {
        let (sum, overflow) = wallSeconds.addingReportingOverflow(seconds)
        return overflow ? nil : CivilDateTime(wallSeconds: sum)
    }
}

extension CivilDateTime: CustomStringConvertible {
    /// `2031-04-05T06:07:08`.
    public var description: String {
        "\(date)T" + Digits.text(hour, 2) + ":" + Digits.text(minute, 2) + ":" + Digits.text(second, 2)
    }
}

extension CivilDate {
    /// The beginning of the day on the wall.
    public var midnight: CivilDateTime { CivilDateTime(unchecked: self) }
}

extension CivilDateTime {
    fileprivate init(unchecked date: CivilDate) { (self.date, secondOfDay) = (date, 0) }
}
