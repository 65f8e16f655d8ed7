import CivilTime

/// A week of ISO 8601: from Monday, numbered by the year that its Thursday lies in. Written `2031-W14`.
struct WeekID: Hashable, Sendable, CustomStringConvertible {
    let year: Int
    let week: Int
    let monday: CivilDate

    /// The week that `date` is in; nil at the edges of the calendar.
    init?(of date: CivilDate) {
        guard let monday = date.adding(days: -Self.daysSinceMonday(date)), let thursday = monday.adding(days: 3) else {
            return nil
        }
        (year, week, self.monday) = (thursday.year, (thursday.dayOfYear - 1) / 7 + 1, monday)
    }

    /// Nil unless `text` is the week's one spelling, and the year has that week.
    init?(parsing text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 4, parts[1].utf8.count == 3, parts[1].first == "W",
            let year = Int(parts[0]), let week = Int(parts[1].dropFirst()), (1...53).contains(week),
            let fourth = CivilDate(year: year, month: 1, day: 4),
            let day = fourth.adding(days: (week - 1) * 7), let found = WeekID(of: day), found.year == year,
            found.week == week, found.description == text
        else { return nil }
        self = found
    }

    func moved(byWeeks weeks: Int) -> WeekID? { monday.adding(days: weeks * 7).flatMap(WeekID.init(of:)) }

    /// Monday to Sunday; fewer at the end of the calendar.
    var days: [CivilDate] { (0..<7).compactMap { monday.adding(days: $0) } }

    var description: String {
        let digits = String(year)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits + "-W" + CivilWords.two(week)
    }

    static func daysSinceMonday(_ date: CivilDate) -> Int { (date.weekday.rawValue + 6) % 7 }
}
