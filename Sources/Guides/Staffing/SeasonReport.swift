import CivilTime
import Trips

/// Turns a finished plan into proposals with their reasons.
struct SeasonReport {
    private let state: SeasonState
    private var problem: SeasonProblem { state.problem }

    init(_ state: SeasonState) { self.state = state }

    func plan(bound: SeasonObjective, isExact: Bool, isCutShort: Bool, seed: UInt64) -> SeasonPlan {
        let (proposals, open) = (
            state.places.compactMap(proposal), state.places.filter { state.guideOf[$0] == nil }
        )
        // Those who have the plan's trips, for the reasons.
        let busy = open.isEmpty ? [] : problem.guides.indices.map(planned)
        let unfilled = open.map { place in
            let (trip, need) = (problem.trips[problem.places[place].trip], problem.places[place].need)
            let reasons = busy.map { guide in
                UnfilledPlace.Reason(
                    guide: guide.id, obstacles: guide.obstacles(to: trip.span, filling: need, under: problem.rules))
            }
            return UnfilledPlace(trip: trip.trip, need: need, reasons: reasons)
        }
        return SeasonPlan(
            proposals: proposals, unfilled: unfilled, objective: state.objective, bound: bound, isExact: isExact,
            loads: problem.guides.indices.map(load), isCutShort: isCutShort, seed: seed)
    }

    private func load(_ guide: Int) -> GuideLoad {
        GuideLoad(guide: problem.guides[guide].id, before: problem.guides[guide].load, after: state.loads[guide])
    }

    private func proposal(_ place: Int) -> Proposal? {
        guard let guide = state.guideOf[place] else { return nil }
        let others = problem.eligible[place].filter { $0 != guide && state.can($0, take: place) }
        let (trip, role) = (problem.trips[problem.places[place].trip].trip, problem.places[place].need.role)
        return Proposal(
            trip: trip, role: role, guide: problem.guides[guide].id, load: state.loads[guide],
            alternatives: others.map(load).sorted { ($0.after, $0.guide) < ($1.after, $1.guide) })
    }

    private func planned(_ guide: Int) -> GuidePicture {
        var picture = problem.guides[guide]
        let own = state.places.filter { state.guideOf[$0] == guide }.map { place in
            CrewTrip(problem.trips[problem.places[place].trip].span, role: problem.places[place].need.role)
        }
        picture.trips = Timeline(picture.trips.pieces + own)
        return picture
    }
}
