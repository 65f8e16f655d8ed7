public import CivilTime
public import Sealing
import StorageKit
public import Trips

/// What a secret address of a calendar shows.
public struct CalendarFeed: Hashable, Sendable {
    /// Who made it; it shows what this person may see, as long as that is so.
    public let person: PersonID
    /// All trips of a service; nil: the person's own trips.
    public let service: ServiceID?
}

/// Addresses that calendar programs subscribe to. The address is the key: only its hash is stored, and a new one ends the
/// one before.
extension SeasonStore {
    static func feedTable(number: Int) -> Migration {
        Migration(
            number: number, name: "calendar feeds",
            statements: [
                // `service_id` is empty for a person's own trips.
                """
                CREATE TABLE calendar_feeds (
                    person_id TEXT NOT NULL REFERENCES people, service_id TEXT NOT NULL, hash BYTEA NOT NULL UNIQUE,
                    created_at BIGINT NOT NULL, read_at BIGINT, PRIMARY KEY (person_id, service_id))
                """
            ])
    }

    /// Makes an address, in place of the one before.
    /// - Returns: its secret, which is not shown again.
    public func makeFeed(of person: PersonID, for service: ServiceID?) async throws -> Secret {
        let (token, now) = (Secret(Crypto.token(40)), now())
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO calendar_feeds (person_id, service_id, hash, created_at) VALUES (?, ?, ?, ?)
                ON CONFLICT (person_id, service_id) DO UPDATE SET hash = excluded.hash,
                    created_at = excluded.created_at, read_at = NULL
                """,
                [
                    .text(person.value), .text(service?.value ?? ""), .blob(Crypto.sha256(token.reveal())),
                    .integer(now.seconds),
                ])
        }
        return token
    }

    /// Ends an address.
    public func endFeed(of person: PersonID, for service: ServiceID?) async throws {
        try await database.write { session in
            try session.execute(
                "DELETE FROM calendar_feeds WHERE person_id = ? AND service_id = ?",
                [.text(person.value), .text(service?.value ?? "")])
        }
    }

    /// When an address was made; nil where there is none.
    public func feedMade(of person: PersonID, for service: ServiceID?) async throws -> Instant? {
        try await database.read { session in
            try session.first(
                "SELECT created_at FROM calendar_feeds WHERE person_id = ? AND service_id = ?",
                [.text(person.value), .text(service?.value ?? "")]
            ) { Instant(seconds: try $0.integer(0)) }
        }
    }

    /// What an address shows; nil where it is unknown or ended, and where its maker is in the service's office no more.
    public func feed(_ token: Secret) async throws -> CalendarFeed? {
        let hash = Crypto.sha256(token.reveal())
        return try await database.read { session in
            try session.first(
                """
                SELECT f.person_id, f.service_id FROM calendar_feeds f WHERE f.hash = ? AND (f.service_id = '' OR EXISTS (
                    SELECT 1 FROM memberships m WHERE m.service_id = f.service_id AND m.person_id = f.person_id
                        AND m.is_active = 1 AND m.role <> 'GUIDE'))
                """, [.blob(hash)]
            ) { row in
                let service = try row.text(1)
                return CalendarFeed(
                    person: PersonID(try row.text(0)), service: service.isEmpty ? nil : ServiceID(service))
            }
        }
    }
}
