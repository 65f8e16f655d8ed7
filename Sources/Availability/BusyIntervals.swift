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
        let fine: BusyCells?
        let coarse: BusyCells?

        init(_ pieces: [Piece]) {
            self.pieces = pieces
            fine = BusyCells(pieces, of: BusyCells.fine)
            coarse = BusyCells(pieces, of: BusyCells.coarse)
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
    /// disjoint where `open` is. O(pieces + open).
    func free(in open: [Span], before: Int64, after: Int64) -> [Span] {
        var (free, at, from) = ([Span](), 0, Int64.min)
        func close(_ until: Int64) {
            guard from < until else { return }
            while at < open.count, open[at].end <= from { at += 1 }
            while at < open.count, open[at].start < until {
                free.append(Span(start: max(from, open[at].start), end: min(until, open[at].end)))
                guard open[at].end <= until else { return }
                at += 1
            }
        }
        for piece in pieces {
            close(piece.start - after)
            from = max(from, piece.end + before)
            if at == open.count { return free }
        }
        close(.max)
        return free
    }

    /// The pieces that keep a meeting of `span` out.
    func blocking(_ span: Span, before: Int64, after: Int64) -> [Piece] {
        var found: [Piece] = []
        for piece in pieces {
            guard piece.start - after < span.end else { break }
            if piece.end + before > span.start { found.append(piece) }
        }
        return found
    }
}
