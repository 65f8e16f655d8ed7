import CivilTime

/// A set of the days of one year, bit n for day n + 1.
struct YearDays: Sendable {
    var words: [6 of UInt64]
    let length: Int

    init(length: Int, isFull: Bool) {
        self.length = length
        words = .init(repeating: isFull ? .max : 0)
        if isFull { words[5] = (1 << UInt64(length - 320)) - 1 }
    }

    mutating func insert(_ day: Int) {
        guard (0..<length).contains(day) else { return }
        words[day >> 6] |= 1 << UInt64(day & 63)
    }

    /// Adds up to 58 days that begin at `day`.
    mutating func insert(_ bits: UInt64, at day: Int) {
        if day < 0 {
            words[0] |= bits >> UInt64(-day)
            return
        }
        let (word, shift) = (day >> 6, UInt64(day & 63))
        guard word < 6 else { return }
        words[word] |= bits << shift
        if shift > 0, word < 5 { words[word + 1] |= bits >> (64 - shift) }
    }

    mutating func formIntersection(_ other: YearDays) {
        for index in 0..<6 { words[index] &= other.words[index] }
    }

    /// The 64 days from `day` on.
    func bits(from day: Int) -> UInt64 {
        let (word, shift) = (day >> 6, UInt64(day & 63))
        let low = words[word] >> shift
        return shift > 0 && word < 5 ? low | words[word + 1] << (64 - shift) : low
    }

    var count: Int {
        var count = 0
        for index in 0..<6 { count += words[index].nonzeroBitCount }
        return count
    }
}

extension RulePlan {
    /// The days of a year that the rule names, all parts together (RFC 5545 §3.3.10, the table of expansions).
    func days(of calendarYear: CalendarYear) -> YearDays {
        let (year, newYear, length) = (calendarYear.year, calendarYear.newYear, calendarYear.length)
        var days = YearDays(length: length, isFull: !hasMonthParts)
        if hasMonthParts {
            for month in 1...12 where months >> UInt32(month - 1) & 1 == 1 {
                let month = CalendarMonth(year: year, month: month)
                days.insert(self.days(month: month), at: Int(month.firstDay - newYear))
            }
        }
        if !rule.byYearDay.isEmpty { days.formIntersection(yearDays(length: length)) }
        if !rule.byWeekNumber.isEmpty { days.formIntersection(weeks(year: year, newYear: newYear, length: length)) }
        if hasDays && !(hasMonthParts && decidesDaysInMonth) {
            days.formIntersection(weekdays(newYear: newYear, length: length))
        }
        return days
    }

    /// BYYEARDAY.
    func yearDays(length: Int) -> YearDays {
        var days = YearDays(length: length, isFull: false)
        for day in rule.byYearDay { days.insert(day > 0 ? day - 1 : length + day) }
        return days
    }

    /// BYDAY counted within the year.
    private func weekdays(newYear: Int64, length: Int) -> YearDays {
        var days = YearDays(length: length, isFull: false)
        let first = Self.weekday(ofDay: newYear)
        if weekdays != 0 {
            for index in 0..<6 { days.words[index] = Self.pattern(weekdays, from: (first + index) % 7) }
        }
        days.words[5] &= (1 << UInt64(length - 320)) - 1
        for (ordinal, day) in ordinals {
            if let index = Self.index(ordinal, day, from: first, length: length) { days.insert(index) }
        }
        return days
    }

    /// BYWEEKNO: weeks begin on WKST, and week 1 is the first with four days in its year. Days at either end of the year
    /// belong to the weeks of its neighbours.
    private func weeks(year: Int, newYear: Int64, length: Int) -> YearDays {
        var days = YearDays(length: length, isFull: false)
        let first = firstWeek(newYear: newYear)
        let next = firstWeek(newYear: newYear + Int64(length)) + length
        let count = (next - first) / 7
        for number in rule.byWeekNumber {
            let week = number > 0 ? number : count + number + 1
            if (1...count).contains(week) { days.insert(127, at: first + (week - 1) * 7) }
        }
        if next < length, names(week: 1, ofYear: year + 1) { days.insert(127, at: next) }
        if first > 0 {
            let before = weekCount(ofYear: year - 1)
            if names(week: before, ofYear: year - 1) { days.insert(127, at: first - 7) }
        }
        days.words[5] &= (1 << UInt64(length - 320)) - 1
        return days
    }

    private func names(week: Int, ofYear year: Int) -> Bool {
        rule.byWeekNumber.contains(week)
            || (rule.byWeekNumber.first ?? 0) < 0 && rule.byWeekNumber.contains(week - weekCount(ofYear: year) - 1)
    }

    private func weekCount(ofYear year: Int) -> Int {
        let newYear = CalendarMonth.dayNumber(year: Int64(max(year, 1)), month: 1)
        let length = CivilDate.isLeap(year) ? 366 : 365
        return (firstWeek(newYear: newYear + Int64(length)) + length - firstWeek(newYear: newYear)) / 7
    }

    /// The day of the year on which week 1 begins, counted from 0: -3 to 3.
    private func firstWeek(newYear: Int64) -> Int {
        let sinceWeekStart = (Self.weekday(ofDay: newYear) - rule.weekStart.rawValue + 7) % 7
        return sinceWeekStart <= 3 ? -sinceWeekStart : 7 - sinceWeekStart
    }
}
