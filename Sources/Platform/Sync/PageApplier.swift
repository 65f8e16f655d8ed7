public import Accounts
public import CivilTime
import Notifications
public import StorageKit

/// What a page says, worked out and ready to write.
public struct PreparedPage: Sendable {
    var items: [PreparedItem]
    /// Addresses named with a version we hold already.
    var unchanged: [String]
    var removed: [String]
}

/// What a write changed; the account's version rises where it is not nothing.
public struct AppliedChanges: Hashable, Sendable {
    public var changed = 0
    public var deleted = 0
    /// Whose managed events are among them.
    public var managers: Set<ClientID> = []
    public var isNothing: Bool { changed == 0 && deleted == 0 }
}

/// Writes one page of one calendar in the caller's transaction: items, details, occurrences, cursor and version together.
/// Compares with what is stored, so that a page that says nothing new changes nothing and is not told as a change.
public struct PageApplier {
    let account: AccountID
    let calendar: CalendarNumber
    let generation: Int64
    let now: Instant
    let session: any WriteSession

    public init(
        account: AccountID, calendar: CalendarNumber, generation: Int64, now: Instant, session: any WriteSession
    ) {
        (self.account, self.calendar, self.generation) = (account, calendar, generation)
        (self.now, self.session) = (now, session)
    }

    public func apply(_ page: PreparedPage, sweep: Bool) throws -> AppliedChanges {
        var changes = try write(page.items)
        try name(page.unchanged)
        try remove(page.removed, noting: &changes)
        if sweep { try removeUnnamed(noting: &changes) }
        if !changes.isNothing {
            try ChangeRecorder(account: account, session: session).record(
                CalendarChange(calendar: calendar, at: now, managers: changes.managers))
        }
        return changes
    }

    /// Items that differ are written whole; those whose meaning is the same only get their new version and text.
    private func write(_ named: [PreparedItem]) throws -> AppliedChanges {
        // A page may name an item twice; the later one is how it stands.
        var last: [String: Int] = [:]
        for (index, item) in named.enumerated() { last[item.remoteID] = index }
        let items =
            last.count == named.count
            ? named : named.indices.filter { last[named[$0].remoteID] == $0 }.map { named[$0] }
        let stored = try StoredItem.find(
            items.map(\.remoteID), in: calendar, of: account, session: session)
        let unplaced =
            stored.count < items.count ? try StoredItem.unplaced(in: calendar, of: account, session: session) : [:]
        var rows = ItemBatch(account: account, calendar: calendar, generation: generation, now: now)
        var fresh: [PreparedItem] = []
        var own: [String] = []
        var managers: Set<ClientID> = []
        for item in items {
            guard let known = stored[item.remoteID] else {
                if let ours = unplaced[item.uid] { try place(ours, at: item) } else { fresh.append(item) }
                continue
            }
            if known.pending > 0 {
                own.append(item.remoteID)
            } else if known.hash == item.hash && !known.isDeleted {
                rows.addSame(item, number: known.number)
            } else {
                if let client = known.client { managers.insert(client) }
                rows.addChanged(
                    item, number: known.number,
                    before: try StoredOccurrence.all(of: known.number, account: account, session: session))
                try giveUp(known.number)
            }
        }
        try addFresh(fresh, to: &rows)
        try name(own)
        try rows.write(in: session)
        return AppliedChanges(changed: rows.changedCount, managers: managers)
    }

    /// The provider's text replaces a local change that it refused: nothing of that is left to write.
    private func giveUp(_ item: Int64) throws {
        try session.execute(
            """
            UPDATE items SET pending = 0, synced_body = NULL
            WHERE account_id = ? AND item = ? AND refused_at IS NOT NULL
            """, [.text(account.value), .integer(item)])
    }

    private func addFresh(_ items: [PreparedItem], to rows: inout ItemBatch) throws {
        guard !items.isEmpty else { return }
        var number = try AccountStore.numbers(items.count, for: account, in: session)
        for item in items {
            rows.addChanged(item, number: number, before: [])
            number += 1  // Cannot overflow: drawn from a counter of items that exist.
        }
    }

    /// An item of ours that the provider now shows at an address: a write whose answer we never saw. It stays pending,
    /// so the outbox compares and finishes it.
    private func place(_ ours: StoredItem, at item: PreparedItem) throws {
        try session.execute(
            "UPDATE items SET remote_id = ?, generation = ? WHERE account_id = ? AND item = ?",
            [.text(item.remoteID), .integer(generation), .text(account.value), .integer(ours.number)])
    }

    /// Marks items as named by this read.
    private func name(_ ids: [String]) throws {
        for id in ids {
            try session.execute(
                "UPDATE items SET generation = ? WHERE account_id = ? AND calendar = ? AND remote_id = ?",
                [.integer(generation), .text(account.value), .integer(calendar.value), .text(id)])
        }
    }

    private func remove(_ ids: [String], noting changes: inout AppliedChanges) throws {
        let stored = try StoredItem.find(ids, in: calendar, of: account, session: session)
        for item in stored.values where !item.isDeleted && item.pending == 0 {
            try remove(item.number, managedBy: item.client, noting: &changes)
        }
    }

    private func removeUnnamed(noting changes: inout AppliedChanges) throws {
        let gone = try session.all(
            """
            SELECT item, client_id FROM items
            WHERE account_id = ? AND calendar = ? AND generation < ? AND deleted = 0
                AND (pending = 0 OR refused_at IS NOT NULL) AND remote_id NOT LIKE '\(OwnItem.unplaced)%'
            """, [.text(account.value), .integer(calendar.value), .integer(generation)]
        ) { (number: try $0.integer(0), client: try $0.optionalText(1).map { ClientID($0) }) }
        for item in gone { try remove(item.number, managedBy: item.client, noting: &changes) }
    }

    private func remove(_ item: Int64, managedBy client: ClientID?, noting changes: inout AppliedChanges) throws {
        try Self.markDeleted(item, of: account, now: now, session: session)
        try giveUp(item)
        changes.deleted += 1
        if let client { changes.managers.insert(client) }
    }

    /// Turns an item into a tombstone, so that reads with deleted ones can tell. `isOutside` is false where the
    /// application that manages it deletes it.
    public static func markDeleted(
        _ item: Int64, of account: AccountID, now: Instant, isOutside: Bool = true, session: any WriteSession
    ) throws {
        let key: [SQLValue] = [.text(account.value), .integer(item)]
        try session.execute("UPDATE items SET deleted = 1 WHERE account_id = ? AND item = ?", key)
        try session.execute(
            """
            UPDATE occurrences SET deleted = 1, changed_at = ?, outside_at = CASE WHEN ? = 1 THEN ? ELSE outside_at END
            WHERE account_id = ? AND item = ? AND deleted = 0
            """, [.integer(now.seconds), SQLValue(isOutside), .integer(now.seconds)] + key)
    }
}
