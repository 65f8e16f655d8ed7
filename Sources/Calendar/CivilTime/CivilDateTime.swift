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
    public static func < (left: CivilDateTime, right: CivilDateTime) -> Bool {
        (left.date, left.secondOfDay) < (right.date, right.secondOfDay)
    }
}
