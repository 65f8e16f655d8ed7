import Trips

/// Looks at every plan that may be better than the best known one (branch and bound), within a number of steps.
struct SeasonSearch {
    private(set) var best: SeasonState
    /// Whether all were looked at: then `best` is.
    private(set) var isComplete = true
    private var state: SeasonState
    private let order: [Int]
    /// Days and nights of the places from each on.
    private var left: [Load]
    /// Who can take any of the places.
    private let guides: [Int]
    private var stepsLeft: Int

    init(_ empty: SeasonState, best: SeasonState, steps: Int) {
        (self.best, state, stepsLeft) = (best, empty, steps)
        let problem = empty.problem
        order = empty.places.sorted { (problem.eligible[$0].count, $0) < (problem.eligible[$1].count, $1) }
        left = [.zero]
        for place in order.reversed() { left.append((left.last ?? .zero) + problem.load(place)) }
        left.reverse()
        guides = Set(order.flatMap { problem.eligible[$0] }).sorted()
        search(0)
    }

    private mutating func search(_ index: Int) {
        guard stepsLeft > 0 else {
            isComplete = false
            return
        }
        stepsLeft -= 1
        if state.objective < best.objective { best = state }
        guard index < order.count, mayBeBetter(from: index) else { return }
        let place = order[index]
        let able = state.problem.eligible[place].filter { state.can($0, take: place) }
        for guide in able.sorted(by: { (state.loads[$0], $0) < (state.loads[$1], $1) }) {
            state.assign(place, to: guide)
            search(index + 1)
            state.release(place)
        }
        search(index + 1)
    }

    private func mayBeBetter(from index: Int) -> Bool {
        let most = state.objective.filled + order.count - index
        if most != best.objective.filled { return most > best.objective.filled }
        // All that is left must be filled.
        let days = least(state.objective.days, \.days, adding: left[index].days)
        if days != best.objective.days { return days < best.objective.days }
        return least(state.objective.nights, \.nights, adding: left[index].nights) < best.objective.nights
    }

    /// The least sum of squares if `amount` is added one by one to whoever has least.
    private func least(_ now: Int, _ part: KeyPath<Load, Int>, adding amount: Int) -> Int {
        let totals = guides.map { state.loads[$0][keyPath: part] }.sorted()
        // Raise the lowest `count` to the level of the next while the amount lasts.
        var (sum, rest, count) = (now, amount, 1)
        guard var level = totals.first else { return now }
        while rest > 0 {
            let next = count < totals.count ? totals[count] : Int.max
            let rise = next == .max ? rest / count : min(next - level, rest / count)
            sum += count * ((level + rise) * (level + rise) - level * level)
            (level, rest) = (level + rise, rest - rise * count)
            if count < totals.count, level == next {
                count += 1
            } else if rest < count {
                // One more for some of them.
                return sum + rest * (2 * level + 1)
            }
        }
        return sum
    }
}
