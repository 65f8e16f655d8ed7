/// As many places as can be are given different takers (augmenting paths; Kuhn). Places come before, takers after.
struct Matching {
    /// The taker of each place.
    private(set) var taker: [Int?]
    private var place: [Int?]

    /// - Parameters:
    ///   - choices: for each place, who may take it.
    ///   - takers: how many there are.
    init(_ choices: [[Int]], takers: Int) {
        (taker, place) = (
            Array(repeating: nil, count: choices.count), Array(repeating: nil, count: takers)
        )
        for start in choices.indices {
            var seen = Array(repeating: false, count: takers)
            _ = give(start, choices, &seen)
        }
    }

    var isComplete: Bool { !taker.contains(nil) }
    var count: Int { taker.count { $0 != nil } }

    private mutating func give(_ start: Int, _ choices: [[Int]], _ seen: inout [Bool]) -> Bool {
        for who in choices[start] where !seen[who] {
            seen[who] = true
            if let other = place[who], !give(other, choices, &seen) { continue }
            (taker[start], place[who]) = (who, start)
            return true
        }
        return false
    }
}
