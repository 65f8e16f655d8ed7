import Trips

/// A first plan: the hardest places first, each to whoever has least; what stays open is tried again by moving others.
struct SeasonBuilder {
    private(set) var state: SeasonState
    /// How many guides may have to move for one place.
    private static let depth = 4

    init(_ state: SeasonState) {
        self.state = state
        let problem = state.problem
        let order = state.places.sorted { (problem.eligible[$0].count, $0) < (problem.eligible[$1].count, $1) }
        for place in order { _ = fill(place) }
        for place in order where self.state.guideOf[place] == nil {
            var stepsLeft = 2_000
            _ = make(roomFor: place, depth: Self.depth, &stepsLeft)
        }
    }

    private func byLoad(_ guides: [Int]) -> [Int] {
        guides.sorted { (state.loads[$0], $0) < (state.loads[$1], $1) }
    }

    private mutating func fill(_ place: Int) -> Bool {
        let able = state.problem.eligible[place].filter { state.can($0, take: place) }
        guard let guide = able.min(by: { (state.loads[$0], $0) < (state.loads[$1], $1) }) else { return false }
        state.assign(place, to: guide)
        return true
    }

    /// Fills `place` by moving somebody's other place to somebody else, who may have to give one up in turn.
    private mutating func make(roomFor place: Int, depth: Int, _ stepsLeft: inout Int) -> Bool {
        if fill(place) { return true }
        guard depth > 0 else { return false }
        for guide in byLoad(state.problem.eligible[place]) {
            let others = state.inTheWay(of: place, at: guide)
            guard others.count == 1, stepsLeft > 0 else { continue }
            stepsLeft -= 1
            state.release(others[0])
            guard state.can(guide, take: place) else {
                state.assign(others[0], to: guide)
                continue
            }
            state.assign(place, to: guide)
            if make(roomFor: others[0], depth: depth - 1, &stepsLeft) { return true }
            state.release(place)
            state.assign(others[0], to: guide)
        }
        return false
    }
}
