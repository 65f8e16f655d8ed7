public import CivilTime
import Foundation
public import Sealing
public import StorageKit
public import Trips

/// A season's data. Every change goes through `change(_:)`, which orders the changes of a service one after another and
/// writes each with its line of the audit and its outgoing effects in one transaction.
public struct SeasonStore: Sendable {
    public let database: any Database
    public let queue: WorkQueue
    public let key: SealingKey
    public let zones: ZoneDatabase
    public let now: @Sendable () -> Instant

    public init(
        database: any Database, queue: WorkQueue, key: SealingKey, zones: ZoneDatabase = .system,
        now: @escaping @Sendable () -> Instant
    ) { (self.database, self.queue, self.key, self.zones, self.now) = (database, queue, key, zones, now) }

    /// A new id: `prefix` and 96 random bits.
    static func fresh<Thing>(_ prefix: String) -> Identifier<Thing> {
        Identifier(prefix + Crypto.hex(Crypto.random(12)))
    }

    func zone(_ id: ZoneID) throws -> Zone {
        guard let zone = zones.zone(id) else {
            throw SeasonError.invalid("zone", "\(id) is not a time zone of this system")
        }
        return zone
    }

    /// Runs `body` in one transaction that alone changes `service`, after holds that have run out are let go.
    /// - Throws: `SeasonError`, or what the database says.
    func change<T: Sendable>(
        _ service: ServiceID, by actor: Actor, _ body: @escaping @Sendable (SeasonEdit) throws -> T
    ) async throws -> T {
        let now = now()
        do {
            return try await database.write { session in
                let edit = try SeasonEdit(service, by: actor, at: now, in: session, queue: queue)
                try edit.letGo()
                return try body(edit)
            }
        } catch StorageError.constraint(let name) where name.contains("commitments_overlap") {
            throw SeasonError.taken
        } catch StorageError.constraint(let name) where name.contains("trips_seats") {
            throw SeasonError.noSeats
        }
    }
}

/// Why a season did not do what was asked, in the words callers act on.
public enum SeasonError: Error, Hashable, Sendable {
    /// Nothing of that id that the asker may see.
    case notFound
    /// The guide's time went to something else meanwhile: 409, with alternatives.
    case taken
    /// The trip has fewer seats left than were asked for: 409, with alternatives.
    case noSeats
    /// The hold ran out, or the thing is no longer in a state that allows it.
    case tooLate(String)
    /// `field` cannot be that; `reason` says what can.
    case invalid(_ field: String, _ reason: String)
    case timing(TripTimingError)
}
