public import CivilTime
public import StorageKit
public import Trips

/// A trip to be made.
public struct TripDraft: Hashable, Sendable {
    public var title: String
    public var place: Place
    public var timing: TripTiming
    public var seats: Int
    public var clientsPerGuide: Int
    public var needs: [CrewNeed]
    public var state: Trip.State
    public var template: TemplateID?
    public var price: Price?
    public var notes: String

    public init(
        title: String, place: Place, timing: TripTiming, seats: Int, clientsPerGuide: Int,
        needs: [CrewNeed] = [.init(role: .lead, count: 1)], state: Trip.State = .open, template: TemplateID? = nil,
        price: Price? = nil, notes: String = ""
    ) {
        (self.title, self.place, self.timing, self.seats) = (title, place, timing, seats)
        (self.clientsPerGuide, self.needs, self.state) = (clientsPerGuide, needs, state)
        (self.template, self.price, self.notes) = (template, price, notes)
    }

    /// A departure of `template` on `day`, with its price as it stands now.
    public init(_ template: TripTemplate, on day: CivilDate, state: Trip.State = .open) {
        self.init(
            title: template.title, place: template.place, timing: template.timing.moved(to: day),
            seats: template.seats, clientsPerGuide: template.clientsPerGuide, needs: template.needs, state: state,
            template: template.id, price: template.price)
    }
}

extension SeasonStore {
    /// - Throws: `.timing` or `.invalid` where the trip cannot be.
    public func addTrip(_ draft: TripDraft, to service: ServiceID, by actor: Actor) async throws -> Trip {
        let trip = try checked(draft, of: service)
        try await change(service, by: actor) { try $0.insert(trip) }
        return trip
    }

    /// Moves a trip with its crew. Nothing is moved where one of them has no time then.
    /// - Parameter check: looks, in the transaction, whether one of the crew can.
    /// - Throws: `.taken`.
    public func moveTrip(
        _ id: TripID, of service: ServiceID, to timing: TripTiming, by actor: Actor,
        check: @escaping @Sendable (any ReadSession, Trip, Assignment) throws -> Void = { _, _, _ in }
    ) async throws {
        let zones = zones
        try await change(service, by: actor) { edit in
            guard let stored = try edit.session.trip(id, of: service, zones: zones), stored.trip.state != .cancelled,
                let zone = zones.zone(stored.trip.place.zone)
            else { throw SeasonError.notFound }
            for assignment in try edit.session.assignments(of: id, in: service) where assignment.state.holdsTime {
                try check(edit.session, stored.trip, assignment)
            }
            do { try edit.move(stored.trip, to: timing, period: try timing.period(in: zone)) } catch let error
                as TripTimingError
            { throw SeasonError.timing(error) }
        }
    }

    /// Cancels a trip: its crew is free again, its parties are cancelled and told.
    public func cancelTrip(_ id: TripID, of service: ServiceID, by actor: Actor) async throws {
        let (zones, box) = (zones, letterBox)
        try await change(service, by: actor) { edit in
            guard let trip = try edit.session.trip(id, of: service, zones: zones)?.trip else { throw SeasonError.notFound }
            guard trip.state != .cancelled else { return }
            try edit.tellCancelled(trip, box, zones)
            try edit.cancel(id)
        }
    }

    public func trip(_ id: TripID, of service: ServiceID) async throws -> StoredTrip? {
        let zones = zones
        return try await database.read { try $0.trip(id, of: service, zones: zones) }
    }

    /// Trips that touch `period`, by start; cancelled ones only where asked for.
    public func trips(
        of service: ServiceID, in period: Period, withCancelled: Bool = false
    ) async throws -> [StoredTrip] {
        let zones = zones
        return try await database.read { session in
            try session.trips(
                of: service,
                where: "start_at < ? AND end_at > ?" + (withCancelled ? "" : " AND state <> 'cancelled'"),
                [.integer(period.end.seconds), .integer(period.start.seconds)], zones: zones)
        }
    }

    func checked(_ draft: TripDraft, of service: ServiceID) throws -> Trip {
        guard (1...500).contains(draft.seats) else { throw SeasonError.invalid("seats", "wants 1 to 500") }
        guard (1...500).contains(draft.clientsPerGuide) else {
            throw SeasonError.invalid("target_clients_per_guide", "wants 1 to 500")
        }
        guard (1...300).contains(draft.title.utf8.count) else {
            throw SeasonError.invalid("title", "wants 1 to 300 bytes")
        }
        do {
            return try Trip(
                id: Self.fresh("trp_"), service: service, title: draft.title, place: draft.place,
                timing: draft.timing, zone: try zone(draft.place.zone), seats: draft.seats,
                clientsPerGuide: draft.clientsPerGuide, needs: draft.needs, state: draft.state,
                template: draft.template, price: draft.price, notes: draft.notes)
        } catch let error as TripTimingError { throw SeasonError.timing(error) }
    }
}

extension SeasonEdit {
    func insert(_ trip: Trip) throws {
        try session.execute(
            """
            INSERT INTO trips (service_id, trip_id, title, place, place_zone, timing_mode, first_day, start_second,
                minutes, days, end_second, start_at, end_at, seats, clients_per_guide, state, template_id,
                price_amount, price_deposit, price_currency, notes, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(service.value), .text(trip.id.value), .text(trip.title), .text(trip.place.name),
                .text(trip.place.zone.name),
            ] + trip.timing.values + [
                .integer(trip.period.start.seconds), .integer(trip.period.end.seconds), .integer(Int64(trip.seats)),
                .integer(Int64(trip.clientsPerGuide)), .text(trip.state.rawValue), SQLValue(trip.template?.value),
            ] + trip.price.values + [.text(trip.notes), .integer(now.seconds)])
        try session.replaceNeeds(trip.needs, of: trip.id.value, in: service)
        try record(
            .tripAdded(
                trip: trip.id.value, start: trip.period.start.seconds, end: trip.period.end.seconds,
                seats: Int64(trip.seats), state: trip.state.rawValue))
    }

    func move(_ trip: Trip, to timing: TripTiming, period: Period) throws {
        try session.execute(
            """
            UPDATE trips SET timing_mode = ?, first_day = ?, start_second = ?, minutes = ?, days = ?, end_second = ?,
                start_at = ?, end_at = ? WHERE service_id = ? AND trip_id = ?
            """,
            timing.values + [
                .integer(period.start.seconds), .integer(period.end.seconds), .text(service.value),
                .text(trip.id.value),
            ])
        try record(.tripMoved(trip: trip.id.value, start: period.start.seconds, end: period.end.seconds))
        for assignment in try session.assignments(of: trip.id, in: service) where assignment.state.holdsTime {
            try move(assignment, to: period)
        }
    }

    /// Frees the crew, ends the parties, and says so.
    func cancel(_ trip: TripID) throws {
        try session.execute(
            "UPDATE trips SET state = 'cancelled' WHERE service_id = ? AND trip_id = ?",
            [.text(service.value), .text(trip.value)])
        try record(.tripCancelled(trip: trip.value))
        for assignment in try session.assignments(of: trip, in: service) where assignment.state.holdsTime {
            try end(assignment, as: .cancelled)
        }
        let parties = try session.all(
            """
            SELECT party_id, size FROM parties
            WHERE service_id = ? AND trip_id = ? AND state IN ('held', 'requested', 'booked') ORDER BY party_id
            """, [.text(service.value), .text(trip.value)]
        ) { (PartyID(try $0.text(0)), try $0.integer(1)) }
        for (party, size) in parties { try end(party, of: trip, size: size, state: "cancelled") }
    }
}
