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

    /// The open periods that touch `window`, in no order. Hours that a change of the clocks skips are not open; those it
    /// repeats are open both times. O(days · spans).
    public func periods(in window: Period) -> [Period] {
        var found: [Period] = []
        // A day more at each end: the day on the wall may be another than in UTC.
        var date = zone.civil(at: window.start).date.adding(days: -1)
        let last = zone.civil(at: window.end).date
        while let day = date, day <= last {
            for span in spans where span.day == day.weekday {
                guard let period = period(span, on: day), period.start < window.end, period.end > window.start else {
                    continue
                }
                found.append(period)
            }
            date = day.adding(days: 1)
        }
        return found
    }

    private func period(_ span: Span, on day: CivilDate) -> Period? {
        // Minutes are at most 1440, as `Span` holds.
        guard let from = day.midnight.adding(seconds: Int64(span.start) * 60),
            let to = day.midnight.adding(seconds: Int64(span.end) * 60)
        else { return nil }
        return Period(from: instant(of: from, isEnd: false), to: instant(of: to, isEnd: true))
    }

    private func instant(of wall: CivilDateTime, isEnd: Bool) -> Instant {
        switch zone.resolve(wall) {
        case .unique(let instant): return instant
        case .fold(let earlier, let later): return isEnd ? later : earlier
        case .gap:
            // Never shown: the hours begin, or end, where the clocks jump.
            let after = zone.instant(of: wall)
            var (jump, from) = (after, after.advanced(bySeconds: -172_800) ?? after)
            while let next = zone.nextTransition(after: from, before: after.advanced(bySeconds: 1) ?? after) {
                (jump, from) = (next, next)
            }
            return jump
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
