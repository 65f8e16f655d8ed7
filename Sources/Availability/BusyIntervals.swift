import CivilTime

/// A person's busy time, packed: sorted, with touching and overlapping pieces joined for the search, and the pieces kept
/// with their tags for the answer to 'why not'.
public struct BusyIntervals: Hashable, Sendable {
    /// A piece of busy time; `tag` is the caller's way back to what it stands for.
    public struct Piece: Hashable, Sendable {
        public var start, end: Int64
        public var tag: Int32
        /// Seconds since 1970; a piece that does not end after its start takes no time.
        public init(start: Int64, end: Int64, tag: Int32 = 0) { (self.start, self.end, self.tag) = (start, end, tag) }
    }

    /// By start.
    public let pieces: [Piece]

    public init(_ pieces: [Piece] = []) {
        self.pieces = pieces.filter { $0.start < $0.end }.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
    }

    /// The parts of `open` in which a meeting may lie whole: busy time grown by `after` on its left and `before` on its
    /// right, since a meeting must end `after` before the next event and begin `before` after the last one. Sorted and
    /// disjoint where `open` is. O(pieces + open).
    func free(in open: [Span], before: Int64, after: Int64) -> [Span] {
        var free: [Span] = []
        free.reserveCapacity(open.count)
        var index = 0
        for span in open {
            var from = span.start
            // Sorted by start: an early piece may end late, so only those that lie before for good are passed.
            while index < pieces.count, pieces[index].end + before <= span.start { index += 1 }
            var at = index
            while at < pieces.count, pieces[at].start - after < span.end {
                let (busyStart, busyEnd) = (pieces[at].start - after, pieces[at].end + before)
                if busyEnd > from {
                    if busyStart > from { free.append(Span(start: from, end: busyStart)) }
                    from = max(from, busyEnd)
                }
                at += 1
            }
            if from < span.end { free.append(Span(start: from, end: span.end)) }
        }
        return free
    }

    /// The pieces that keep a meeting of `span` out.
    func blocking(_ span: Span, before: Int64, after: Int64) -> [Piece] {
        pieces.filter { $0.start - after < span.end && $0.end + before > span.start }
    }
}

/// Seconds, half-open; the engine's inner currency.
struct Span: Hashable, Sendable {
    var start, end: Int64

    /// Sorted, and joined where they overlap; those that only touch stay apart.
    static func ordered(_ periods: [Period]) -> [Span] {
        var spans: [Span] = []
        for period in periods.sorted(by: { $0.start < $1.start }) {
            if let last = spans.last, period.start.seconds < last.end {
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
}
