import CivilTime
public import Sealing
import StorageKit
public import Trips

/// How people of services sign in: a link that works once, or a password; both begin a session. Only hashes are stored.
extension SeasonStore {
    /// Seconds a sign-in link lives, unless its maker says otherwise.
    public static let linkLife: Int64 = 900
    /// Seconds after which a session ends in any case.
    public static let sessionLife: Int64 = 30 * 86_400

    /// A token that `redeem` takes once.
    public func issueSignInLink(for person: PersonID, life: Int64 = linkLife) async throws -> Secret {
        let token = Secret(Crypto.token(40))
        try await store(token, kind: .link, person: person, life: life)
        return token
    }

    /// Whether `link` could be redeemed now; spends nothing, for scanners open links ahead of people.
    public func isOpen(_ link: Secret) async throws -> Bool { try await bearer(of: link, kind: .link) != nil }

    /// Spends a link and begins a session; nil where it is unknown, spent or expired, which all look alike.
    public func redeem(_ link: Secret) async throws -> Secret? {
        let (hash, now) = (Self.hash(link), now().seconds)
        let person = try await database.write { session in
            try session.first(
                """
                DELETE FROM season_sign_ins WHERE hash = ? AND kind = 'link' AND expires_at > ? RETURNING person_id
                """, [hash, .integer(now)]
            ) { PersonID(try $0.text(0)) }
        }
        guard let person else { return nil }
        return try await beginSession(of: person)
    }

    /// Begins a session of somebody who has just shown who they are.
    public func beginSession(of person: PersonID) async throws -> Secret {
        let token = Secret(Crypto.token(40))
        try await store(token, kind: .session, person: person, life: Self.sessionLife)
        return token
    }

    /// Whose session `token` is.
    public func sessionPerson(_ token: Secret) async throws -> PersonID? { try await bearer(of: token, kind: .session) }

    /// Ends a session; one that is gone already is no error.
    public func endSession(_ token: Secret) async throws {
        let hash = Self.hash(token)
        try await database.write { session in
            try session.execute("DELETE FROM season_sign_ins WHERE hash = ?", [hash])
        }
    }

    // MARK: Passwords

    /// Shortest password, in characters.
    public static let shortestPassword = 10

    /// Sets a password, and ends every session begun and every key made before it.
    /// - Throws: `.invalid` where it is too short or too long.
    public func setPassword(_ password: Secret, of person: PersonID) async throws {
        guard password.reveal().count >= Self.shortestPassword, password.reveal().utf8.count <= 500 else {
            throw SeasonError.invalid("password", "wants \(Self.shortestPassword) characters or more, at most 500 bytes")
        }
        let salt = Crypto.random(16)
        guard let hash = Crypto.scrypt(password, salt: salt) else {
            throw SeasonError.invalid("password", "cannot be kept on this machine now; try again")
        }
        try await database.write { session in
            try session.execute(
                "UPDATE people SET password = ? WHERE person_id = ?", [.blob(salt + hash), .text(person.value)])
            for table in ["season_sign_ins", "person_tokens"] {
                try session.execute("DELETE FROM \(table) WHERE person_id = ?", [.text(person.value)])
            }
        }
    }

    /// The person of an address and a password; nil where they do not fit, whichever of the two. Takes as long for an
    /// address that nobody has.
    public func person(email: String, password: Secret) async throws -> PersonID? {
        let found = try await database.read { session in
            try session.first(
                "SELECT person_id, password FROM people WHERE email = ? AND password IS NOT NULL",
                [.text(email.lowercased())]
            ) { (id: PersonID(try $0.text(0)), stored: try $0.blob(1)) }
        }
        let stored = found?.stored ?? [UInt8](repeating: 0, count: 48)
        guard let hash = Crypto.scrypt(password, salt: Array(stored.prefix(16))),
            Crypto.equal(hash, Array(stored.dropFirst(16)))
        else { return nil }
        return found?.id
    }

    // MARK: Rows

    private enum Kind: String { case link, session }

    private func bearer(of token: Secret, kind: Kind) async throws -> PersonID? {
        let (hash, now) = (Self.hash(token), now())
        return try await database.read { session in
            try session.first(
                "SELECT person_id FROM season_sign_ins WHERE hash = ? AND kind = ? AND expires_at > ?",
                [hash, .text(kind.rawValue), .integer(now.seconds)]
            ) { PersonID(try $0.text(0)) }
        }
    }

    private func store(_ token: Secret, kind: Kind, person: PersonID, life: Int64) async throws {
        let (hash, now) = (Self.hash(token), now().seconds)
        try await database.write { session in
            try session.execute("DELETE FROM season_sign_ins WHERE expires_at <= ?", [.integer(now)])
            try session.execute(
                """
                INSERT INTO season_sign_ins (hash, kind, person_id, expires_at, created_at) VALUES (?, ?, ?, ?, ?)
                """, [hash, .text(kind.rawValue), .text(person.value), .integer(now + life), .integer(now)])
        }
    }

    private static func hash(_ token: Secret) -> SQLValue { .blob(Crypto.sha256(token.reveal())) }
}
