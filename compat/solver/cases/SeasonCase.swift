import CivilTime
import Staffing
import Trips

/// A season and its plan as raw numbers: seconds since 1970, days since 1970, minutes.
struct SeasonCase: Encodable {
    struct Span: Encodable {
        let id: String?
        let start, end: Int64
        let first, last: Int32
        let place: String

        init(_ span: TripSpan) {
            (id, place) = (span.trip?.value, span.place.name)
            (start, end) = (span.period.start.seconds, span.period.end.seconds)
            (first, last) = (span.firstDay.dayNumber, span.lastDay.dayNumber)
        }
    }

    struct Need: Encodable {
        let role: String
        let count: Int
        let qualifications: [String]
    }

    struct Trip: Encodable {
        let span: Span
        let needs: [Need]
    }

    struct Guide: Encodable {
        let id: String
        let roles: [String]
        /// The last valid day of each; null: without end.
        let qualifications: [String: Int32?]
        let busy: [[Int64]]
        let trips: [Span]
        let days, nights: Int
    }

    struct Rules: Encodable {
        let turnaround, rest: Int
        let drives: [String: Int]
    }

    struct Plan: Encodable {
        let exact: Bool
        /// Places filled, sum of squares of days, of nights.
        let objective, bound: [Int]
        /// Trip, role, guide.
        let proposals: [[String]]
    }

    let rules: Rules
    let guides: [Guide]
    let trips: [Trip]
    let plan: Plan

    init(_ season: RandomSeason, _ plan: SeasonPlan) {
        let policy = season.picture.rules.policy
        rules = Rules(
            turnaround: policy.turnaroundMinutes, rest: policy.restDays,
            drives: ["River Wall": 120, "Hut River": 240, "Hut Wall": 60])
        guides = season.picture.guides.map { guide in
            Guide(
                id: guide.id.value, roles: guide.roles.map(\.rawValue),
                qualifications: Dictionary(
                    guide.qualifications.map { ($0.kind, $0.validThrough?.dayNumber) }, uniquingKeysWith: { $1 }),
                busy: guide.busy.pieces.map { [$0.period.start.seconds, $0.period.end.seconds] },
                trips: guide.trips.pieces.map { Span($0.span) }, days: guide.carried.days,
                nights: guide.carried.nights)
        }
        trips = season.trips.map { trip in
            let needs = trip.needs.map {
                Need(role: $0.role.rawValue, count: $0.count, qualifications: $0.qualifications.sorted())
            }
            return Trip(span: Span(trip.span), needs: needs)
        }
        self.plan = Plan(
            exact: plan.isExact, objective: [plan.objective.filled, plan.objective.days, plan.objective.nights],
            bound: [plan.bound.filled, plan.bound.days, plan.bound.nights],
            proposals: plan.proposals.map { [$0.trip.value, $0.role.rawValue, $0.guide.value] })
    }
}
