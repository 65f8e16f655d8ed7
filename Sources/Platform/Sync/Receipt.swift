public import Accounts
public import CivilTime
public import StorageKit

/// What a disconnect deleted. It names the outside account by a hash only.
public struct Receipt: Hashable, Sendable {
    public let profile: ProfileID
    public let provider: ProviderName
    public let calendars: Int64
    public let items: Int64
    public let cause: Cause
    public let at: Instant

    public enum Cause: String, Hashable, Sendable {
        /// The person did it, on their pages.
        case person
        /// An application removed the profile.
        case application
        /// Nobody may read it any more.
        case revoked
    }

    /// The account's receipts, oldest first.
    public static func all(of account: AccountID, in session: any ReadSession) throws -> [Receipt] {
        try session.all(
            """
            SELECT profile_id, provider, calendars, items, cause, removed_at FROM receipts WHERE account_id = ?
            ORDER BY removed_at, profile_id
            """, [.text(account.value)]
        ) { row in
            Receipt(
                profile: ProfileID(try row.text(0)), provider: ProviderName(try row.text(1)),
                calendars: try row.integer(2), items: try row.integer(3),
                cause: Cause(rawValue: try row.text(4)) ?? .revoked, at: Instant(seconds: try row.integer(5)))
        }
    }

    /// Counts what is about to go. False where there is no such profile.
    static func leave(
        for profile: ProfileID, of account: AccountID, cause: Cause, now: Instant, in session: any WriteSession
    ) throws -> Bool {
        guard let known = try ProfileStore.profile(profile, of: account, in: session) else { return false }
        let key: [SQLValue] = [.text(account.value), .text(profile.value)]
        let calendars = try session.first(
            "SELECT COUNT(*) FROM calendars WHERE account_id = ? AND profile_id = ?", key
        ) { try $0.integer(0) }
        let items = try session.first(
            """
            SELECT COUNT(*) FROM items WHERE account_id = ? AND deleted = 0 AND calendar IN
                (SELECT calendar FROM calendars WHERE account_id = ? AND profile_id = ?)
            """, [.text(account.value)] + key
        ) { try $0.integer(0) }
        try session.execute(
            """
            INSERT INTO receipts (account_id, profile_id, provider, identity_hash, calendars, items, cause, removed_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (account_id, profile_id, removed_at) DO UPDATE SET items = receipts.items + excluded.items
            """,
            key + [
                .text(known.provider.value), .blob(Crypto.sha256(known.identity)), SQLValue(calendars),
                SQLValue(items), .text(cause.rawValue), .integer(now.seconds),
            ])
        return true
    }

    /// The id under which this outside account was known before.
    static func profile(
        _ provider: ProviderName, _ identity: String, of account: AccountID, in session: any ReadSession
    ) throws -> ProfileID? {
        try session.first(
            """
            SELECT profile_id FROM receipts WHERE account_id = ? AND provider = ? AND identity_hash = ?
            ORDER BY removed_at DESC LIMIT 1
            """, [.text(account.value), .text(provider.value), .blob(Crypto.sha256(identity))]
        ) { ProfileID(try $0.text(0)) }
    }
}
