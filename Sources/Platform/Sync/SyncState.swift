public import Accounts
public import CivilTime
public import ProviderKit
public import StorageKit

/// The sync memory of one calendar, as it is stored.
public struct SyncState: Hashable, Sendable {
    public let calendar: CalendarNumber
    public let remoteID: RemoteCalendarID
    public let name: String
    public let zoneName: String?
    public let memory: SyncMachine.Memory
    /// The provider's mark of the last state read.
    public let changeTag: String?
    public let syncedAt: Instant?
    /// When the provider was last asked for changes, not only for its mark.
    public let readAt: Instant?

    /// The calendars of a profile that exist, oldest read first: newest need first.
    public static func all(
        of profile: ProfileID, account: AccountID, in session: any ReadSession
    ) throws -> [SyncState] {
        try session.all(
            """
            SELECT calendar, remote_id, name, zone, sync_cursor, reading, generation, empty_reads, change_tag, synced_at,
                read_at
            FROM calendars WHERE account_id = ? AND profile_id = ? AND deleted = 0
            ORDER BY COALESCE(synced_at, 0), calendar
            """, [.text(account.value), .text(profile.value)]
        ) { row in
            SyncState(
                calendar: CalendarNumber(try row.integer(0)), remoteID: RemoteCalendarID(try row.text(1)),
                name: try row.text(2), zoneName: try row.optionalText(3),
                memory: SyncMachine.Memory(
                    cursor: try row.optionalText(4).map { SyncCursor($0) }, isReadingAll: try row.flag(5),
                    generation: try row.integer(6), emptyReads: try row.integer(7)),
                changeTag: try row.optionalText(8),
                syncedAt: try row.optionalInteger(9).map { Instant(seconds: $0) },
                readAt: try row.optionalInteger(10).map { Instant(seconds: $0) })
        }
    }

    /// How many items are held as existing.
    public static func itemCount(
        in calendar: CalendarNumber, of account: AccountID, session: any ReadSession
    ) throws -> Int {
        let count = try session.first(
            "SELECT COUNT(*) FROM items WHERE account_id = ? AND calendar = ? AND deleted = 0",
            [.text(account.value), .integer(calendar.value)]
        ) { try $0.integer(0) }
        return Int(count ?? 0)
    }

    /// Versions held of these items, so that a connector can leave out what we have.
    public static func versions(
        of ids: [RemoteItemID], in calendar: CalendarNumber, of account: AccountID, session: any ReadSession
    ) throws -> [RemoteItemID: String] {
        let stored = try StoredItem.find(ids.map(\.value), in: calendar, of: account, session: session)
        var versions: [RemoteItemID: String] = [:]
        for item in stored.values where !item.isDeleted {
            if let version = item.version { versions[RemoteItemID(item.remoteID)] = version }
        }
        return versions
    }

    /// Stores `memory` with a page; the last page also says that the calendar is in step as of `now`.
    public static func save(
        _ memory: SyncMachine.Memory, of calendar: CalendarNumber, account: AccountID, isLast: Bool,
        changeTag: String?, windowEnd: Instant, now: Instant, in session: any WriteSession
    ) throws {
        let key: [SQLValue] = [.text(account.value), .integer(calendar.value)]
        try session.execute(
            """
            UPDATE calendars SET sync_cursor = ?, reading = ?, generation = ?, empty_reads = ?
            WHERE account_id = ? AND calendar = ?
            """,
            [
                SQLValue(memory.cursor?.value), SQLValue(memory.isReadingAll), .integer(memory.generation),
                .integer(memory.emptyReads),
            ] + key)
        guard isLast else { return }
        try session.execute(
            """
            UPDATE calendars SET synced_at = ?, read_at = ?, change_tag = ?, incomplete = NULL,
                window_end = COALESCE(window_end, ?)
            WHERE account_id = ? AND calendar = ?
            """, [.integer(now.seconds), .integer(now.seconds), SQLValue(changeTag), .integer(windowEnd.seconds)] + key)
    }

    /// Says that a calendar could not be read, and why; the rest of its profile goes on.
    public static func markIncomplete(
        _ calendar: CalendarNumber, of account: AccountID, reason: String, in session: any WriteSession
    ) throws {
        try session.execute(
            "UPDATE calendars SET incomplete = ? WHERE account_id = ? AND calendar = ?",
            [.text(reason), .text(account.value), .integer(calendar.value)])
    }

    /// Says that a calendar was found unchanged at `now`.
    public static func confirm(
        _ calendar: CalendarNumber, of account: AccountID, now: Instant, in session: any WriteSession
    ) throws {
        try session.execute(
            "UPDATE calendars SET synced_at = ? WHERE account_id = ? AND calendar = ?",
            [.integer(now.seconds), .text(account.value), .integer(calendar.value)])
    }
}
