/// Busy time as bits, one for every five minutes it touches. A meeting that begins and ends on five minutes is made of
/// whole cells, so it is free exactly where none of them is touched, whatever the seconds of the events.
struct BusyCells: Hashable, Sendable {
    static let seconds: Int64 = 300
    /// 64 cells: 5 hours 20 minutes.
    static let wordSeconds: Int64 = 300 * 64
    private static let mostWords: Int64 = 8_192

    /// The number of the first word, counted from 1970.
    let first: Int
    let words: [UInt64]

    /// Nil where the pieces reach over more than five years: bits would take more room than they are worth.
    init?(_ pieces: [BusyIntervals.Piece]) {
        guard let start = pieces.first?.start, let end = pieces.lazy.map(\.end).max() else {
            (first, words) = (0, [])
            return
        }
        let from = start.floorDivided(by: Self.wordSeconds)
        let count = (end - 1).floorDivided(by: Self.wordSeconds) - from + 1
        guard count <= Self.mostWords else { return nil }
        let base = from * 64
        var mask = StartMask(wordCount: Int(count))
        for piece in pieces {
            let low = piece.start.floorDivided(by: Self.seconds) - base
            let high = (piece.end - 1).floorDivided(by: Self.seconds) - base
            mask.insert(Int(low)..<Int(high) + 1)
        }
        (first, words) = (Int(from), mask.words)
    }
}

extension Int64 {
    /// The quotient rounded towards the past.
    func floorDivided(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
