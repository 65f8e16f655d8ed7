public import CivilTime
import Dispatch
import Integrations
public import Season
public import Staffing
public import Trips

/// A season's plan with what it was made from.
public struct PlannedSeason: Sendable {
    public let plan: SeasonPlan
    /// The trips that it is about.
    public let trips: [TripID: StoredTrip]
    /// The line of the audit up to which the season was known.
    public let version: Int64
}

extension PlanningDesk {
    /// Plans are worked out one after another, beside the threads that answer requests.
    private static let lane = DispatchQueue(label: "season-plans", qos: .utility)

    /// Guides for all open trips that begin in `window` and lack some.
    /// - Parameter watch: hears the share that is done; false ends the work with the best plan so far.
    public func seasonPlan(
        of service: ServiceID, in window: Period, seed: UInt64 = 1,
        watch: @escaping @Sendable (Double) -> Bool = { _ in true }
    ) async throws -> PlannedSeason {
        let version = try await season.version(of: service)
        let picture = try await picture(of: service, in: window, for: .browse).staffing
        let crews = try await crews(of: service, in: window)
        let trips = try await season.trips(of: service, in: window).filter { stored in
            stored.trip.state == .open && stored.trip.period.start >= window.start
        }
        let open = trips.compactMap { stored -> OpenTrip? in
            let span = TripSpan(stored.trip)
            let needs = picture.remaining(
                of: stored.trip.needs(forGuests: stored.seatsTaken), crew: crews[stored.trip.id] ?? [], on: span)
            return needs.isEmpty ? nil : OpenTrip(stored.trip.id, span: span, needs: needs)
        }
        let plan = await withCheckedContinuation { waiting in
            Self.lane.async { waiting.resume(returning: SeasonSolver(seed: seed).plan(open, picture, watch: watch)) }
        }
        let byID = Dictionary(trips.map { ($0.trip.id, $0) }, uniquingKeysWith: { one, _ in one })
        return PlannedSeason(plan: plan, trips: byID, version: version)
    }
}
