public import CivilTime

/// When a trip is, as a person says it, at the place where it happens.
public enum TripTiming: Hashable, Sendable {
    /// Ends on the day it starts.
    case singleDay(CivilDate, startSecond: Int32, minutes: Int)
    /// `days` wall-clock days: from `startSecond` of the first to `endSecond` of the last.
    case multiDay(CivilDate, startSecond: Int32, days: Int, endSecond: Int32)

    /// The first day.
    public var firstDay: CivilDate {
        switch self {
        case .singleDay(let day, _, _), .multiDay(let day, _, _, _): day
        }
    }

    /// How many days are touched.
    public var dayCount: Int {
        switch self {
        case .singleDay: 1
        case .multiDay(_, _, let days, _): days
        }
    }

    /// The last day; nil where it lies beyond what dates can say.
    public var lastDay: CivilDate? { firstDay.adding(days: dayCount - 1) }

    /// The same trip beginning on another day.
    public func moved(to day: CivilDate) -> TripTiming {
        switch self {
        case .singleDay(_, let start, let minutes): .singleDay(day, startSecond: start, minutes: minutes)
        case .multiDay(_, let start, let days, let end):
            .multiDay(day, startSecond: start, days: days, endSecond: end)
        }
    }

    /// The time it takes in `zone`, the place's. A wall-clock time that a clock change leaves out is read as RFC 5545
    /// §3.3.5 says; a trip through a clock change ends at its stated hour.
    public func period(in zone: Zone) throws(TripTimingError) -> Period {
        switch self {
        case .singleDay(let day, let startSecond, let minutes):
            guard (1...1440).contains(minutes) else { throw .lengthOutOfRange(minutes: minutes) }
            guard let civil = CivilDateTime(date: day, secondOfDay: startSecond) else { throw .noSuchTime }
            let start = zone.instant(of: civil)
            guard let end = start.advanced(bySeconds: Int64(minutes) * 60), let period = Period(from: start, to: end)
            else { throw .noSuchTime }
            // Midnight itself still belongs to the day.
            guard let last = end.advanced(bySeconds: -1), zone.civil(at: last).date == day else {
                throw .endsOnAnotherDay(minutes: minutes)
            }
            return period
        case .multiDay(let day, let startSecond, let days, let endSecond):
            guard (1...Self.mostDays).contains(days) else { throw .daysOutOfRange(days: days) }
            guard let first = CivilDateTime(date: day, secondOfDay: startSecond),
                let lastDay = day.adding(days: days - 1),
                let last = CivilDateTime(date: lastDay, secondOfDay: endSecond),
                let period = Period(from: zone.instant(of: first), to: zone.instant(of: last))
            else { throw .endsBeforeStart }
            return period
        }
    }

    /// The longest trip, in days.
    public static let mostDays = 120
}

/// Why a timing is none.
public enum TripTimingError: Error, Hashable, Sendable {
    case noSuchTime
    /// A single-day trip lasts 1 minute to 24 hours.
    case lengthOutOfRange(minutes: Int)
    /// A single-day trip ends on the day it starts; longer ones count days.
    case endsOnAnotherDay(minutes: Int)
    /// Trips last 1 to `TripTiming.mostDays` days.
    case daysOutOfRange(days: Int)
    case endsBeforeStart
}
