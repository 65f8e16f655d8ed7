import CivilTime

/// Seconds, half-open; the engine's inner currency.
struct Span: Hashable, Sendable {
    var start, end: Int64

    /// Sorted, and joined where they overlap or touch: together they are one set of moments.
    static func ordered(_ periods: [Period]) -> [Span] {
        var spans: [Span] = []
        for period in periods.sorted(by: { $0.start < $1.start }) {
            if let last = spans.last, period.start.seconds <= last.end {
                spans[spans.count - 1].end = max(last.end, period.end.seconds)
            } else {
                spans.append(Span(start: period.start.seconds, end: period.end.seconds))
            }
        }
        return spans
    }

    /// What both lists have in common; both sorted and disjoint.
    static func intersection(_ left: [Span], _ right: [Span]) -> [Span] {
        var (result, i, j) = ([Span](), 0, 0)
        while i < left.count, j < right.count {
            let (start, end) = (max(left[i].start, right[j].start), min(left[i].end, right[j].end))
            if start < end { result.append(Span(start: start, end: end)) }
            if left[i].end < right[j].end { i += 1 } else { j += 1 }
        }
        return result
    }

    /// The span of sorted, disjoint `spans` that holds all of `self`.
    func isWithin(_ spans: [Span]) -> Bool {
        var (low, high) = (0, spans.count)
        while low < high {
            let middle = (low + high) / 2
            if spans[middle].end < end { low = middle + 1 } else { high = middle }
        }
        return low < spans.count && spans[low].start <= start
    }
}
