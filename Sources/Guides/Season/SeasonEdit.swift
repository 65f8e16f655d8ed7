import CivilTime
import Foundation
import StorageKit
import Trips

/// A change of one service under way: its transaction, its place in the audit, its outgoing effects. Whoever holds one
/// is the only one who changes this service, until the transaction ends.
struct SeasonEdit {
    let service: ServiceID
    let actor: Actor
    let now: Instant
    let session: any WriteSession
    let queue: WorkQueue

    init(
        _ service: ServiceID, by actor: Actor, at now: Instant, in session: any WriteSession, queue: WorkQueue
    ) throws {
        (self.service, self.actor, self.now) = (service, actor, now)
        (self.session, self.queue) = (session, queue)
        // The row's lock is what orders the changes of a service.
        let found = try session.execute(
            "UPDATE guide_services SET version = version WHERE service_id = ?", [.text(service.value)])
        guard found == 1 else { throw SeasonError.notFound }
    }

    /// The service's own version, which counts its changes.
    func version() throws -> Int64 {
        try session.first("SELECT version FROM guide_services WHERE service_id = ?", [.text(service.value)]) {
            try $0.integer(0)
        } ?? 0
    }

    /// Adds a line to the audit.
    func record(_ change: SeasonChange, by other: Actor? = nil) throws {
        try Self.record(change, of: service, by: other ?? actor, at: now, in: session)
    }

    static func record(
        _ change: SeasonChange, of service: ServiceID, by actor: Actor, at now: Instant, in session: any WriteSession
    ) throws {
        let number = try session.first(
            "UPDATE guide_services SET version = version + 1 WHERE service_id = ? RETURNING version",
            [.text(service.value)]
        ) { try $0.integer(0) }
        guard let number else { throw SeasonError.notFound }
        try session.execute(
            "INSERT INTO audit (service_id, entry, at, actor, verb, thing, detail) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                .text(service.value), .integer(number), .integer(now.seconds), .text(actor.text), .text(change.verb),
                .text(change.thing), .text(try change.text()),
            ])
    }

    /// Asks for an effect outside, in this transaction.
    func enqueue(_ kind: String, _ key: String, payload: String = "", at: Instant? = nil) throws {
        try queue.enqueue(Work(kind: kind, key: key, runAt: at?.seconds ?? 0, payload: payload), in: session)
    }

    /// Lets go what has run out: seats and guides' time held by guests who did not decide.
    func letGo() throws {
        let ended = try session.all(
            """
            SELECT party_id, trip_id, size FROM parties
            WHERE service_id = ? AND state = 'held' AND held_until <= ? ORDER BY held_until, party_id
            """, [.text(service.value), .integer(now.seconds)]
        ) { (PartyID(try $0.text(0)), TripID(try $0.text(1)), try $0.integer(2)) }
        for (party, trip, size) in ended {
            try end(party, of: trip, size: size, state: "expired", by: .system("clock"))
        }
    }

    /// Ends a party and gives its seats back; a departure that only its hold kept open goes with it.
    func end(_ party: PartyID, of trip: TripID, size: Int64, state: String, by other: Actor? = nil) throws {
        try session.execute(
            "UPDATE parties SET state = ?, held_until = NULL, changed_at = ? WHERE service_id = ? AND party_id = ?",
            [.text(state), .integer(now.seconds), .text(service.value), .text(party.value)])
        try session.execute(
            "UPDATE trips SET seats_taken = seats_taken - ? WHERE service_id = ? AND trip_id = ?",
            [.integer(size), .text(service.value), .text(trip.value)])
        try record(.partyEnded(party: party.value, state: state), by: other)
        if try tripState(trip) == .held { try cancel(trip) }
    }

    func tripState(_ trip: TripID) throws -> Trip.State? {
        try session.first(
            "SELECT state FROM trips WHERE service_id = ? AND trip_id = ?", [.text(service.value), .text(trip.value)]
        ) { try $0.text(0) }.flatMap(Trip.State.init(rawValue:))
    }
}

extension SeasonChange {
    /// The word the audit files it under: the case's name.
    var verb: String {
        let text = String(describing: self)
        return String(text.prefix { $0 != "(" })
    }

    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    init(text: String) throws { self = try JSONDecoder().decode(SeasonChange.self, from: Data(text.utf8)) }
}
