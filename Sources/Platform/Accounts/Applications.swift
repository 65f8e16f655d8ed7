import CivilTime
public import StorageKit

extension AccountStore {
    /// Makes an application and returns its secret, which cannot be read again. A public one (RFC 6749 §2.1) has a
    /// secret that nobody is told and that opens nothing.
    public func createApplication(
        name: String, redirectURIs: [String], isPublic: Bool = false
    ) async throws -> (application: Application, secret: Secret) {
        let application = Application(
            id: ClientID(Crypto.token(32)), name: name, redirectURIs: redirectURIs, isPublic: isPublic)
        let secret = Self.newSecret()
        let (sealed, created) = (key.seal(secret, for: Purpose.clientSecret), now().seconds)
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO applications (client_id, name, secret_hash, secret_sealed, redirect_uris, is_public,
                    created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(application.id.value), .text(name), .blob(Crypto.sha256(secret.reveal())), .blob(sealed),
                    .text(redirectURIs.joined(separator: "\n")), SQLValue(isPublic), .integer(created),
                ])
        }
        return (application, secret)
    }

    public func application(_ id: ClientID) async throws -> Application? {
        try await database.read { try Self.application(id, in: $0) }
    }

    public static func application(_ id: ClientID, in session: any ReadSession) throws -> Application? {
        try session.first(applicationColumns + " WHERE client_id = ?", [.text(id.value)], application(from:))
    }

    /// Every application of this server, by name.
    public func applications() async throws -> [Application] {
        try await database.read {
            try $0.all(Self.applicationColumns + " ORDER BY name, client_id", [], Self.application(from:))
        }
    }

    /// Replaces the addresses people may be sent back to. False where there is no such application.
    public func setRedirectURIs(_ uris: [String], of client: ClientID) async throws -> Bool {
        try await database.write { session in
            try session.execute(
                "UPDATE applications SET redirect_uris = ? WHERE client_id = ?",
                [.text(uris.joined(separator: "\n")), .text(client.value)]) > 0
        }
    }

    // MARK: Secrets

    /// Gives the application a new secret; those before it stay good for `overlap` seconds, so that nothing that uses
    /// them stops meanwhile. Nil where there is no such application.
    public func rotateSecret(of client: ClientID, overlap: Int64) async throws -> Secret? {
        let secret = Self.newSecret()
        let sealed = key.seal(secret, for: Purpose.clientSecret)
        let instant = now()
        return try await database.write { session in
            try session.execute("DELETE FROM retiring_secrets WHERE expires_at <= ?", [.integer(instant.seconds)])
            try session.execute(
                """
                INSERT INTO retiring_secrets (secret_hash, client_id, secret_sealed, expires_at)
                SELECT secret_hash, client_id, secret_sealed, ? FROM applications WHERE client_id = ?
                """, [.integer(instant.seconds + overlap), .text(client.value)])
            let changed = try session.execute(
                "UPDATE applications SET secret_hash = ?, secret_sealed = ? WHERE client_id = ?",
                [.blob(Crypto.sha256(secret.reveal())), .blob(sealed), .text(client.value)])
            return changed > 0 ? secret : nil
        }
    }

    /// Every secret that is good now, the newest first: each signs notifications, each is an API key.
    public func liveSecrets(of client: ClientID, in session: any ReadSession) throws -> [Secret] {
        let sealed = try session.all(
            """
            SELECT secret_sealed, NULL FROM applications WHERE client_id = ? AND is_public = 0
            UNION ALL SELECT secret_sealed, expires_at FROM retiring_secrets WHERE client_id = ? AND expires_at > ?
            """, [.text(client.value), .text(client.value), .integer(now().seconds)]
        ) { (sealed: try $0.blob(0), end: try $0.optionalInteger(1) ?? .max) }
        return try sealed.sorted { $0.end > $1.end }.map { try key.open($0.sealed, for: Purpose.clientSecret) }
    }

    /// Whether `secret` is one of the application's live ones; in time that does not tell how nearly.
    public func accepts(_ secret: Secret, of client: ClientID) async throws -> Bool {
        let (hash, instant) = (Crypto.sha256(secret.reveal()), now())
        let live = try await database.read { session in
            try session.all(
                """
                SELECT secret_hash FROM applications WHERE client_id = ? AND is_public = 0
                UNION ALL SELECT secret_hash FROM retiring_secrets WHERE client_id = ? AND expires_at > ?
                """, [.text(client.value), .text(client.value), .integer(instant.seconds)]
            ) { try $0.blob(0) }
        }
        return live.reduce(false) { Crypto.equal($1, hash) || $0 }
    }

    private static func newSecret() -> Secret { Secret("CRN_" + Crypto.token(40)) }

    private static let applicationColumns = "SELECT client_id, name, redirect_uris, is_public FROM applications"

    private static func application(from row: any SQLRow) throws -> Application {
        Application(
            id: ClientID(try row.text(0)), name: try row.text(1),
            redirectURIs: try row.text(2).split(separator: "\n").map(String.init), isPublic: try row.flag(3))
    }
}
