public import Accounts
public import CivilTime
public import ProviderKit
public import StorageKit

/// Adds, relinks, pauses and removes profiles. Linking stores the profile, its calendars and the first sync to do in one
/// transaction.
public struct ProfileLinker: Sendable {
    let profiles: ProfileStore
    let queue: WorkQueue

    public init(profiles: ProfileStore, queue: WorkQueue) { (self.profiles, self.queue) = (profiles, queue) }

    /// A connection that `discover` has shown to work.
    public struct Link: Sendable {
        public var provider: ProviderName
        public var address: String
        public var username: String?
        public var credential: Secret?
        public init(provider: ProviderName, address: String, username: String?, credential: Secret?) {
            (self.provider, self.address) = (provider, address)
            (self.username, self.credential) = (username, credential)
        }
    }

    /// The profile of `remote` in `account`: a new one, or the known one with a new credential, connected again.
    public func link(_ link: Link, to remote: RemoteAccount, account: AccountID) async throws -> ProfileID {
        let prepared = prepare(link)
        return try await profiles.accounts.database.write {
            try self.link(prepared, to: remote, account: account, in: $0)
        }
    }

    /// A link made ready before its transaction, which may run twice.
    public struct Prepared: Sendable {
        let link: Link
        let fresh: ProfileID
        let sealed: [UInt8]?
    }

    public func prepare(_ link: Link) -> Prepared {
        Prepared(
            link: link, fresh: ProfileID("pro_" + Crypto.token(10)),
            sealed: link.credential.map { profiles.accounts.key.seal($0, for: Purpose.credential) })
    }

    /// The same inside a transaction.
    public func link(
        _ prepared: Prepared, to remote: RemoteAccount, account: AccountID, in session: any WriteSession
    ) throws -> ProfileID {
        let (link, now) = (prepared.link, profiles.accounts.now())
        let known = try session.first(
            "SELECT profile_id FROM profiles WHERE account_id = ? AND provider = ? AND identity = ?",
            [.text(account.value), .text(link.provider.value), .text(remote.identity)]
        ) { ProfileID(try $0.text(0)) }
        // Whoever connects again what was disconnected finds the same id.
        let id =
            try known ?? Receipt.profile(link.provider, remote.identity, of: account, in: session) ?? prepared.fresh
        try session.execute(
            """
            INSERT INTO profiles (account_id, profile_id, provider, name, identity, address, username, credential,
                state, state_since, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'connected', ?, ?)
            ON CONFLICT (account_id, profile_id) DO UPDATE SET name = excluded.name, address = excluded.address,
                username = excluded.username, credential = excluded.credential, state = 'connected', cause = NULL,
                explanation = NULL, state_since = excluded.state_since, failures = 0, paused = 0,
                renewing_until = NULL
            """,
            [
                .text(account.value), .text(id.value), .text(link.provider.value), .text(remote.displayName),
                .text(remote.identity), .text(link.address), SQLValue(link.username), SQLValue(prepared.sealed),
                .integer(now.seconds), .integer(now.seconds),
            ])
        try ProfileStore.setAddresses(remote.addresses, of: id, account: account, in: session)
        try CalendarListing(account: account, profile: id, now: now, session: session).apply(remote.calendars)
        try queue.enqueue(.syncing(id, of: account), in: session)
        return id
    }

    /// Stops or resumes reading; what is known stays. False where there is no such profile.
    public func setPaused(_ paused: Bool, profile: ProfileID, of account: AccountID) async throws -> Bool {
        let queue = self.queue
        return try await profiles.accounts.database.write { session in
            let changed = try session.execute(
                "UPDATE profiles SET paused = ? WHERE account_id = ? AND profile_id = ?",
                [SQLValue(paused), .text(account.value), .text(profile.value)])
            if changed > 0 && !paused { try queue.enqueue(.syncing(profile, of: account), in: session) }
            try AccountStore.touch(account, in: session)
            return changed > 0
        }
    }

    /// Asks for a sync as soon as possible.
    public func syncNow(_ profile: ProfileID, of account: AccountID) async throws {
        let queue = self.queue
        try await profiles.accounts.database.write { try queue.enqueue(.syncing(profile, of: account), in: $0) }
    }

    /// Removes a profile and everything read through it; leaves a receipt. Nothing is changed at the provider. False where
    /// there is no such profile.
    public static func remove(
        _ profile: ProfileID, of account: AccountID, cause: Receipt.Cause, now: Instant, in session: any WriteSession
    ) throws -> Bool {
        guard try Receipt.leave(for: profile, of: account, cause: cause, now: now, in: session) else { return false }
        let key: [SQLValue] = [.text(account.value), .text(profile.value)]
        let calendars = "SELECT calendar FROM calendars WHERE account_id = ? AND profile_id = ?"
        for table in ["occurrences", "components"] {
            try session.execute(
                """
                DELETE FROM \(table) WHERE account_id = ? AND item IN
                    (SELECT item FROM items WHERE account_id = ? AND calendar IN (\(calendars)))
                """, [.text(account.value), .text(account.value)] + key)
        }
        try session.execute(
            "DELETE FROM items WHERE account_id = ? AND calendar IN (\(calendars))", [.text(account.value)] + key)
        for table in ["native_items", "native_calendars"] {
            let column = table == "native_items" ? "calendar" : "remote_id"
            try session.execute(
                """
                DELETE FROM \(table) WHERE account_id = ? AND \(column) IN
                    (SELECT remote_id FROM calendars WHERE account_id = ? AND profile_id = ?)
                """, [.text(account.value)] + key)
        }
        for table in ["calendars", "profiles"] {
            try session.execute("DELETE FROM \(table) WHERE account_id = ? AND profile_id = ?", key)
        }
        try AccountStore.touch(account, in: session)
        return true
    }

    /// Has an item that was put aside read again, by a whole read of its calendar. False where there is no such item.
    public func readAgain(_ item: Int64, of account: AccountID) async throws -> Bool {
        let queue = self.queue
        return try await profiles.accounts.database.write { session in
            let key: [SQLValue] = [.text(account.value), .integer(item)]
            let found = try session.first(
                """
                SELECT c.profile_id, c.calendar FROM items i
                JOIN calendars c ON c.account_id = i.account_id AND c.calendar = i.calendar
                WHERE i.account_id = ? AND i.item = ?
                """, key
            ) { (ProfileID(try $0.text(0)), try $0.integer(1)) }
            guard let (profile, calendar) = found else { return false }
            try session.execute("UPDATE items SET version = NULL WHERE account_id = ? AND item = ?", key)
            try session.execute(
                "UPDATE calendars SET sync_cursor = NULL, change_tag = NULL WHERE account_id = ? AND calendar = ?",
                [.text(account.value), .integer(calendar)])
            try queue.enqueue(.syncing(profile, of: account), in: session)
            return true
        }
    }

    /// Says that a calendar which was made here and is empty has been read: nothing is unknown of it.
    public func markRead(_ calendar: RemoteCalendarID, profile: ProfileID, of account: AccountID) async throws {
        try await profiles.accounts.database.write {
            try markRead(calendar, profile: profile, of: account, in: $0)
        }
    }

    /// The same inside a transaction.
    public func markRead(
        _ calendar: RemoteCalendarID, profile: ProfileID, of account: AccountID, in session: any WriteSession
    ) throws {
        try session.execute(
            "UPDATE calendars SET synced_at = ? WHERE account_id = ? AND profile_id = ? AND remote_id = ?",
            [
                .integer(profiles.accounts.now().seconds), .text(account.value), .text(profile.value),
                .text(calendar.value),
            ])
        try AccountStore.touch(account, in: session)
    }
}
