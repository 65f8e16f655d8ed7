import CivilTime

/// One month of the calendar, by its place since year 0.
struct CalendarMonth: Sendable {
    let year: Int
    /// 1 to 12.
    let month: Int
    let firstDay: Int64
    let length: Int

    /// `index` is the year times twelve and the month less one, within the calendar.
    init(index: Int64) {
        self.init(year: Int(index / 12), month: Int(index % 12) + 1)
    }

    init(year: Int, month: Int) {
        (self.year, self.month) = (year, month)
        let day = Self.dayNumber(year: Int64(year), month: Int64(month))
        firstDay = day
        length = month == 2 ? (CivilDate.isLeap(year) ? 29 : 28) : 30 + (0x15aa >> month & 1)
    }

    /// The month that holds a day of the calendar.
    init(holding day: Int64) {
        let date = CivilDate(dayNumber: Int32(clamping: day))?.components ?? (year: 9999, month: 12, day: 31)
        self.init(year: date.year, month: date.month)
    }

    static let kinds = 28
    /// Months of one kind are equally long and begin on the same weekday.
    var kind: Int { (length - 28) * 7 + RulePlan.weekday(ofDay: firstDay) }

    var index: Int64 { Int64(year) * 12 + Int64(month) - 1 }

    /// Days since 1970 of a month's first day, for years 1 to 9999; years begin in March, so that leap days come last.
    @inline(__always)
    static func dayNumber(year: Int64, month: Int64) -> Int64 {
        let shifted = UInt64(month <= 2 ? year - 1 : year)
        let days = (153 * UInt64(month > 2 ? month - 3 : month + 9) + 2) / 5
        return Int64(shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + days) - 719_468
    }

    static let lastIndex: Int64 = 9999 * 12 + 11
    static let days: ClosedRange<Int64> = -719_162...2_932_896
}
