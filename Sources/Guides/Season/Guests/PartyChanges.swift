import CivilTime
public import Sealing
public import StorageKit
public import Trips

/// Who a guest is, as they say it.
public struct GuestDraft: Hashable, Sendable {
    public var email: String
    public var name: String
    public var phone: String?

    public init(email: String, name: String, phone: String? = nil) {
        (self.email, self.name, self.phone) = (email, name, phone)
    }
}

extension SeasonStore {
    /// Longest a guest may keep seats while deciding, in seconds, extensions included in none.
    public static let longestHold: Int64 = 1800

    /// Keeps `size` seats of a trip while a guest decides.
    /// - Throws: `.noSeats`.
    public func hold(
        _ size: Int, on trip: TripID, of service: ServiceID, seconds: Int64 = 900, by actor: Actor = .system("guest")
    ) async throws -> Party {
        guard (1...500).contains(size) else { throw SeasonError.invalid("party_size", "wants 1 to 500") }
        return try await change(service, by: actor) { edit in
            guard try edit.tripState(trip) == .open else { throw SeasonError.notFound }
            return try edit.hold(size, on: trip, seconds: seconds)
        }
    }

    /// Opens a departure for a guest who is deciding: the trip, its crew's time and the seats are kept together, and go
    /// together when the hold runs out.
    /// - Throws: `.taken` where somebody of the crew has no time any more.
    public func holdDeparture(
        _ draft: TripDraft, crew: [(guide: PersonID, role: CrewRole)], size: Int, of service: ServiceID,
        seconds: Int64 = 900, by actor: Actor = .system("guest"),
        check: @escaping @Sendable (any ReadSession, PersonID, Trip) throws -> Void = { _, _, _ in }
    ) async throws -> Party {
        var draft = draft
        draft.state = .held
        let trip = try checked(draft, of: service)
        return try await change(service, by: actor) { edit in
            try edit.insert(trip)
            let party = try edit.hold(size, on: trip.id, seconds: seconds)
            for member in crew {
                guard try edit.session.isActiveGuide(member.guide, of: service) else { throw SeasonError.notFound }
                try check(edit.session, member.guide, trip)
                _ = try edit.assign(member.guide, to: trip, role: member.role, asks: nil, override: nil)
            }
            try edit.setExpiry(edit.heldUntil(seconds), ofCommitmentsTo: trip.id)
            return party
        }
    }

    /// Gives a guest who is still deciding more time, counted from now.
    public func extendHold(_ id: PartyID, of service: ServiceID, seconds: Int64 = 900) async throws {
        try await change(service, by: .guest(id)) { edit in
            guard let party = try edit.session.party(id, of: service)?.party, case .held = party.state else {
                throw SeasonError.tooLate("the seats are not held any more")
            }
            let until = edit.heldUntil(seconds)
            try edit.session.execute(
                "UPDATE parties SET held_until = ?, changed_at = ? WHERE service_id = ? AND party_id = ?",
                [.integer(until.seconds), .integer(edit.now.seconds), .text(service.value), .text(id.value)])
            if try edit.tripState(party.trip) == .held { try edit.setExpiry(until, ofCommitmentsTo: party.trip) }
            try edit.record(.holdExtended(party: id.value, until: until.seconds))
        }
    }

    /// Turns a hold into a booking, or into a request that the office decides. Returns the guest's link token, valid
    /// until a day after the trip; it is mailed in the same transaction's effects and stored as a hash.
    /// - Throws: `.tooLate` where the hold ran out.
    public func commit(
        _ id: PartyID, of service: ServiceID, guest: GuestDraft, asRequest: Bool = false
    ) async throws -> Secret {
        let email = guest.email.lowercased()
        guard email.utf8.count <= 254, email.contains("@") else {
            throw SeasonError.invalid("email", "wants an e-mail address of at most 254 bytes")
        }
        let (token, zones) = (Secret(Crypto.token(40)), zones)
        return try await change(service, by: .guest(id)) { edit in
            guard let stored = try edit.session.party(id, of: service), case .held = stored.party.state,
                let trip = try edit.session.trip(stored.party.trip, of: service, zones: zones)
            else { throw SeasonError.tooLate("the seats are not held any more") }
            let guestID = try edit.guest(email: email, guest)
            try edit.session.execute(
                """
                UPDATE parties SET state = ?, held_until = NULL, primary_guest = ?, last_guest_activity_at = ?,
                    changed_at = ? WHERE service_id = ? AND party_id = ?
                """,
                [
                    .text(asRequest ? "requested" : "booked"), .text(guestID), .integer(edit.now.seconds),
                    .integer(edit.now.seconds), .text(service.value), .text(id.value),
                ])
            try edit.session.execute(
                "INSERT INTO party_guests (service_id, party_id, guest_id) VALUES (?, ?, ?)",
                [.text(service.value), .text(id.value), .text(guestID)])
            try edit.issue(token, for: id, guest: guestID, until: trip.trip.period.end.seconds + 86_400)
            try edit.record(asRequest ? .partyRequested(party: id.value) : .partyBooked(party: id.value))
            if trip.trip.state == .held { try edit.open(trip.trip.id) }
            return token
        }
    }

    /// The office accepts a request.
    public func acceptRequest(_ id: PartyID, of service: ServiceID, by actor: Actor) async throws {
        try await change(service, by: actor) { edit in
            guard try edit.session.party(id, of: service)?.party.state == .requested else {
                throw SeasonError.tooLate("this is not requested any more")
            }
            try edit.session.execute(
                "UPDATE parties SET state = 'booked', changed_at = ? WHERE service_id = ? AND party_id = ?",
                [.integer(edit.now.seconds), .text(service.value), .text(id.value)])
            try edit.record(.partyBooked(party: id.value))
        }
    }

    /// Ends a party and gives its seats back. One that ended already is left as it is.
    public func cancelParty(_ id: PartyID, of service: ServiceID, by actor: Actor) async throws {
        try await change(service, by: actor) { edit in
            guard let party = try edit.session.party(id, of: service)?.party else { throw SeasonError.notFound }
            guard party.state.holdsSeats else { return }
            try edit.end(id, of: party.trip, size: Int64(party.size), state: "cancelled")
        }
    }

    /// Changes how many come.
    /// - Throws: `.noSeats`.
    public func resizeParty(_ id: PartyID, of service: ServiceID, to size: Int, by actor: Actor) async throws {
        guard (1...500).contains(size) else { throw SeasonError.invalid("party_size", "wants 1 to 500") }
        try await change(service, by: actor) { edit in
            let party = try edit.liveParty(id)
            try edit.takeSeats(Int64(size - party.size), of: party.trip)
            try edit.session.execute(
                "UPDATE parties SET size = ?, changed_at = ? WHERE service_id = ? AND party_id = ?",
                [.integer(Int64(size)), .integer(edit.now.seconds), .text(service.value), .text(id.value)])
            try edit.record(.partyResized(party: id.value, size: Int64(size)))
        }
    }

    /// Moves a party to another open trip of the service.
    /// - Throws: `.noSeats`.
    public func moveParty(_ id: PartyID, of service: ServiceID, to trip: TripID, by actor: Actor) async throws {
        try await change(service, by: actor) { edit in
            let party = try edit.liveParty(id)
            guard party.trip != trip else { return }
            guard try edit.tripState(trip) == .open else { throw SeasonError.notFound }
            try edit.takeSeats(Int64(party.size), of: trip)
            try edit.takeSeats(-Int64(party.size), of: party.trip)
            try edit.session.execute(
                "UPDATE parties SET trip_id = ?, changed_at = ? WHERE service_id = ? AND party_id = ?",
                [.text(trip.value), .integer(edit.now.seconds), .text(service.value), .text(id.value)])
            try edit.record(.partyMoved(party: id.value, trip: trip.value))
            if try edit.tripState(party.trip) == .held { try edit.cancel(party.trip) }
        }
    }

    public func party(_ id: PartyID, of service: ServiceID) async throws -> StoredParty? {
        try await database.read { try $0.party(id, of: service) }
    }

    /// The parties of a trip, ended ones too.
    public func parties(of trip: TripID, in service: ServiceID) async throws -> [StoredParty] {
        try await database.read {
            try $0.parties(where: "service_id = ? AND trip_id = ?", [.text(service.value), .text(trip.value)])
        }
    }

    /// Whose link this is; nil for one that is unknown or has run out, which look alike.
    public func party(link: Secret) async throws -> (service: ServiceID, party: PartyID)? {
        let (hash, now) = (SQLValue.blob(Crypto.sha256(link.reveal())), now())
        return try await database.read { session in
            try session.first(
                "SELECT service_id, party_id FROM guest_tokens WHERE hash = ? AND expires_at > ? AND used_at IS NULL",
                [hash, .integer(now.seconds)]
            ) { (ServiceID(try $0.text(0)), PartyID(try $0.text(1))) }
        }
    }
}

extension SeasonEdit {
    func hold(_ size: Int, on trip: TripID, seconds: Int64) throws -> Party {
        let until = heldUntil(seconds)
        let party = Party(id: SeasonStore.fresh("pty_"), trip: trip, size: size, state: .held(until: until))
        try takeSeats(Int64(size), of: trip)
        try session.execute(
            """
            INSERT INTO parties (service_id, party_id, trip_id, size, state, held_until, payment_status, info_status,
                waiver_status, created_at, changed_at) VALUES (?, ?, ?, ?, 'held', ?, 'PENDING', 'PENDING', 'PENDING', ?, ?)
            """,
            [
                .text(service.value), .text(party.id.value), .text(trip.value), .integer(Int64(size)),
                .integer(until.seconds), .integer(now.seconds), .integer(now.seconds),
            ])
        try record(.partyHeld(party: party.id.value, trip: trip.value, size: Int64(size), until: until.seconds))
        return party
    }

    func heldUntil(_ seconds: Int64) -> Instant {
        Instant(seconds: now.seconds + min(max(seconds, 0), SeasonStore.longestHold))
    }

    /// Until when the crew of a trip is kept; nil: for good.
    func setExpiry(_ until: Instant?, ofCommitmentsTo trip: TripID) throws {
        try session.execute(
            "UPDATE commitments SET expires_at = ? WHERE service_id = ? AND trip_id = ?",
            [SQLValue(until?.seconds), .text(service.value), .text(trip.value)])
    }

    /// The table refuses more than there are.
    func takeSeats(_ count: Int64, of trip: TripID) throws {
        try session.execute(
            "UPDATE trips SET seats_taken = seats_taken + ? WHERE service_id = ? AND trip_id = ?",
            [.integer(count), .text(service.value), .text(trip.value)])
    }

    func liveParty(_ id: PartyID) throws -> Party {
        guard let party = try session.party(id, of: service)?.party else { throw SeasonError.notFound }
        guard party.state.holdsSeats else { throw SeasonError.tooLate("this booking has ended") }
        return party
    }

    func open(_ trip: TripID) throws {
        try session.execute(
            "UPDATE trips SET state = 'open' WHERE service_id = ? AND trip_id = ?",
            [.text(service.value), .text(trip.value)])
        try setExpiry(nil, ofCommitmentsTo: trip)
        try record(.tripOpened(trip: trip.value))
        for assignment in try session.assignments(of: trip, in: service) { try tellCalendar(assignment.id) }
    }

    /// The guest of an address: one that came before is known again.
    func guest(email: String, _ draft: GuestDraft) throws -> String {
        let fresh: Identifier<GuestDraft> = SeasonStore.fresh("gst_")
        return try session.first(
            """
            INSERT INTO guests (service_id, guest_id, email, name, phone, created_at) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (service_id, email) DO UPDATE SET name = excluded.name,
                phone = COALESCE(excluded.phone, guests.phone) RETURNING guest_id
            """,
            [
                .text(service.value), .text(fresh.value), .text(email), .text(draft.name), SQLValue(draft.phone),
                .integer(now.seconds),
            ]
        ) { try $0.text(0) } ?? fresh.value
    }

    func issue(_ token: Secret, for party: PartyID, guest: String, until: Int64) throws {
        try session.execute(
            """
            INSERT INTO guest_tokens (hash, service_id, party_id, guest_id, single_use, expires_at, created_at)
            VALUES (?, ?, ?, ?, 0, ?, ?)
            """,
            [
                .blob(Crypto.sha256(token.reveal())), .text(service.value), .text(party.value), .text(guest),
                .integer(until), .integer(now.seconds),
            ])
    }
}
