/// Fills a season's open trips at once: as many places as can be, then days as even as can be, then nights. Parts that
/// share no guide are solved apart. A part's plan is built, improved by seeded chance, held against what no plan can
/// beat, and where that leaves a doubt and the part is small, searched in full.
public struct SeasonSolver: Sendable {
    public var seed: UInt64
    /// Changes tried for each place.
    public var effort: Int
    /// Parts with more places are beyond searching in full.
    private static let mostSearched = 40

    public init(seed: UInt64 = 1, effort: Int = 1_000) { (self.seed, self.effort) = (seed, effort) }

    /// - Parameter watch: hears the share that is done, from 0 to 1; false ends the work with the best plan so far, which
    ///   then says that it was cut short.
    public func plan(
        _ open: [OpenTrip], _ picture: StaffingPicture, watch: (Double) -> Bool = { _ in true }
    ) -> SeasonPlan {
        let problem = SeasonProblem(open, picture)
        var (placesDone, isCutShort) = (0, false)
        var whole = SeasonState(problem, places: Array(problem.places.indices))
        var (bound, isExact) = (whole.objective, true)
        for places in problem.components() {
            let solved = solve(problem, places) { share in
                let done = Double(placesDone) + share * Double(places.count)
                if !isCutShort { isCutShort = !watch(done / Double(problem.places.count)) }
                return !isCutShort
            }
            placesDone += places.count
            for place in places { if let guide = solved.best.guideOf[place] { whole.assign(place, to: guide) } }
            isExact = isExact && solved.isExact
            // Guides outside of the component count in each; what they have before is counted once.
            let idle = SeasonState(problem, places: []).objective
            bound.filled += solved.bound.filled
            bound.days += solved.bound.days - idle.days
            bound.nights += solved.bound.nights - idle.nights
        }
        return SeasonReport(whole).plan(bound: isExact ? whole.objective : bound, isExact: isExact, isCutShort: isCutShort, seed: seed)
    }

    private func solve(
        _ problem: SeasonProblem, _ places: [Int], goesOn: (Double) -> Bool
    ) -> (best: SeasonState, bound: SeasonObjective, isExact: Bool) {
        let empty = SeasonState(problem, places: places)
        var best = SeasonBuilder(empty).state
        let first = SeasonBound(problem, places: places, from: best)
        let steps = effort * places.count
        best = SeasonImprovement(best, seed: seed, steps: steps, bound: first.objective, goesOn: goesOn).best
        // Where the first plan left places open, evenness can only be bounded now.
        let bound = SeasonBound(problem, places: places, from: best).objective
        guard bound < best.objective else { return (best, best.objective, true) }
        guard places.count <= Self.mostSearched, goesOn(1) else { return (best, bound, false) }
        let search = SeasonSearch(empty, best: best, steps: 200 * effort)
        if search.isComplete { return (search.best, search.best.objective, true) }
        return (search.best, bound, false)
    }
}
