internal import CivilTime

/// Graph's `patternedRecurrence`: which days, from which date and until when.
struct GraphRecurrence: Hashable, Sendable {
    enum Pattern: Hashable, Sendable {
        case daily
        case weekly([Weekday], firstDay: Weekday)
        case absoluteMonthly(day: Int)
        case relativeMonthly([Weekday], Index)
        case absoluteYearly(month: Int, day: Int)
        case relativeYearly([Weekday], Index, month: Int)
    }

    /// Which of the days in the month; of several weekdays the day that comes first, or last, among them all.
    enum Index: String, Hashable, Sendable, CaseIterable {
        case first, second, third, fourth, last

        /// As BYSETPOS says it.
        var position: Int { self == .last ? -1 : (Self.allCases.firstIndex(of: self) ?? 0) + 1 }

        init?(position: Int) {
            guard let index = Self.allCases.first(where: { $0.position == position }) else { return nil }
            self = index
        }
    }

    enum End: Hashable, Sendable {
        case never
        /// The last day on which an occurrence may begin.
        case date(CivilDate)
        case count(Int)
    }

    var pattern: Pattern
    /// At least 1.
    var interval = 1
    var start: CivilDate
    var end = End.never
    /// `recurrenceTimeZone`, as it came.
    var zoneName: String?
}

extension GraphRecurrence {
    /// Whether the pattern names `start` itself. Graph moves a series that begins on another day; iCalendar counts that
    /// day as its first (RFC 5545 §3.8.5.3).
    var namesItsStart: Bool {
        let last = CivilDate.days(inMonth: start.month, of: start.year)
        return switch pattern {
        case .daily: true
        case .weekly(let days, _): days.contains(start.weekday)
        case .absoluteMonthly(let day): start.day == min(day, last)
        case .relativeMonthly(let days, let index): isAt(index, of: days)
        case .absoluteYearly(let month, let day): start.month == month && start.day == min(day, last)
        case .relativeYearly(let days, let index, let month): start.month == month && isAt(index, of: days)
        }
    }

    private func isAt(_ index: Index, of days: [Weekday]) -> Bool {
        let dates = (1...CivilDate.days(inMonth: start.month, of: start.year)).filter { day in
            CivilDate(year: start.year, month: start.month, day: day).map { days.contains($0.weekday) } ?? false
        }
        let place = index == .last ? dates.count : index.position
        return dates.indices.contains(place - 1) && dates[place - 1] == start.day
    }
}
