public import CivilTime
public import Sealing
import StorageKit
public import Trips

/// A key to the JSON API that somebody made for a program of theirs: it may do what they may.
public struct PersonToken: Hashable, Sendable {
    public let id: String
    /// What it is for, in the words of its maker.
    public let name: String
    public let createdAt: Instant
    /// To the hour; nil: never.
    public let usedAt: Instant?
}

/// Only hashes are stored, as of all keys.
extension SeasonStore {
    static func personTokens(number: Int) -> Migration {
        Migration(
            number: number, name: "keys to the JSON API",
            statements: [
                """
                CREATE TABLE person_tokens (
                    person_id TEXT NOT NULL REFERENCES people, token_id TEXT NOT NULL, hash BYTEA NOT NULL UNIQUE,
                    name TEXT NOT NULL, created_at BIGINT NOT NULL, used_at BIGINT, PRIMARY KEY (person_id, token_id))
                """
            ])
    }

    /// Most keys of one person.
    public static let mostPersonTokens = 20

    /// - Returns: the key, which is not shown again.
    /// - Throws: `.invalid` where it has no name, or there are too many.
    public func makePersonToken(named name: String, of person: PersonID) async throws -> Secret {
        guard (1...100).contains(name.utf8.count) else {
            throw SeasonError.invalid("name", "wants 1 to 100 bytes that say what it is for")
        }
        let (token, id, now) = (Secret(Crypto.token(40)), "key_" + Crypto.hex(Crypto.random(6)), now())
        try await database.write { session in
            let count = try session.first(
                "SELECT COUNT(*) FROM person_tokens WHERE person_id = ?", [.text(person.value)]
            ) { try $0.integer(0) }
            guard count ?? 0 < Self.mostPersonTokens else {
                throw SeasonError.invalid("name", "is one key too many: end one of your \(Self.mostPersonTokens) first")
            }
            try session.execute(
                "INSERT INTO person_tokens (person_id, token_id, hash, name, created_at) VALUES (?, ?, ?, ?, ?)",
                [
                    .text(person.value), .text(id), .blob(Crypto.sha256(token.reveal())), .text(name),
                    .integer(now.seconds),
                ])
        }
        return token
    }

    /// The newest first.
    public func personTokens(of person: PersonID) async throws -> [PersonToken] {
        try await database.read { session in
            try session.all(
                """
                SELECT token_id, name, created_at, used_at FROM person_tokens WHERE person_id = ?
                ORDER BY created_at DESC, token_id
                """, [.text(person.value)]
            ) { row in
                PersonToken(
                    id: try row.text(0), name: try row.text(1), createdAt: Instant(seconds: try row.integer(2)),
                    usedAt: try row.optionalInteger(3).map(Instant.init(seconds:)))
            }
        }
    }

    /// Ends a key at once; one that is gone already is no error.
    public func endPersonToken(_ id: String, of person: PersonID) async throws {
        try await database.write { session in
            try session.execute(
                "DELETE FROM person_tokens WHERE person_id = ? AND token_id = ?", [.text(person.value), .text(id)])
        }
    }

    /// Whose key `token` is; nil where it is none, or ended. That it was used is written once an hour.
    public func person(ofToken token: Secret) async throws -> PersonID? {
        let (hash, now) = (SQLValue.blob(Crypto.sha256(token.reveal())), now().seconds)
        let found = try await database.read { session in
            try session.first("SELECT person_id, used_at FROM person_tokens WHERE hash = ?", [hash]) {
                (person: PersonID(try $0.text(0)), usedAt: try $0.optionalInteger(1))
            }
        }
        guard let found else { return nil }
        if found.usedAt.map({ $0 <= now - 3600 }) ?? true {
            try await database.write { session in
                try session.execute("UPDATE person_tokens SET used_at = ? WHERE hash = ?", [.integer(now), hash])
            }
        }
        return found.person
    }
}
