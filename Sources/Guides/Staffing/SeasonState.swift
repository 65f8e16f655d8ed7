import CivilTime
import Trips

/// A plan in the making: who fills which place, and what each guide then has.
struct SeasonState {
    let problem: SeasonProblem
    /// The places that are looked at; a component.
    let places: [Int]
    private(set) var guideOf: [Int?]
    private(set) var loads: [Load]
    private(set) var objective = SeasonObjective(filled: 0, days: 0, nights: 0)
    private var isEligible: [Bool]
    /// Trips of each guide in the plan: bit sets.
    private var taken: [UInt64]
    /// All trips of each guide; kept only where rest days are asked for, which concern more than two trips at once.
    private var schedules: [Timeline<CrewTrip>]
    private let asksForRest: Bool

    init(_ problem: SeasonProblem, places: [Int]) {
        (self.problem, self.places) = (problem, places)
        guideOf = Array(repeating: nil, count: problem.places.count)
        loads = problem.guides.map(\.load)
        taken = Array(repeating: 0, count: problem.guides.count * problem.words)
        schedules = problem.guides.map(\.trips)
        asksForRest = problem.rules.policy.restDays > 0
        isEligible = Array(repeating: false, count: problem.places.count * problem.guides.count)
        for place in places {
            for guide in problem.eligible[place] { isEligible[place * problem.guides.count + guide] = true }
        }
        for load in loads {
            objective.days += load.days * load.days
            objective.nights += load.nights * load.nights
        }
    }

    func isEligible(_ guide: Int, for place: Int) -> Bool { isEligible[place * problem.guides.count + guide] }

    /// Whether `guide` can take `place` beside what they have.
    func can(_ guide: Int, take place: Int) -> Bool {
        guard isEligible(guide, for: place) else { return false }
        let (trip, words) = (problem.places[place].trip, problem.words)
        for word in 0..<words
        where problem.conflicts[trip * words + word] & taken[guide * words + word] != 0 { return false }
        return !asksForRest || hasRest(guide, around: trip)
    }

    private func hasRest(_ guide: Int, around trip: Int) -> Bool {
        var hasRest = true
        schedules[guide].visitRest(around: problem.trips[trip].span, needed: problem.rules.policy.restDays) { _ in
            hasRest = false
            return false
        }
        return hasRest
    }

    /// - Precondition: the place is open and the guide can take it.
    mutating func assign(_ place: Int, to guide: Int) {
        change(place, guide, by: 1)
        guideOf[place] = guide
    }

    mutating func release(_ place: Int) {
        guard let guide = guideOf[place] else { return }
        change(place, guide, by: -1)
        guideOf[place] = nil
    }

    private mutating func change(_ place: Int, _ guide: Int, by sign: Int) {
        let (trip, load, before) = (problem.places[place].trip, problem.load(place), loads[guide])
        let after = sign > 0 ? before + load : before - load
        loads[guide] = after
        objective.filled += sign
        objective.days += after.days * after.days - before.days * before.days
        objective.nights += after.nights * after.nights - before.nights * before.nights
        taken[guide * problem.words + trip / 64] ^= 1 << UInt64(trip % 64)
        guard asksForRest else { return }
        let span = problem.trips[trip].span
        if sign > 0 {
            schedules[guide].insert(CrewTrip(span, role: problem.places[place].need.role))
        } else {
            schedules[guide].removeAll { $0.span.trip == span.trip }
        }
    }

    /// The places of `guide` that stand in the way of `place`.
    func inTheWay(of place: Int, at guide: Int) -> [Int] {
        let trip = problem.places[place].trip
        return places.filter { guideOf[$0] == guide && problem.conflict(problem.places[$0].trip, trip) }
    }
}
