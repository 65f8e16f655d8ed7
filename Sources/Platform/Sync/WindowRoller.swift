public import Accounts
public import CivilTime
import ICalendar
public import ProviderKit
public import StorageKit

/// Moves the window on: series get the occurrences that have come into it and lose those that left it. Nothing counts as changed by that, so nobody
/// is told of changes that nobody made.
public struct WindowRoller: Sendable {
    let profiles: ProfileStore
    let reader: ItemReader
    let zones: ZoneDatabase

    public init(profiles: ProfileStore, reader: ItemReader, zones: ZoneDatabase) {
        (self.profiles, self.reader, self.zones) = (profiles, reader, zones)
    }

    public func roll(
        _ account: AccountID, now: Instant, fence: @escaping @Sendable (any WriteSession) throws -> Void
    ) async throws {
        guard let window = SyncWindow(around: now), let owner = try await profiles.accounts.account(account) else {
            return
        }
        let addresses = try await profiles.accounts.database.read { try ProfileStore.addresses(of: account, in: $0) }
        for calendar in try await profiles.calendars(of: account) where !calendar.isDeleted {
            let preparer = try ItemPreparer(
                zoneNames: [calendar.zone?.name, owner.zone.name], owner: addresses, zones: zones, now: now)
            let (reader, generation) = (self.reader, Int64(0))
            try await profiles.accounts.database.write { session in
                try fence(session)
                let items = try Self.repeating(in: calendar, session: session)
                var rows = ItemBatch(account: account, calendar: calendar.number, generation: generation, now: now)
                for item in items {
                    guard case .events(let series, let text) = reader.content(of: item.body) else { continue }
                    let prepared = preparer.prepare(series, text: text, id: item.remoteID, version: item.version)
                    rows.addOccurrences(
                        of: prepared, number: item.number,
                        before: try StoredOccurrence.all(of: item.number, account: account, session: session))
                }
                try rows.write(in: session)
                try Self.forget(before: window.period.start, in: calendar, session: session)
                try session.execute(
                    "UPDATE calendars SET window_end = ? WHERE account_id = ? AND calendar = ?",
                    [.integer(window.period.end.seconds), .text(account.value), .integer(calendar.number.value)])
                if !items.isEmpty { try AccountStore.touch(account, in: session) }
            }
        }
    }

    /// What a series was before the window: a later change of the series knows nothing of it, and would take it for
    /// deleted.
    private static func forget(
        before start: Instant, in calendar: CalendarRecord, session: any WriteSession
    ) throws {
        let (account, number) = (SQLValue.text(calendar.account.value), SQLValue.integer(calendar.number.value))
        try session.execute(
            """
            DELETE FROM occurrences WHERE account_id = ? AND calendar = ? AND end_at <= ? AND item IN
                (SELECT item FROM items WHERE account_id = ? AND calendar = ? AND repeats = 1)
            """, [account, number, .integer(start.seconds), account, number])
    }

    private struct Repeating {
        let number: Int64
        let remoteID: String
        let version: String?
        let body: String
    }

    private static func repeating(in calendar: CalendarRecord, session: any ReadSession) throws -> [Repeating] {
        try session.all(
            """
            SELECT item, remote_id, version, body FROM items
            WHERE account_id = ? AND calendar = ? AND repeats = 1 AND deleted = 0
            """, [.text(calendar.account.value), .integer(calendar.number.value)]
        ) { row in
            Repeating(
                number: try row.integer(0), remoteID: try row.text(1), version: try row.optionalText(2),
                body: try row.text(3))
        }
    }
}
