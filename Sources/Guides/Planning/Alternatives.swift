import CivilTime
import Integrations
import Season
public import Staffing
public import Trips

/// What else could be done where a guide cannot run a trip.
public struct Alternatives: Hashable, Sendable {
    /// Others who can fill the place on the trip as it stands, least loaded first.
    public let guides: [PersonID]
    /// The nearest other days on which the guide could, nearest first.
    public let dates: [Departure]
}

extension PlanningDesk {
    /// Days to both sides that are looked at.
    private static let reach = 45

    /// - Parameter limit: at most so many guides and so many days.
    /// - Throws: `SeasonError.notFound`.
    public func alternatives(
        to guide: PersonID, on trip: TripID, of service: ServiceID, as role: CrewRole, limit: Int = 5
    ) async throws -> Alternatives {
        guard let stored = try await season.trip(trip, of: service) else { throw SeasonError.notFound }
        let zone = try zone(stored.trip.place.zone)
        let departure = try checkTiming { () throws(TripTimingError) in try Departure(stored.trip, in: zone) }
        let around = departure.span.period.widened(byDays: Int64(Self.reach + stored.trip.timing.dayCount))
        let picture = try await picture(of: service, in: around, for: .browse).staffing
        let need = stored.trip.needs.first { $0.role == role } ?? CrewNeed(role: role, count: 1)
        let able = picture.whoCanRun(
            CrewQuestion(departure, needs: [CrewNeed(role: role, count: 1, qualifications: need.qualifications)]),
            crews: 0, nearMisses: 0
        ).able.map(\.guide).filter { $0 != guide }
        let now = season.now()
        let known = picture.guide(guide)?.without(trip)
        let offsets = (1...Self.reach).flatMap { [$0, -$0] }
        let dates = offsets.lazy.compactMap { offset -> Departure? in
            guard let known, let moved = departure.timing.firstDay.adding(days: offset).flatMap(departure.moved),
                moved.span.period.start > now, known.can(run: moved.span, filling: need, under: picture.rules)
            else { return nil }
            return moved
        }
        return Alternatives(guides: Array(able.prefix(limit)), dates: Array(dates.prefix(limit)))
    }
}
