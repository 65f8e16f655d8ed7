public import Accounts
import StorageKit
import Sync

extension EventWriter {
    /// In pieces, each one transaction: cut short, it has deleted some, and the same call deletes the rest.
    public func deleteAll(in calendars: Set<CalendarID>?, of account: AccountID, by client: ClientID) async throws {
        let now = profiles.accounts.now()
        let records = try await profiles.calendars(of: account)
        let chosen = records.filter { !$0.isDeleted && calendars?.contains($0.id) ?? true }
        if let calendars, chosen.count < calendars.count { throw EventWriteError.invalidCalendars }
        let numbers = chosen.filter { !$0.isReadOnly }.map(\.number)
        var last: ItemNumber? = ItemNumber(0)
        while let after = last {
            last = try await profiles.accounts.database.write { session in
                try AccountStore.touch(account, in: session)
                let items = try OwnItem.managed(
                    by: client, in: numbers, of: account, after: after, limit: Self.bulkSize, session: session)
                for item in items {
                    try OwnItemWriter(account: account, now: now, session: session, author: client).delete(item)
                    try queue.enqueue(.pushing(item.number, of: account), in: session)
                }
                return items.count < Self.bulkSize ? nil : items.last?.number
            }
        }
    }

    private static let bulkSize = 500
}
