import CivilTime

/// A person's busy time, packed: by start, with tags for the answer to 'why not', and as bits for the search. Making it
/// takes O(n log n); a question then only reads it, so keep it beside the version of the data it was made from.
public struct BusyIntervals: Hashable, Sendable {
    /// A piece of busy time; `tag` is the caller's way back to what it stands for.
    public struct Piece: Hashable, Sendable {
        public var start, end: Int64
        public var tag: Int32
        /// Seconds since 1970; a piece that does not end after its start takes no time.
        public init(start: Int64, end: Int64, tag: Int32 = 0) { (self.start, self.end, self.tag) = (start, end, tag) }
    }

    /// In one place, so that ten thousand people are a short list to go through.
    private final class Content: Sendable {
        let pieces: [Piece]
        /// Seconds of the longest piece: how far before a moment one may begin that reaches it.
        let longest: Int64
        let fine: BusyCells?
        let coarse: BusyCells?

        init(_ pieces: [Piece]) {
            self.pieces = pieces
            longest = pieces.reduce(0) { max($0, $1.end - $1.start) }
            fine = BusyCells(pieces, of: BusyCells.fine)
            coarse = BusyCells(pieces, of: BusyCells.coarse)
        }

        func free(in open: [Span], before: Int64, after: Int64) -> [Span] {
            var free: [Span] = []
            var first = 0
            for span in open {
                var from = span.start
                first = index(reaching: span.start - before, from: first)
                // By index: a slice would hold on to the pieces, which all questions share.
                var next = first
                while next < pieces.count, from < span.end, pieces[next].start - after < span.end {
                    let until = pieces[next].start - after
                    if from < until { free.append(Span(start: from, end: until)) }
                    from = max(from, pieces[next].end + before)
                    next += 1
                }
                if from < span.end { free.append(Span(start: from, end: span.end)) }
            }
            return free
        }

        func blocking(_ span: Span, before: Int64, after: Int64) -> [Piece] {
            pieces[index(reaching: span.start - before)...]
                .prefix { $0.start - after < span.end }.filter { $0.end + before > span.start }
        }

        /// No piece before this index ends after `time`. Looks near `first` before it looks far.
        private func index(reaching time: Int64, from first: Int = 0) -> Int {
            let earliest = time - longest
            var (low, high, step) = (first, first, 1)
            while high < pieces.count, pieces[high].start <= earliest {
                low = high + 1
                high += step
                step *= 2
            }
            high = min(high, pieces.count)
            while low < high {
                let middle = low + (high - low) / 2
                if pieces[middle].start <= earliest { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }

    private let content: Content

    /// By start.
    public var pieces: [Piece] { content.pieces }
    var fine: BusyCells? { content.fine }
    var coarse: BusyCells? { content.coarse }

    /// Times beyond 18 000 million years are drawn in, where no question reaches.
    public init(_ pieces: [Piece] = []) {
        let most: Int64 = 1 << 59
        content = Content(
            pieces.filter { $0.start < $0.end && $0.end > -most && $0.start < most }
                .map { Piece(start: max($0.start, -most), end: min($0.end, most), tag: $0.tag) }
                .sorted { ($0.start, $0.end) < ($1.start, $1.end) })
    }

    public static func == (left: Self, right: Self) -> Bool { left.pieces == right.pieces }
    public func hash(into hasher: inout Hasher) { hasher.combine(pieces) }

    /// The parts of `open` in which a meeting may lie whole: busy time grown by `after` on its left and `before` on its
    /// right, since a meeting must end `after` before the next event and begin `before` after the last one. Sorted and
    /// disjoint where `open` is. O(open · log pieces + pieces that reach it).
    func free(in open: [Span], before: Int64, after: Int64) -> [Span] {
        content.free(in: open, before: before, after: after)
    }

    /// The pieces that keep a meeting of `span` out.
    func blocking(_ span: Span, before: Int64, after: Int64) -> [Piece] {
        content.blocking(span, before: before, after: after)
    }
}
