public import CivilTime

/// Open hours that repeat every week, on the wall of one zone.
public struct WeeklyHours: Hashable, Sendable {
    /// `[start, end)` of one weekday in minutes since midnight; the end of the day is 1440.
    public struct Span: Hashable, Sendable {
        public let day: Weekday
        public let start, end: Int

        /// Nil unless 0 ≤ start < end ≤ 1440.
        public init?(day: Weekday, start: Int, end: Int) {
            guard 0 <= start, start < end, end <= 24 * 60 else { return nil }
            (self.day, self.start, self.end) = (day, start, end)
        }
    }

    public var zone: Zone
    public var spans: [Span]

    public init(zone: Zone, spans: [Span]) { (self.zone, self.spans) = (zone, spans) }

    /// The open parts of `window`, earliest first for each change of the clocks; `united` joins those that touch. Hours that a
    /// change of the clocks skips are not open; those it repeats are open both times. O(days · spans).
    public func periods(in window: Period) -> [Period] {
        var (found, start) = ([Period](), window.start)
        while start < window.end {
            let end = zone.nextTransition(after: start, before: window.end) ?? window.end
            add(from: start.seconds, to: end.seconds, offset: Int64(zone.offset(at: start)), to: &found)
            start = end
        }
        return found
    }

    /// Between two changes of the clocks the wall is UTC, shifted by `offset` seconds.
    private func add(from start: Int64, to end: Int64, offset: Int64, to found: inout [Period]) {
        let day: Int64 = 86_400
        // Instants and offsets are of years below 10 000, far from overflow.
        var number = (start + offset) / day - 1
        while number * day < end + offset {
            if let weekday = Int32(exactly: number).flatMap(CivilDate.init(dayNumber:))?.weekday {
                for span in spans where span.day == weekday {
                    let midnight = number * day - offset
                    let from = max(start, midnight + Int64(span.start) * 60)
                    let to = min(end, midnight + Int64(span.end) * 60)
                    if let period = Period(from: Instant(seconds: from), to: Instant(seconds: to)) {
                        found.append(period)
                    }
                }
            }
            number += 1
        }
    }
}

extension [Period] {
    /// Sorted, touching and overlapping ones as one. O(n log n).
    public var united: [Period] {
        var result: [Period] = []
        for period in sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
            if let last = result.last, period.start <= last.end {
                result[result.count - 1] = Period(from: last.start, to: Swift.max(last.end, period.end)) ?? last
            } else {
                result.append(period)
            }
        }
        return result
    }

    /// What lies in these and not in `other`; each must be `united`. O(n + m).
    public func subtracting(_ other: [Period]) -> [Period] {
        var (result, next) = ([Period](), 0)
        for period in self {
            var start = period.start
            while next < other.count, other[next].end <= start { next += 1 }
            var index = next
            while index < other.count, other[index].start < period.end {
                if let free = Period(from: start, to: other[index].start) { result.append(free) }
                start = Swift.max(start, other[index].end)
                index += 1
            }
            if let free = Period(from: start, to: period.end) { result.append(free) }
        }
        return result
    }

    /// What lies in both; each must be `united`. O(n + m).
    public func intersection(_ other: [Period]) -> [Period] {
        var (result, left, right) = ([Period](), 0, 0)
        while left < count, right < other.count {
            let (one, two) = (self[left], other[right])
            if let both = Period(from: Swift.max(one.start, two.start), to: Swift.min(one.end, two.end)) {
                result.append(both)
            }
            if one.end < two.end { left += 1 } else { right += 1 }
        }
        return result
    }
}
