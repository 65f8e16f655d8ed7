public import CivilTime
public import StorageKit

/// An access and a refresh token before they are stored, so that a write that runs twice stores the same pair.
public struct TokenPair: Sendable {
    public let access: Secret
    public let refresh: Secret

    /// Fresh ones: 32 characters of 62, which is 190 bits.
    public init() { (access, refresh) = (Secret(Crypto.token(32)), Secret(Crypto.token(32))) }

    public init(access: Secret, refresh: Secret) { (self.access, self.refresh) = (access, refresh) }

    /// Stores the hashes of both.
    public func store(_ grant: TokenGrant, now: Instant, in session: any WriteSession) throws {
        try storeAccess(grant, now: now, in: session)
        try storeRefresh(grant, now: now, in: session)
    }

    public func storeRefresh(_ grant: TokenGrant, now: Instant, in session: any WriteSession) throws {
        try Self.insert(refresh, kind: "refresh", grant, end: nil, now: now, in: session)
    }

    /// Stores the access token only: the refresh token stands already.
    public func storeAccess(_ grant: TokenGrant, now: Instant, in session: any WriteSession) throws {
        // Those that ended a day ago have told whoever still holds them that they ended.
        try session.execute(
            "DELETE FROM tokens WHERE account_id = ? AND client_id = ? AND expires_at <= ?",
            [.text(grant.account.value), .text(grant.client.value), .integer(now.seconds - 86_400)])
        try Self.insert(access, kind: "access", grant, end: now.seconds + grant.accessLife, now: now, in: session)
    }

    private static func insert(
        _ token: Secret, kind: String, _ grant: TokenGrant, end: Int64?, now: Instant, in session: any WriteSession
    ) throws {
        try session.execute(
            """
            INSERT INTO tokens (hash, kind, account_id, client_id, scope, family, expires_at, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .blob(Crypto.sha256(token.reveal())), .text(kind), .text(grant.account.value),
                .text(grant.client.value), .text(grant.scope.description), SQLValue(grant.family), SQLValue(end),
                .integer(now.seconds),
            ])
    }
}

/// What a token stands for.
public struct TokenGrant: Hashable, Sendable {
    public let account: AccountID
    public let client: ClientID
    public let scope: Scope
    /// Shared by all that came from one code, so that they can end together.
    public let family: String?

    public init(account: AccountID, client: ClientID, scope: Scope, family: String?) {
        (self.account, self.client, self.scope, self.family) = (account, client, scope, family)
    }

    /// Seconds an access token lives: half as long for a service account, which opens many people's calendars.
    public var accessLife: Int64 {
        account.kind == .serviceAccount ? AccountStore.accessTokenLife / 2 : AccountStore.accessTokenLife
    }
}
