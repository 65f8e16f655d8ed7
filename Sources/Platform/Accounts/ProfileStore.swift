import CivilTime
public import StorageKit

/// Profiles and calendars of an account.
public struct ProfileStore: Sendable {
    public let accounts: AccountStore
    private var database: any Database { accounts.database }

    public init(accounts: AccountStore) { self.accounts = accounts }

    public func profiles(of account: AccountID) async throws -> [Profile] {
        try await database.read { try Self.profiles(of: account, in: $0) }
    }

    /// Every connection with one provider.
    public func profiles(at provider: ProviderName) async throws -> [Profile] {
        try await database.read { session in
            try session.all(
                Self.profileColumns + " WHERE provider = ? ORDER BY account_id, profile_id", [.text(provider.value)],
                Self.profile(from:))
        }
    }

    public static func profiles(of account: AccountID, in session: any ReadSession) throws -> [Profile] {
        try session.all(
            profileColumns + " WHERE account_id = ? ORDER BY created_at, profile_id", [.text(account.value)],
            profile(from:))
    }

    public static func profile(
        _ id: ProfileID, of account: AccountID, in session: any ReadSession
    ) throws -> Profile? {
        try session.first(
            profileColumns + " WHERE account_id = ? AND profile_id = ?", [.text(account.value), .text(id.value)],
            profile(from:))
    }

    /// Under which mail addresses the account's person may stand among an event's people, in lower case: its own, and
    /// those that its connections are known by.
    public static func addresses(of account: AccountID, in session: any ReadSession) throws -> [String] {
        let own = try AccountStore.account(account, in: session)?.email
        let known = try session.all(
            "SELECT name, username, addresses FROM profiles WHERE account_id = ?", [.text(account.value)]
        ) { row -> [String] in
            [try row.text(0), try row.optionalText(1) ?? ""]
                + (try row.optionalText(2)?.split(separator: "\n").map(String.init) ?? [])
        }
        let all = ([own].compactMap { $0 } + known.joined()).filter { $0.contains("@") }
        return Array(Set(all.map { $0.lowercased() }))
    }

    /// Keeps the addresses that a connection's provider knows the person by.
    public static func setAddresses(
        _ addresses: [String], of profile: ProfileID, account: AccountID, in session: any WriteSession
    ) throws {
        try session.execute(
            "UPDATE profiles SET addresses = ? WHERE account_id = ? AND profile_id = ?",
            [
                SQLValue(addresses.isEmpty ? nil : addresses.joined(separator: "\n")), .text(account.value),
                .text(profile.value),
            ])
    }

    /// The credential of a profile, opened; nil where it needs none.
    public func credential(of profile: Profile) async throws -> Secret? {
        let sealed = try await database.read { session in
            try session.first(
                "SELECT credential FROM profiles WHERE account_id = ? AND profile_id = ?",
                [.text(profile.account.value), .text(profile.id.value)]
            ) { try $0.optionalBlob(0) }
        }
        guard let sealed = sealed.flatMap({ $0 }) else { return nil }
        return try accounts.key.open(sealed, for: Purpose.credential)
    }

    public func calendars(of account: AccountID) async throws -> [CalendarRecord] {
        try await database.read { try Self.calendars(of: account, in: $0) }
    }

    public static func calendars(of account: AccountID, in session: any ReadSession) throws -> [CalendarRecord] {
        try session.all(
            """
            SELECT calendar, calendar_id, profile_id, remote_id, name, read_only, is_primary, deleted, color, zone,
                counted, synced_at, incomplete
            FROM calendars WHERE account_id = ? ORDER BY calendar
            """, [.text(account.value)]
        ) { row in
            CalendarRecord(
                account: account, number: CalendarNumber(try row.integer(0)), id: CalendarID(try row.text(1)),
                profile: ProfileID(try row.text(2)), remoteID: try row.text(3), name: try row.text(4),
                isReadOnly: try row.flag(5), isPrimary: try row.flag(6), isDeleted: try row.flag(7),
                color: try row.optionalText(8), zone: try row.optionalText(9).map { ZoneID($0) },
                isCounted: try row.flag(10),
                syncedAt: try row.optionalInteger(11).map { Instant(seconds: $0) },
                incomplete: try row.optionalText(12))
        }
    }

    /// The owner's choice whether a calendar's events take time.
    public func setCounted(_ counted: Bool, calendar: CalendarID, of account: AccountID) async throws -> Bool {
        try await database.write { session in
            let changed = try session.execute(
                "UPDATE calendars SET counted = ? WHERE account_id = ? AND calendar_id = ?",
                [SQLValue(counted), .text(account.value), .text(calendar.value)])
            try AccountStore.touch(account, in: session)
            return changed > 0
        }
    }

    public static func setConnection(
        _ connection: Profile.Connection, of profile: ProfileID, account: AccountID, in session: any WriteSession
    ) throws {
        try session.execute(
            """
            UPDATE profiles SET state = ?, cause = ?, explanation = ?, state_since = ?, failures = ?
            WHERE account_id = ? AND profile_id = ?
            """,
            [
                .text(connection.state.rawValue), SQLValue(connection.cause?.rawValue),
                SQLValue(connection.explanation), .integer(connection.since.seconds), .integer(connection.failures),
                .text(account.value), .text(profile.value),
            ])
    }

    private static let profileColumns = """
        SELECT account_id, profile_id, provider, name, identity, address, username, state, cause, explanation,
            state_since, failures, paused, initial_sync_done FROM profiles
        """

    private static func profile(from row: any SQLRow) throws -> Profile {
        let connection = Profile.Connection(
            // A state this program does not know counts as failing: doubt is shown, not hidden.
            state: Profile.Connection.State(rawValue: try row.text(7)) ?? .failing,
            cause: try row.optionalText(8).flatMap(Profile.Connection.Cause.init(rawValue:)),
            explanation: try row.optionalText(9), since: Instant(seconds: try row.integer(10)),
            failures: try row.integer(11))
        return Profile(
            account: AccountID(try row.text(0)), id: ProfileID(try row.text(1)),
            provider: ProviderName(try row.text(2)),
            name: try row.text(3), identity: try row.text(4), address: try row.text(5),
            username: try row.optionalText(6), connection: connection, isPaused: try row.flag(12),
            initialSyncDone: try row.flag(13))
    }
}
