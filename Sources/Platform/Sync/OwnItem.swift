public import Accounts
public import CivilTime
public import ICalendar
import Notifications
public import StorageKit

/// An item as its writers see it: what stands here, what the provider last had, and how many local changes it lacks.
public struct OwnItem: Hashable, Sendable {
    public let number: ItemNumber
    public let calendar: CalendarNumber
    /// Nil until the provider has told where it is.
    public let remoteID: String?
    public let version: String?
    public let uid: String
    public let body: String
    /// What the provider had before the local changes; nil where there are none, or it had nothing.
    public let syncedBody: String?
    public let isDeleted: Bool
    public let repeats: Bool
    public let pending: Int64
    public let client: ClientID?
    public let eventID: String?
    /// When its provider refused the last write for good; nil where it has not.
    public let refusedAt: Instant?

    static let unplaced = "unplaced:"

    private static let columns = """
        SELECT item, calendar, remote_id, version, uid, body, synced_body, deleted, repeats, pending, client_id,
            event_id, refused_at FROM items WHERE account_id = ?
        """

    private init(_ row: any SQLRow) throws {
        (number, calendar) = (ItemNumber(try row.integer(0)), CalendarNumber(try row.integer(1)))
        let id = try row.text(2)
        remoteID = id.hasPrefix(Self.unplaced) ? nil : id
        (version, uid, body) = (try row.optionalText(3), try row.text(4), try row.text(5))
        (syncedBody, isDeleted, repeats) = (try row.optionalText(6), try row.flag(7), try row.flag(8))
        (pending, client) = (try row.integer(9), try row.optionalText(10).map { ClientID($0) })
        eventID = try row.optionalText(11)
        refusedAt = try row.optionalInteger(12).map { Instant(seconds: $0) }
    }

    public static func find(
        _ number: ItemNumber, of account: AccountID, in session: any ReadSession
    ) throws -> OwnItem? {
        try session.first(columns + " AND item = ?", [.text(account.value), .integer(number.value)], OwnItem.init)
    }

    public static func find(
        eventID: String, client: ClientID, calendar: CalendarNumber, of account: AccountID,
        in session: any ReadSession
    ) throws -> OwnItem? {
        try session.first(
            columns + " AND event_id = ? AND client_id = ? AND calendar = ?",
            [.text(account.value), .text(eventID), .text(client.value), .integer(calendar.value)], OwnItem.init)
    }

    /// Items of `client` that exist, in these calendars, by number: at most `limit` after `number`.
    public static func managed(
        by client: ClientID, in calendars: [CalendarNumber], of account: AccountID, after number: ItemNumber,
        limit: Int, session: any ReadSession
    ) throws -> [OwnItem] {
        guard !calendars.isEmpty else { return [] }
        let marks = calendars.map { _ in "?" }.joined(separator: ", ")
        return try session.all(
            columns + """
                 AND event_id IS NOT NULL AND client_id = ? AND deleted = 0 AND item > ? AND calendar IN (\(marks))
                ORDER BY item LIMIT ?
                """,
            [.text(account.value), .text(client.value), .integer(number.value)]
                + calendars.map { .integer($0.value) } + [.integer(Int64(limit))], OwnItem.init)
    }

    /// The document it stands for; nil where there is none or it can no longer be read.
    public static func document(_ text: String?) -> Component? {
        guard let text, !text.isEmpty else { return nil }
        do { return try ICalendarDocument(reading: text).calendars.first } catch { return nil }
    }
}

/// Writes of single items: by the application here, and the outcome of writing them to their provider.
public struct OwnItemWriter {
    let account: AccountID
    let now: Instant
    let session: any WriteSession
    /// The application that writes; nil: nobody that could be meant by "its own changes".
    let author: ClientID?

    public init(account: AccountID, now: Instant, session: any WriteSession, author: ClientID? = nil) {
        (self.account, self.now, self.session, self.author) = (account, now, session, author)
    }

    /// Stores a new text of an item, with its details and occurrences, as a local change to be written through.
    public func change(
        _ item: OwnItem?, in calendar: CalendarNumber, to series: EventSeries, text: String, preparer: ItemPreparer,
        client: ClientID?, eventID: String?
    ) throws -> ItemNumber {
        let number = try item?.number.value ?? AccountStore.numbers(1, for: account, in: session)
        // The application that manages an event is not told of its own changes.
        let isOutside = eventID == nil
        try write(
            series, text: text, number: number, item: item, calendar: calendar, preparer: preparer,
            isOutside: isOutside)
        try session.execute(
            """
            UPDATE items SET pending = pending + 1, client_id = COALESCE(client_id, ?),
                event_id = COALESCE(event_id, ?), synced_body = ?, \(Self.noOutcome)
            WHERE account_id = ? AND item = ?
            """,
            [
                SQLValue(client?.value), SQLValue(eventID), SQLValue(base(of: item)), .text(account.value),
                .integer(number),
            ])
        try told(calendar, managedBy: item?.client ?? client)
        return ItemNumber(number)
    }

    /// Marks an item deleted here, to be deleted at its provider.
    public func delete(_ item: OwnItem) throws {
        try PageApplier.markDeleted(
            item.number.value, of: account, now: now, isOutside: item.eventID == nil, session: session)
        try session.execute(
            """
            UPDATE items SET pending = pending + 1, synced_body = ?, \(Self.noOutcome)
            WHERE account_id = ? AND item = ?
            """,
            [SQLValue(base(of: item)), .text(account.value), .integer(item.number.value)])
        try told(item.calendar, managedBy: item.client)
    }

    /// Stores what a merge with the provider's text made of an item; still a local change. Names the fields in which the
    /// application's change stood against one made in the calendar (`overruled`).
    public func merge(
        _ item: OwnItem, with series: EventSeries, text: String, preparer: ItemPreparer, isOutside: Bool,
        overruled: [String]
    ) throws {
        try write(
            series, text: text, number: item.number.value, item: item, calendar: item.calendar, preparer: preparer,
            isOutside: isOutside)
        try session.execute(
            "UPDATE items SET overruled = ? WHERE account_id = ? AND item = ?",
            [SQLValue(overruled.isEmpty ? nil : overruled.joined(separator: ","))] + key(item))
        try told(item.calendar, managedBy: item.client)
    }

    /// Notes why the provider has not taken a write yet.
    public func note(_ reason: String, on item: OwnItem) throws {
        try session.execute(
            "UPDATE items SET write_fault = ? WHERE account_id = ? AND item = ?",
            [.text(String(reason.prefix(500)))] + key(item))
    }

    /// What stands again after a refusal.
    public struct Restored {
        let series: EventSeries
        let text: String
        let preparer: ItemPreparer

        public init(series: EventSeries, text: String, preparer: ItemPreparer) {
            (self.series, self.text, self.preparer) = (series, text, preparer)
        }
    }

    /// The provider refused a write for good. What the application manages stays as it asked for, marked as refused;
    /// a deletion, and an edit of an event it does not manage, is taken back: the calendar shows otherwise.
    public func refuse(_ item: OwnItem, reason: String, restoring before: Restored?) throws {
        if let before {
            try write(
                before.series, text: before.text, number: item.number.value, item: item, calendar: item.calendar,
                preparer: before.preparer, isOutside: true)
            try session.execute(
                "UPDATE items SET pending = 0, synced_body = NULL WHERE account_id = ? AND item = ?", key(item))
        }
        try session.execute(
            "UPDATE items SET write_fault = ?, refused_at = ? WHERE account_id = ? AND item = ?",
            [.text(String(reason.prefix(500))), .integer(now.seconds)] + key(item))
        // A change that nobody else tells the application of.
        try session.execute(
            "UPDATE occurrences SET changed_at = ?, outside_at = ? WHERE account_id = ? AND item = ?",
            [.integer(now.seconds), .integer(now.seconds)] + key(item))
        try told(item.calendar, managedBy: item.client)
    }

    private func key(_ item: OwnItem) -> [SQLValue] { [.text(account.value), .integer(item.number.value)] }

    /// A new write: what became of the one before is over.
    private static let noOutcome = "write_fault = NULL, refused_at = NULL, overruled = NULL"

    /// The provider has the item as it was when `item` was read: it is in step, unless it has changed here since.
    public func settle(_ item: OwnItem, remoteID: String?, version: String?) throws {
        try session.execute(
            """
            UPDATE items SET version = ?, remote_id = COALESCE(?, remote_id),
                synced_body = CASE WHEN pending = ? THEN NULL ELSE ? END,
                pending = CASE WHEN pending = ? THEN 0 ELSE pending END, write_fault = NULL, refused_at = NULL
            WHERE account_id = ? AND item = ?
            """,
            [
                SQLValue(version), SQLValue(remoteID), .integer(item.pending), .text(item.body),
                .integer(item.pending), .text(account.value), .integer(item.number.value),
            ])
    }

    /// Makes the change known: to cached pictures of the account, and to those who want to hear of it.
    private func told(_ calendar: CalendarNumber, managedBy client: ClientID?) throws {
        try AccountStore.touch(account, in: session)
        try ChangeRecorder(account: account, session: session).record(
            CalendarChange(calendar: calendar, at: now, managers: client.map { [$0] } ?? [], author: author))
    }

    /// What the provider had: kept from the first local change on, until they are through.
    private func base(of item: OwnItem?) -> String? {
        guard let item else { return nil }
        return item.pending > 0 ? item.syncedBody : item.body
    }

    private func write(
        _ series: EventSeries, text: String, number: Int64, item: OwnItem?, calendar: CalendarNumber,
        preparer: ItemPreparer, isOutside: Bool
    ) throws {
        // An item that is written here is not missed by a whole read that is under way: it counts as named.
        let generation = try session.first(
            "SELECT generation FROM calendars WHERE account_id = ? AND calendar = ?",
            [.text(account.value), .integer(calendar.value)]
        ) { try $0.integer(0) }
        let prepared = preparer.prepare(
            series, text: text, id: item?.remoteID ?? OwnItem.unplaced + String(number), version: item?.version)
        var batch = ItemBatch(account: account, calendar: calendar, generation: (generation ?? 0) + 1, now: now)
        batch.addChanged(
            prepared, number: number,
            before: try item.map { try StoredOccurrence.all(of: $0.number.value, account: account, session: session) }
                ?? [], isOutside: isOutside)
        try batch.write(in: session)
    }
}
