import CivilTime

/// A month, written `2031-04`.
struct MonthID: Hashable, Sendable, CustomStringConvertible {
    let first: CivilDate

    init?(of date: CivilDate) {
        guard let first = date.adding(days: 1 - date.day) else { return nil }
        self.first = first
    }

    init?(parsing text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 4, parts[1].utf8.count == 2,
            let year = Int(parts[0], in: 1...9999), let month = Int(parts[1], in: 1...12),
            let first = CivilDate(year: year, month: month, day: 1), first.description.hasPrefix(text)
        else { return nil }
        self.first = first
    }

    var previous: MonthID? { first.adding(days: -1).flatMap(MonthID.init(of:)) }
    var next: MonthID? { first.adding(days: dayCount).flatMap(MonthID.init(of:)) }
    var dayCount: Int { CivilDate.days(inMonth: first.month, of: first.year) }

    /// Whole weeks that cover the month; days outside the calendar are left out.
    var weeks: [[CivilDate]] {
        let lead = WeekID.daysSinceMonday(first)
        let count = (lead + dayCount + 6) / 7
        return (0..<count).map { week in (0..<7).compactMap { first.adding(days: week * 7 + $0 - lead) } }
    }

    func contains(_ date: CivilDate) -> Bool { date.year == first.year && date.month == first.month }

    var description: String { String(first.description.prefix(7)) }
}
