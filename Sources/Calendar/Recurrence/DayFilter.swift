import CivilTime

/// Which days a rule names, by its BY parts and, where those leave it open, by its start (RFC 5545 §3.3.10).
struct DayFilter {
    private let rule: RecurrenceRule
    private let months: Set<Int>
    private let monthDays: [Int]
    private let days: [RecurrenceRule.Day]
    /// BYDAY ordinals count within the month; otherwise within the year.
    private let countsInMonth: Bool

    init(rule: RecurrenceRule, start: Int64) {
        self.rule = rule
        countsInMonth = rule.frequency == .monthly || !rule.byMonth.isEmpty
        var (months, monthDays, days) = (rule.byMonth, rule.byMonthDay, rule.byDay)
        if let first = CivilDateTime(wallSeconds: start)?.date {
            let isOpen = days.isEmpty && monthDays.isEmpty && rule.byYearDay.isEmpty
            switch rule.frequency {
            case .yearly where isOpen && !rule.byWeekNumber.isEmpty, .weekly where days.isEmpty:
                days = [.init(weekday: first.weekday)]
            case .yearly where isOpen:
                monthDays = [first.day]
                if months.isEmpty { months = [first.month] }
            case .monthly where isOpen: monthDays = [first.day]
            default: break
            }
        }
        (self.months, self.monthDays, self.days) = (Set(months), monthDays, days)
    }

    func admits(_ dayNumber: Int32) -> Bool {
        guard let date = CivilDate(dayNumber: dayNumber) else { return false }
        let (year, month, day) = date.components
        if !months.isEmpty && !months.contains(month) { return false }
        let monthLength = CivilDate.days(inMonth: month, of: year)
        if !monthDays.isEmpty && !monthDays.contains(day) && !monthDays.contains(day - monthLength - 1) { return false }
        let yearLength = CivilDate.isLeap(year) ? 366 : 365
        let yearDay = date.dayOfYear
        if !rule.byYearDay.isEmpty && !rule.byYearDay.contains(yearDay)
            && !rule.byYearDay.contains(yearDay - yearLength - 1)
        {
            return false
        }
        if !rule.byWeekNumber.isEmpty && !isInWeek(date, year: year, yearDay: yearDay) { return false }
        if days.isEmpty { return true }
        let (index, length) = countsInMonth ? (day, monthLength) : (yearDay, yearLength)
        let weekday = date.weekday
        return days.contains { entry in
            guard entry.weekday == weekday else { return false }
            guard let ordinal = entry.ordinal else { return true }
            return ordinal > 0 ? (index - 1) / 7 + 1 == ordinal : (length - index) / 7 + 1 == -ordinal
        }
    }

    /// BYWEEKNO: weeks begin on WKST, and week 1 is the first with four days in its year (ISO 8601).
    private func isInWeek(_ date: CivilDate, year: Int, yearDay: Int) -> Bool {
        let sinceWeekStart = (date.weekday.rawValue - rule.weekStart.rawValue + 7) % 7
        // The day of the year on which week 1 begins; from -2 to 4.
        func firstWeek(of year: Int) -> Int {
            guard let newYear = CivilDate(year: year, month: 1, day: 1) else { return 1 }
            let offset = (newYear.weekday.rawValue - rule.weekStart.rawValue + 7) % 7
            return offset <= 3 ? 1 - offset : 8 - offset
        }
        func length(of year: Int) -> Int { CivilDate.isLeap(year) ? 366 : 365 }
        func weeks(in year: Int) -> Int { (length(of: year) + firstWeek(of: year + 1) - firstWeek(of: year)) / 7 }
        let weekBegin = yearDay - sinceWeekStart
        var (week, weekYear) = ((weekBegin - firstWeek(of: year)) / 7 + 1, year)
        if weekBegin < firstWeek(of: year) {
            weekYear = year - 1
            week = weeks(in: weekYear)
        } else if week > weeks(in: year) {
            (week, weekYear) = (1, year + 1)
        }
        return rule.byWeekNumber.contains(week) || rule.byWeekNumber.contains(week - weeks(in: weekYear) - 1)
    }
}
