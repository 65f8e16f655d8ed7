/// A day of the proleptic Gregorian calendar, as days since 1970-01-01; years 1 to 9999.
public struct CivilDate: Hashable, Comparable, Sendable {
    public let dayNumber: Int32
    /// Nil outside years 1 to 9999.
    public init?(dayNumber: Int32) {
        guard (-719_162...2_932_896).contains(dayNumber) else { return nil }
        self.dayNumber = dayNumber
    }
    public static func < (left: CivilDate, right: CivilDate) -> Bool { left.dayNumber < right.dayNumber }
}
