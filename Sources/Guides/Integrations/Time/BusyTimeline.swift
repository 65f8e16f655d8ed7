public import CivilTime
public import Trips

/// What one row, season or doubt says of a stretch of a guide's time.
public struct TimeClaim: Hashable, Sendable {
    /// Who says it. Where they speak of the same time the first in this order is believed.
    public enum Source: Int, Hashable, Sendable, CaseIterable, Comparable {
        case assignment, manual
        /// A calendar, or the want of an answer from one.
        case external
        /// A season in which the guide is not there unless a row says so.
        case season

        public static func < (left: Source, right: Source) -> Bool { left.rawValue < right.rawValue }
    }

    public let period: Period
    public let source: Source
    public let isAvailable: Bool
    public let isTentative: Bool
    /// What the viewer may know of it.
    public let visibility: GuideAvailability.Visibility
    public let reason: TimeReason

    public init(
        period: Period, source: Source, isAvailable: Bool = false, isTentative: Bool = false,
        visibility: GuideAvailability.Visibility = .busy, reason: TimeReason
    ) {
        (self.period, self.source, self.isAvailable) = (period, source, isAvailable)
        (self.isTentative, self.visibility, self.reason) = (isTentative, visibility, reason)
    }

    /// Among claims of one source the worse news is believed: busy before tentative before available.
    fileprivate var doubt: Int { isAvailable ? 2 : isTentative ? 1 : 0 }
}

/// Why time is taken, in words that hold nothing of what stands in a calendar.
public enum TimeReason: Hashable, Sendable {
    /// A trip; whose and which is in `GuideTime.Span`, where the viewer may know.
    case trip
    /// The guide or the office wrote it.
    case manual
    case calendar(BusyReason)
    /// The calendar could not be read, or what was read is too old for this question.
    case unreadable
    case season
}

/// Claims put one over the other: the stretches of `window` in which the guide is not available.
public enum BusyTimeline {
    /// Earliest first, never overlapping; touching stretches with the same claim are one. Time that nobody claims is
    /// available: guides are unless something blocks. O(n log n) and, where k claims hold at once, times k.
    public static func busy(_ claims: [TimeClaim], in window: Period) -> [TimeClaim] {
        let inside = claims.filter { $0.period.start < window.end && $0.period.end > window.start }
            .sorted { $0.period.start < $1.period.start }
        let edges = Set(
            inside.flatMap { [max($0.period.start, window.start), min($0.period.end, window.end)] }
        ).sorted()
        var spans: [TimeClaim] = []
        var (holding, next) = ([TimeClaim](), 0)
        for (start, end) in zip(edges, edges.dropFirst()) {
            while next < inside.count, inside[next].period.start <= start {
                holding.append(inside[next])
                next += 1
            }
            holding.removeAll { $0.period.end <= start }
            guard let claim = holding.min(by: precedes), !claim.isAvailable else { continue }
            guard let period = Period(from: start, to: end) else { continue }
            append(claim.over(period), to: &spans)
        }
        return spans
    }

    private static func precedes(_ one: TimeClaim, _ other: TimeClaim) -> Bool {
        (one.source.rawValue, one.doubt, one.visibility) < (other.source.rawValue, other.doubt, other.visibility)
    }

    private static func append(_ span: TimeClaim, to spans: inout [TimeClaim]) {
        if let last = spans.last, last.period.end == span.period.start,
            let joined = Period(from: last.period.start, to: span.period.end), last.over(joined) == span.over(joined)
        {
            spans[spans.count - 1] = last.over(joined)
        } else {
            spans.append(span)
        }
    }
}

extension TimeClaim {
    fileprivate func over(_ period: Period) -> TimeClaim {
        TimeClaim(
            period: period, source: source, isAvailable: isAvailable, isTentative: isTentative, visibility: visibility,
            reason: reason)
    }
}
