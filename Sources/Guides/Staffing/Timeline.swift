public import CivilTime

/// What takes a piece of time.
public protocol TakesTime: Hashable, Sendable {
    var period: Period { get }
}

/// Pieces of time by start; they may overlap. What touches a span is found in O(log n + found).
public struct Timeline<Piece: TakesTime>: Hashable, Sendable {
    /// By start.
    public private(set) var pieces: [Piece]
    /// The latest end among the pieces up to each.
    private var ends: [Instant] = []

    public init(_ pieces: [Piece] = []) {
        self.pieces = pieces.sorted {
            ($0.period.start, $0.period.end) < ($1.period.start, $1.period.end)
        }
        ends.reserveCapacity(pieces.count)
        extend(from: 0)
    }

    /// The first piece that starts at `instant` or later.
    func index(startingFrom instant: Instant) -> Int {
        partition(pieces.count) { pieces[$0].period.start < instant }
    }

    /// Hands over the pieces that touch `[start, end)`, by start, until `next` says to stop.
    func visit(from start: Instant, to end: Instant, _ next: (Piece) -> Bool) {
        // No piece before this one ends after `start`.
        var index = partition(pieces.count) { ends[$0] <= start }
        while index < pieces.count, pieces[index].period.start < end {
            if pieces[index].period.end > start, !next(pieces[index]) { return }
            index += 1
        }
    }

    mutating func insert(_ piece: Piece) {
        let place = index(startingFrom: piece.period.start)
        pieces.insert(piece, at: place)
        extend(from: place)
    }

    mutating func removeAll(where isGone: (Piece) -> Bool) {
        guard let first = pieces.firstIndex(where: isGone) else { return }
        pieces.removeAll(where: isGone)
        extend(from: first)
    }

    private mutating func extend(from first: Int) {
        ends.removeSubrange(min(first, ends.count)...)
        for piece in pieces[first...] {
            ends.append(max(piece.period.end, ends.last ?? piece.period.end))
        }
    }

    /// How many of the first `count` places hold; those that do come first.
    private func partition(_ count: Int, _ holds: (Int) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
