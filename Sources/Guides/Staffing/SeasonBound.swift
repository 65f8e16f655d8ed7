import CivilTime
import Trips

/// What no plan for a component can beat, whether or not a plan reaches it.
struct SeasonBound {
    let objective: SeasonObjective

    /// - Parameter plan: any plan that fills every place, if there is one; evenness is bounded from there.
    init(_ problem: SeasonProblem, places: [Int], from plan: SeasonState) {
        let filled = Self.filled(problem, places)
        // With places open, which ones is a choice, and so is how many days there are to share.
        let isFull = plan.objective.filled == places.count
        let days = isFull ? Self.evenest(plan, \.days) : 0
        let nights = isFull ? Self.evenest(plan, \.nights) : 0
        objective = SeasonObjective(filled: filled, days: days, nights: nights)
    }

    /// At the start of each trip, those under way need different guides. Moments that share no trip add up.
    private static func filled(_ problem: SeasonProblem, _ places: [Int]) -> Int {
        var (missing, clearFrom) = (0, Int64.min)
        for trip in Set(places.map { problem.places[$0].trip }).sorted() {
            let moment = problem.trips[trip].span.period.start
            let under = places.filter {
                let period = problem.trips[problem.places[$0].trip].span.period
                return period.start <= moment && moment < period.end && period.start.seconds >= clearFrom
            }
            let matched = Matching(under.map { problem.eligible[$0] }, takers: problem.guides.count).count
            guard matched < under.count else { continue }
            missing += under.count - matched
            clearFrom = under.map { problem.trips[problem.places[$0].trip].span.period.end.seconds }.max() ?? clearFrom
        }
        return places.count - missing
    }

    /// The least sum of squares where a place may be shared by the day among those who can take it, and nothing else
    /// keeps anybody. Starting from a plan, a day is moved along a chain of places from somebody with more to somebody
    /// with less until no chain is left; then none is better, since the sum is convex.
    private static func evenest(_ plan: SeasonState, _ part: KeyPath<Load, Int>) -> Int {
        let (problem, count) = (plan.problem, plan.problem.guides.count)
        var totals = plan.loads.map { $0[keyPath: part] }
        var shares: [[Int]] = plan.places.map { place in
            var share = Array(repeating: 0, count: count)
            if let guide = plan.guideOf[place] { share[guide] = problem.load(place)[keyPath: part] }
            return share
        }
        while let chain = chain(totals, shares, plan) {
            for link in chain.links {
                shares[link.place][link.from] -= 1
                shares[link.place][link.to] += 1
            }
            totals[chain.from] -= 1
            totals[chain.to] += 1
        }
        return totals.reduce(0) { $0 + $1 * $1 }
    }

    private typealias Link = (place: Int, from: Int, to: Int)

    /// A chain from somebody to somebody with at least two less.
    private static func chain(
        _ totals: [Int], _ shares: [[Int]], _ plan: SeasonState
    ) -> (from: Int, to: Int, links: [Link])? {
        for start in totals.indices.sorted(by: { totals[$0] > totals[$1] }) {
            var reached: [Int: Link] = [:]
            var queue = [start]
            while let guide = queue.popLast() {
                if totals[guide] + 2 <= totals[start] {
                    var (links, at) = ([Link](), guide)
                    while at != start, let link = reached[at] {
                        links.append(link)
                        at = link.from
                    }
                    return (start, guide, links)
                }
                for (index, place) in plan.places.enumerated() where shares[index][guide] > 0 {
                    for next in plan.problem.eligible[place] where next != start && reached[next] == nil {
                        reached[next] = (index, guide, next)
                        queue.append(next)
                    }
                }
            }
        }
        return nil
    }
}
