import CivilTime

/// One year of the calendar, and which of the 28 kinds of year it is: those of one kind have the same weekdays on the
/// same days and weeks of the same numbers, so that a rule names the same days of them.
struct CalendarYear: Sendable {
    static let kinds = 28
    static let shortest = 365

    let year: Int
    /// The number of its first day.
    let newYear: Int64
    let length: Int

    /// `year` is within the calendar.
    @inline(__always)
    init(_ year: Int) {
        self.year = year
        newYear = CalendarMonth.dayNumber(year: Int64(year), month: 1)
        length = CivilDate.isLeap(year) ? 366 : 365
    }

    /// The weekday it begins on, 0 for Sunday.
    var weekday: Int { RulePlan.weekday(ofDay: newYear) }

    /// Weeks at either end belong to the neighbours, whose lengths count too; of three years in a row one at most is long.
    @inline(__always)
    var kind: Int {
        let leap =
            switch year & 3 {
            case 0: length == 366 ? 3 : 0
            case 1: CivilDate.isLeap(year - 1) ? 1 : 0
            case 2: 0
            default: CivilDate.isLeap(year + 1) ? 2 : 0
            }
        return leap * 7 + weekday
    }
}
