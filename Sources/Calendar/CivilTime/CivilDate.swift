/// A day of the proleptic Gregorian calendar, as days since 1970-01-01; years 1 to 9999.
public struct CivilDate: Hashable, Comparable, Sendable {
    public let dayNumber: Int32

    static let range: ClosedRange<Int32> = -719_162...2_932_896

    /// Nil outside years 1 to 9999.
    public init?(dayNumber: Int32) {
        guard Self.range.contains(dayNumber) else { return nil }
        self.dayNumber = dayNumber
    }

    /// Nil for a day that the calendar does not have, such as 30 February.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= CivilDate.days(inMonth: month, of: year)
        else { return nil }
        dayNumber = CivilDate.dayNumber(year: Int32(year), month: Int32(month), day: Int32(day))
    }

    public static func < (left: CivilDate, right: CivilDate) -> Bool { left.dayNumber < right.dayNumber }

    public var year: Int { components.year }
    /// 1 to 12.
    public var month: Int { components.month }
    /// 1 to 31.
    public var day: Int { components.day }
    public var weekday: Weekday {
        // 1970-01-01 was a Thursday; the sum is positive for every date in range.
        Weekday(rawValue: Int((dayNumber + 719_162 + 1) % 7)) ?? .sunday
    }
    /// 1 to 366.
    public var dayOfYear: Int {
        Int(dayNumber - CivilDate.dayNumber(year: Int32(year), month: 1, day: 1)) + 1
    }

    /// Year, month and day at once. After H. Hinnant's description of days in 400-year eras, shifted to begin in March.
    public var components: (year: Int, month: Int, day: Int) {
        let shifted = dayNumber + 719_468  // Days since 0000-03-01: positive in range.
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (Int(yearOfEra + era * 400 + (month <= 2 ? 1 : 0)), Int(month), Int(day))
    }

    /// Nil where the result is outside years 1 to 9999.
    public func adding(days: Int) -> CivilDate? {
        guard let delta = Int32(exactly: days) else { return nil }
        let (sum, overflow) = dayNumber.addingReportingOverflow(delta)
        return overflow ? nil : CivilDate(dayNumber: sum)
    }

    /// 28 to 31.
    public static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Every fourth year, of the hundredth ones every fourth: those that 25 divides have to be divided by 16 too.
    @inlinable
    public static func isLeap(_ year: Int) -> Bool {
        year & 3 == 0 && (year % 25 != 0 || year & 15 == 0)
    }

    /// Arguments are within years 1 to 9999, so nothing here can overflow.
    private static func dayNumber(year: Int32, month: Int32, day: Int32) -> Int32 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}

/// Days of the week from Sunday, 0, as RFC 5545 lists them.
public enum Weekday: Int, Hashable, Sendable, CaseIterable {
    case sunday, monday, tuesday, wednesday, thursday, friday, saturday
}

extension CivilDate: CustomStringConvertible {
    /// `2031-04-05` (RFC 3339).
    public var description: String {
        let (year, month, day) = components
        return Digits.text(year, 4) + "-" + Digits.text(month, 2) + "-" + Digits.text(day, 2)
    }
}
