import CivilTime
import Integrations
public import Season
public import Staffing
import StorageKit
public import Trips

/// Why a promise was not made.
public enum PlanningError: Error, Hashable, Sendable {
    /// What keeps this guide from it: the reasons that 'who can run this?' gives.
    case obstacles(PersonID, [Obstacle])
    /// No crew can be made for this day and so many guests.
    case noCrew
}

extension PlanningDesk {
    /// Gives a guide a place on a trip, where nothing keeps them from it: their calendars are asked as the service's mode
    /// says, and their trips are looked at once more in the transaction.
    /// - Parameter override: why the office wants it in spite of what keeps them.
    /// - Throws: `PlanningError`, `SeasonError`.
    public func assign(
        _ guide: PersonID, to trip: TripID, of service: ServiceID, role: CrewRole = .lead, asks: Bool = false,
        override: Assignment.Override? = nil, by actor: Actor
    ) async throws -> Assignment {
        guard let stored = try await season.trip(trip, of: service) else { throw SeasonError.notFound }
        let check = try await check([guide], of: service, on: TripSpan(stored.trip), isWaived: override != nil)
        return try await season.assign(
            guide, to: trip, of: service, role: role, asks: asks, override: override, by: actor
        ) { session, trip in
            let need = trip.needs.first { $0.role == role } ?? CrewNeed(role: role, count: 1)
            try check(session, guide, TripSpan(trip), need)
        }
    }

    /// Moves a trip with its crew, where nothing keeps any of them.
    public func moveTrip(_ id: TripID, of service: ServiceID, to timing: TripTiming, by actor: Actor) async throws {
        guard let stored = try await season.trip(id, of: service) else { throw SeasonError.notFound }
        let zone = try zone(stored.trip.place.zone)
        let span = try checkTiming { () throws(TripTimingError) in
            try TripSpan(timing, at: stored.trip.place, in: zone, trip: id)
        }
        let crew = try await season.crew(of: id, in: service).filter(\.state.holdsTime)
        let check = try await check(crew.map(\.guide), of: service, on: span, moving: id)
        try await season.moveTrip(id, of: service, to: timing, by: actor) { session, trip, assignment in
            guard assignment.override == nil else { return }
            let need = trip.needs.first { $0.role == assignment.role } ?? CrewNeed(role: assignment.role, count: 1)
            try check(session, assignment.guide, span, need)
        }
    }

    /// Opens a departure for a guest who is deciding, with the best crew that can be had.
    /// - Throws: `.noCrew`, or `SeasonError.taken` where somebody was faster.
    public func holdDeparture(
        _ draft: TripDraft, size: Int, of service: ServiceID, by actor: Actor = .system("guest")
    ) async throws -> Party {
        let departure = try departure(draft)
        let picture = try await picture(of: service, in: departure.span.period, for: .hold).staffing
        let answer = picture.whoCanRun(
            question(draft, departure, guests: size, policy: picture.rules.policy), crews: 1, nearMisses: 0)
        guard let crew = answer.crews.first else { throw PlanningError.noCrew }
        let check = checker(picture, service)
        return try await season.holdDeparture(
            draft, crew: crew.members.map { ($0.guide, $0.role) }, size: size, of: service, by: actor
        ) { session, guide, trip in
            guard let member = crew.members.first(where: { $0.guide == guide }) else { return }
            try check(session, guide, TripSpan(trip), answer.needs[member.need])
        }
    }

    typealias Check = @Sendable (any ReadSession, PersonID, TripSpan, CrewNeed) throws -> Void

    /// Asks the calendars of `guides` for the time of `span`; what it returns looks at their trips as the transaction
    /// has them.
    private func check(
        _ guides: [PersonID], of service: ServiceID, on span: TripSpan, isWaived: Bool = false,
        moving trip: TripID? = nil
    ) async throws -> Check {
        let picture = try await picture(of: service, in: span.period, for: .commit, only: guides).staffing
        return checker(picture, service, isWaived: isWaived, moving: trip)
    }

    /// - Parameter trip: one that the guides are on already, which is no reason against its new time.
    private func checker(
        _ picture: StaffingPicture, _ service: ServiceID, isWaived: Bool = false, moving trip: TripID? = nil
    ) -> Check {
        { session, guide, span, need in
            guard !isWaived else { return }
            guard var known = picture.guide(guide) else { throw PlanningError.obstacles(guide, [.notMember]) }
            let trips =
                try PictureRows.trips(
                    service, around: span.period.widened(byDays: 60), of: [guide], in: session)[guide] ?? []
            known.trips = Timeline(trip == nil ? trips : trips.filter { $0.span.trip != trip })
            let obstacles = known.obstacles(to: span, filling: need, under: picture.rules)
            guard obstacles.isEmpty else { throw PlanningError.obstacles(guide, obstacles) }
        }
    }
}
