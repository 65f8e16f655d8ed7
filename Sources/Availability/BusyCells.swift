/// Busy time as bits, one for every cell of time it touches. A meeting that begins and ends between cells is made of
/// whole ones, so it is free exactly where none of them is touched, whatever the seconds of the events.
struct BusyCells: Hashable, Sendable {
    /// Lengths of a cell: most questions keep to quarters of an hour, nearly all to five minutes.
    static let fine: Int64 = 300
    static let coarse: Int64 = 900
    private static let mostWords: Int64 = 8_192

    /// The number of the first word, counted from 1970.
    let first: Int
    let words: [UInt64]

    /// Nil where the pieces reach over more than five years: bits would take more room than they are worth.
    init?(_ pieces: [BusyIntervals.Piece], of seconds: Int64) {
        guard let start = pieces.first?.start, let end = pieces.lazy.map(\.end).max() else {
            (first, words) = (0, [])
            return
        }
        let from = start.floorDivided(by: (seconds * 64))
        let count = (end - 1).floorDivided(by: (seconds * 64)) - from + 1
        guard count <= Self.mostWords else { return nil }
        let base = from * 64
        var mask = StartMask(wordCount: Int(count))
        for piece in pieces {
            let low = piece.start.floorDivided(by: seconds) - base
            let high = (piece.end - 1).floorDivided(by: seconds) - base
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
