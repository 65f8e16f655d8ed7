public import CivilTime
public import StorageKit

/// Applications, accounts, grants and tokens. Everything is looked up by its owner; what is not the owner's is not found.
public struct AccountStore: Sendable {
    public let database: any Database
    public let key: SealingKey
    public let now: @Sendable () -> Instant
    /// Life of an access token in seconds, as hosted Cronofy gives it.
    public static let accessTokenLife: Int64 = 3600
    private let credentials: CommitCache<[UInt8], Credential?>
    private let refusals: CommitCache<Authorizing, Set<AccountID>>

    public init(database: any Database, key: SealingKey, now: @escaping @Sendable () -> Instant) {
        (self.database, self.key, self.now) = (database, key, now)
        credentials = CommitCache(database)
        refusals = CommitCache(database, most: 1_000)
    }

    /// Makes an account with a grant to `client` and tokens for it. The account is found again by its e-mail and client:
    /// a second call gives the same account and fresh tokens.
    public func createAccount(
        client: ClientID, email: String, name: String?, zone: ZoneID, scope: Scope
    ) async throws -> IssuedTokens {
        let fresh = AccountID(fresh: .person)
        let tokens = TokenPair()
        let instant = now()
        let account = try await database.write { session in
            let known = try session.first(
                """
                SELECT a.account_id FROM accounts a JOIN grants g ON g.account_id = a.account_id
                WHERE g.client_id = ? AND a.email = ?
                """, [.text(client.value), .text(email)]
            ) { AccountID(try $0.text(0)) }
            if known == nil {
                try Self.insert(fresh, email: email, name: name, zone: zone, now: instant, in: session)
            }
            let account = known ?? fresh
            try session.execute(
                """
                INSERT INTO grants (account_id, client_id, scope, created_at) VALUES (?, ?, ?, ?)
                ON CONFLICT (account_id, client_id) DO UPDATE SET scope = excluded.scope
                """, [.text(account.value), .text(client.value), .text(scope.description), .integer(instant.seconds)])
            try tokens.store(
                TokenGrant(account: account, client: client, scope: scope, family: Crypto.token(16)), now: instant,
                in: session)
            return account
        }
        return IssuedTokens(
            account: account, accessToken: tokens.access, refreshToken: tokens.refresh,
            expiresIn: Self.accessTokenLife, scope: scope)
    }

    /// Adds an account that nobody has access to yet.
    public static func insert(
        _ id: AccountID, email: String, name: String?, zone: ZoneID, now: Instant, in session: any WriteSession
    ) throws {
        try session.execute(
            "INSERT INTO accounts (account_id, email, name, zone, created_at) VALUES (?, ?, ?, ?, ?)",
            [.text(id.value), .text(email), SQLValue(name), .text(zone.name), .integer(now.seconds)])
    }

    /// Who `bearer` is as of `mark` or later: an access token's account or an API key's application.
    public func authenticate(_ bearer: Secret, at mark: CommitMark? = nil) async throws -> Result<
        Caller, CredentialError
    > {
        let hash = Crypto.sha256(bearer.reveal())
        let found = try await credentials.value(for: hash, at: mark) { session in
            try Self.token(.blob(hash), in: session) ?? Self.key(.blob(hash), in: session)
        }
        guard let found else { return .failure(.unknown) }
        guard let end = found.expiresAt, end <= now().seconds else { return .success(found.caller) }
        if case .application = found.caller { return .failure(.unknown) }
        return .failure(.expired(at: Instant(seconds: end)))
    }

    private struct Credential: Sendable {
        let caller: Caller
        /// Seconds since 1970; nil: never.
        let expiresAt: Int64?
    }

    private static func token(_ hash: SQLValue, in session: any ReadSession) throws -> Credential? {
        try session.first(
            """
            SELECT t.account_id, t.client_id, t.scope, t.expires_at FROM tokens t
            JOIN grants g ON g.account_id = t.account_id AND g.client_id = t.client_id
            WHERE t.hash = ? AND t.kind = 'access'
            """, [hash]
        ) { row in
            Credential(
                caller: .account(
                    AccountID(try row.text(0)), client: ClientID(try row.text(1)), scope: Scope(try row.text(2))),
                expiresAt: try row.optionalInteger(3))
        }
    }

    /// An application's secret, also one that is about to retire.
    private static func key(_ hash: SQLValue, in session: any ReadSession) throws -> Credential? {
        try session.first(
            """
            SELECT client_id, NULL FROM applications WHERE secret_hash = ? AND is_public = 0
            UNION ALL SELECT client_id, expires_at FROM retiring_secrets WHERE secret_hash = ?
            """, [hash, hash]
        ) { Credential(caller: .application(ClientID(try $0.text(0))), expiresAt: try $0.optionalInteger(1)) }
    }

    public func account(_ id: AccountID) async throws -> Account? {
        try await database.read { try Self.account(id, in: $0) }
    }

    public static func account(_ id: AccountID, in session: any ReadSession) throws -> Account? {
        try session.first(accountColumns + " WHERE account_id = ?", [.text(id.value)], account(from:))
    }

    /// Every account of this server, by e-mail.
    public func accounts() async throws -> [Account] {
        try await database.read { try $0.all(Self.accountColumns + " ORDER BY email", [], Self.account(from:)) }
    }

    private struct Authorizing: Hashable, Sendable {
        let client: ClientID
        let accounts: [AccountID]
    }

    /// Those of `ids` that `client` has no grant for, as of `mark` or later.
    public func unauthorized(
        _ ids: [AccountID], for client: ClientID, at mark: CommitMark? = nil
    ) async throws -> Set<AccountID> {
        try await refusals.value(for: Authorizing(client: client, accounts: ids), at: mark) { session in
            var missing = Set(ids)
            try session.forEach(
                """
                SELECT account_id FROM grants
                WHERE client_id = ? AND account_id IN (\(session.dialect.textsOfArgument))
                """, [.text(client.value), Self.list(missing)]
            ) { missing.remove(AccountID(try $0.text(0))) }
            return missing
        }
    }

    /// The version of each account that there is.
    public static func versions(
        of ids: some Sequence<AccountID>, in session: any ReadSession
    ) throws -> [AccountID: Int64] {
        var found: [AccountID: Int64] = [:]
        try session.forEach(
            "SELECT account_id, version FROM accounts WHERE account_id IN (\(session.dialect.textsOfArgument))",
            [list(ids)]
        ) { found[AccountID(try $0.text(0))] = try $0.integer(1) }
        return found
    }

    /// A JSON array. What holds anything but letters, digits, underscores and hyphens is nobody's id.
    private static func list(_ ids: some Sequence<AccountID>) -> SQLValue {
        let plain = ids.lazy.map(\.value).filter { value in
            value.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (97...122).contains(byte | 32) || byte == 95 || byte == 45
            }
        }
        return .text("[" + plain.map { "\"\($0)\"" }.joined(separator: ",") + "]")
    }

    /// Says that something of the account changed: every cached picture of it is stale from this commit on (B6).
    public static func touch(_ account: AccountID, in session: any WriteSession) throws {
        try session.execute("UPDATE accounts SET version = version + 1 WHERE account_id = ?", [.text(account.value)])
    }

    /// The next free numbers of the account: the first of `count` in a row.
    public static func numbers(_ count: Int, for account: AccountID, in session: any WriteSession) throws -> Int64 {
        let next = try session.first(
            "UPDATE accounts SET next_number = next_number + ? WHERE account_id = ? RETURNING next_number",
            [.integer(Int64(count)), .text(account.value)]
        ) { try $0.integer(0) }
        guard let next else { throw StorageError.refused(message: "no such account") }
        return next - Int64(count)
    }

    private static let accountColumns = "SELECT account_id, email, name, zone, version FROM accounts"

    private static func account(from row: any SQLRow) throws -> Account {
        Account(
            id: AccountID(try row.text(0)), email: try row.text(1), name: try row.optionalText(2),
            zone: ZoneID(try row.text(3)), version: try row.integer(4))
    }
}

/// What each sealed column is sealed for.
public enum Purpose {
    static let clientSecret = "applications.secret"
    public static let successor = "tokens.successor"
    public static let credential = "profiles.credential"
    public static let pageToken = "page-token"
}
