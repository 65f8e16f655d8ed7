public import Accounts
public import CivilTime
public import ProviderKit
public import StorageKit

/// Brings the list of an account's calendars in step with what a provider lists.
public struct CalendarListing {
    let account: AccountID
    let profile: ProfileID
    let now: Instant
    let session: any WriteSession

    public init(account: AccountID, profile: ProfileID, now: Instant, session: any WriteSession) {
        (self.account, self.profile, self.now, self.session) = (account, profile, now, session)
    }

    /// New calendars count as their provider says; the owner's choice about known ones stays. Calendars that are no
    /// longer listed are marked deleted and keep their place, so that ids stay stable if they return.
    public func apply(_ remote: [RemoteCalendar]) throws {
        let before = try rows()
        for calendar in remote {
            if try update(calendar) == 0 { try insert(calendar) }
        }
        let listed = Set(remote.map(\.id.value))
        for row in before where !listed.contains(row) {
            try session.execute(
                "UPDATE calendars SET deleted = 1 WHERE account_id = ? AND profile_id = ? AND remote_id = ?",
                key + [.text(row)])
        }
        try session.execute(
            "UPDATE profiles SET listed_at = ? WHERE account_id = ? AND profile_id = ?",
            [.integer(now.seconds)] + key)
        try AccountStore.touch(account, in: session)
    }

    /// Adds a calendar that was just made, or brings a known one up to date.
    public func add(_ calendar: RemoteCalendar) throws {
        if try update(calendar) == 0 { try insert(calendar) }
        try AccountStore.touch(account, in: session)
    }

    private var key: [SQLValue] { [.text(account.value), .text(profile.value)] }

    private func rows() throws -> [String] {
        try session.all(
            "SELECT remote_id FROM calendars WHERE account_id = ? AND profile_id = ? AND deleted = 0", key
        ) { try $0.text(0) }
    }

    private func update(_ calendar: RemoteCalendar) throws -> Int {
        try session.execute(
            """
            UPDATE calendars SET name = ?, read_only = ?, is_primary = ?, color = ?, zone = ?, blocks_time = ?,
                deleted = 0
            WHERE account_id = ? AND profile_id = ? AND remote_id = ?
            """, values(of: calendar) + key + [.text(calendar.id.value)])
    }

    private func insert(_ calendar: RemoteCalendar) throws {
        let number = try AccountStore.numbers(1, for: account, in: session)
        let id = "cal_\(profile.value.dropFirst(4))_\(String(number, radix: 36))"
        try session.execute(
            """
            INSERT INTO calendars (name, read_only, is_primary, color, zone, blocks_time, account_id, profile_id,
                remote_id, calendar, calendar_id, counted, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            values(of: calendar) + key + [
                .text(calendar.id.value), .integer(number), .text(id), SQLValue(calendar.blocksTime),
                .integer(now.seconds),
            ])
    }

    private func values(of calendar: RemoteCalendar) -> [SQLValue] {
        [
            .text(calendar.name), SQLValue(calendar.isReadOnly), SQLValue(calendar.isPrimary),
            SQLValue(calendar.color), SQLValue(calendar.zoneName), SQLValue(calendar.blocksTime),
        ]
    }
}
