public import Accounts
import CivilTime
import StorageKit

/// Sign-in links and sessions. Only hashes are stored: what the table holds opens nothing.
public struct SignIns: Sendable {
    /// Seconds a link lives where nobody says otherwise.
    public static let linkLife: Int64 = 900
    /// Seconds the link lives that is printed when the server starts.
    public static let startLinkLife: Int64 = 86_400
    /// Seconds without a visit after which a session ends.
    public static let idleLife: Int64 = 7 * 86_400
    /// Seconds after which a session ends in any case.
    public static let absoluteLife: Int64 = 30 * 86_400

    private let accounts: AccountStore
    /// Signs form tokens; derived, so that it is not the sealing key itself.
    private let formKey: [UInt8]

    public init(accounts: AccountStore) {
        (self.accounts, formKey) = (accounts, accounts.key.derived(for: "web.form"))
    }

    /// A token for `/sign-in/<token>`, valid once and for `life` seconds: for one account's owner, or for the
    /// operator, who sees everybody, where `account` is nil.
    public func issueLink(account: AccountID?, life: Int64 = linkLife) async throws -> Secret {
        let link = Secret(Crypto.token(40))
        try await store(link, kind: .link, account: account, life: life)
        return link
    }

    /// Whether `link` could be redeemed now. Changes nothing, so that whoever opens links ahead of people spends none.
    public func isOpen(_ link: Secret) async throws -> Bool {
        try await find(link, kind: .link) != nil
    }

    /// Spends `link` and begins a session; nil where it is unknown, spent or expired, which all look alike.
    public func redeem(_ link: Secret) async throws -> (token: Secret, session: Session)? {
        let (token, hash, now) = (Secret(Crypto.token(40)), Self.hash(link), accounts.now())
        let role = try await accounts.database.write { session -> Session.Role? in
            let row = try session.first(
                "DELETE FROM sign_ins WHERE hash = ? AND kind = 'link' AND expires_at > ? RETURNING account_id",
                [hash, .integer(now.seconds)]
            ) { try $0.optionalText(0) }
            guard let account = row else { return nil }
            try Self.insert(
                token, kind: .session, account: account, end: now.seconds + Self.idleLife, now: now, in: session)
            return Session.Role(account: account)
        }
        return role.map { (token, Session(role: $0, formToken: formToken(for: token))) }
    }

    /// Begins a session for the owner of `account`, who has just shown to be it.
    public func begin(for account: AccountID) async throws -> Secret {
        let token = Secret(Crypto.token(40))
        try await store(token, kind: .session, account: account, life: Self.idleLife)
        return token
    }

    /// The session of a cookie, or nil. Moves its idle end forward, at most once an hour.
    public func session(_ token: Secret) async throws -> Session? {
        guard let row = try await find(token, kind: .session) else { return nil }
        let now = accounts.now().seconds
        let end = min(now + Self.idleLife, row.created + Self.absoluteLife)
        if end - row.expires >= 3600 {
            let hash = Self.hash(token)
            do {
                try await accounts.database.write { session in
                    try session.execute("UPDATE sign_ins SET expires_at = ? WHERE hash = ?", [.integer(end), hash])
                }
            } catch StorageError.full {}  // Looking at pages needs no space; the end moves at a later visit.
        }
        return Session(role: Session.Role(account: row.account), formToken: formToken(for: token))
    }

    /// Ends a session; one that is gone already is no error.
    public func end(_ token: Secret) async throws {
        let hash = Self.hash(token)
        try await accounts.database.write { session in
            try session.execute("DELETE FROM sign_ins WHERE hash = ?", [hash])
        }
    }

    /// What a form of the bearer of `token` must carry: nobody who cannot read the cookie can work it out.
    func formToken(for token: Secret) -> String {
        Crypto.hex(Crypto.hmac(Array(token.reveal().utf8), key: formKey))
    }

    private enum Kind: String { case link, session }

    private struct Row {
        let account: String?
        let created, expires: Int64
    }

    private func find(_ token: Secret, kind: Kind) async throws -> Row? {
        let (hash, now) = (Self.hash(token), accounts.now())
        return try await accounts.database.read { session in
            try session.first(
                "SELECT account_id, created_at, expires_at FROM sign_ins WHERE hash = ? AND kind = ? AND expires_at > ?",
                [hash, .text(kind.rawValue), .integer(now.seconds)]
            ) { Row(account: try $0.optionalText(0), created: try $0.integer(1), expires: try $0.integer(2)) }
        }
    }

    private func store(_ token: Secret, kind: Kind, account: AccountID?, life: Int64) async throws {
        let now = accounts.now()
        try await accounts.database.write { session in
            try session.execute("DELETE FROM sign_ins WHERE expires_at <= ?", [.integer(now.seconds)])
            try Self.insert(
                token, kind: kind, account: account?.value, end: now.seconds + life, now: now, in: session)
        }
    }

    private static func insert(
        _ token: Secret, kind: Kind, account: String?, end: Int64, now: Instant, in session: any WriteSession
    ) throws {
        try session.execute(
            "INSERT INTO sign_ins (hash, kind, account_id, expires_at, created_at) VALUES (?, ?, ?, ?, ?)",
            [hash(token), .text(kind.rawValue), SQLValue(account), .integer(end), .integer(now.seconds)])
    }

    private static func hash(_ token: Secret) -> SQLValue { .blob(Crypto.sha256(token.reveal())) }
}
