public import CivilTime

/// How many events a person takes on in one day or week; where they have them, the rest of it is closed.
public struct EventLimit: Hashable, Sendable {
    public enum Span: String, Hashable, Sendable {
        case day
        /// From Monday (ISO 8601).
        case week
    }

    public var span: Span
    /// At least 1.
    public var limit: Int
    /// Whose days count; nil: the person's own.
    public var zone: Zone?

    public init(span: Span, limit: Int, zone: Zone? = nil) {
        (self.span, self.limit, self.zone) = (span, limit, zone)
    }

    /// The days or weeks in which `limit` events begin, in no order. `starts`: of the events, in seconds since 1970.
    public func full(starts: [Int64], ownZone: Zone) -> [Period] {
        let zone = zone ?? ownZone
        var counts: [Int32: Int] = [:]
        for start in starts {
            let date = zone.civil(at: Instant(seconds: start)).date
            let sinceFirst = span == .day ? 0 : (date.weekday.rawValue + 6) % 7
            counts[date.dayNumber - Int32(sinceFirst), default: 0] += 1
        }
        return counts.compactMap { first, count in
            guard count >= limit else { return nil }
            let bounds = [first, first + (span == .day ? 1 : 7)].map { day in
                CivilDate(dayNumber: day).flatMap { CivilDateTime(date: $0, secondOfDay: 0) }.map(zone.instant)
            }
            guard let from = bounds[0], let to = bounds[1] else { return nil }
            return Period(from: from, to: to)
        }
    }
}
