internal import ICalendar
public import ProviderKit

/// Native calendars behind the same contract as any outside calendar.
public struct NativeProvider: CalendarProvider {
    private let identity: String
    private let displayName: String
    private let store: any NativeStore
    private let reader: ItemReader
    /// Items in one page.
    private let pageSize: Int

    /// `identity` names the account for good; `store` holds its calendars only.
    public init(
        identity: String, displayName: String, store: any NativeStore, reader: ItemReader, pageSize: Int = 200
    ) {
        (self.identity, self.displayName, self.store) = (identity, displayName, store)
        (self.reader, self.pageSize) = (reader, max(pageSize, 1))
    }

    public func discover() async throws(RemoteFailure) -> RemoteAccount {
        RemoteAccount(identity: identity, displayName: displayName, calendars: try await store.calendars())
    }

    public func createCalendar(named name: String, color: String?) async throws(RemoteFailure) -> RemoteCalendar {
        var calendar = try await store.createCalendar(named: name)
        calendar.color = color
        return calendar
    }

    public func changes(
        in calendar: RemoteCalendarID, since cursor: SyncCursor?,
        known: @Sendable ([RemoteItemID]) async throws -> [RemoteItemID: String]
    ) async throws(RemoteFailure) -> ChangePage {
        let position = try cursor.map(NativeCursor.init(reading:)) ?? NativeCursor(sequence: 0, isComplete: true)
        let changes = try await store.changes(in: calendar, after: position.sequence, limit: pageSize)
        let versions = try await Self.versions(of: changes.map(\.id), known)
        // A full read names what exists; what was deleted before it began was never known or is missing from it.
        var page = ChangePage(
            changed: [], isComplete: position.isComplete, next: .done(position.cursor, pollAfter: nil))
        for change in changes {
            guard let item = change.item else {
                page.removed.append(change.id)
                continue
            }
            if versions[change.id] == item.version {
                page.unchanged.append(change.id)
            } else {
                page.changed.append(remote(change.id, item))
                page.bytes += item.text.utf8.count
            }
        }
        let last = changes.last?.sequence ?? position.sequence
        page.next =
            changes.count >= pageSize
            ? .more(NativeCursor(sequence: last, isComplete: position.isComplete).cursor)
            : .done(NativeCursor(sequence: last, isComplete: false).cursor, pollAfter: nil)
        return page
    }

    public func item(
        _ id: RemoteItemID, in calendar: RemoteCalendarID
    ) async throws(RemoteFailure) -> RemoteItem? {
        try await store.item(id, in: calendar).map { remote(id, $0) }
    }

    public func put(
        _ text: String, at id: RemoteItemID, in calendar: RemoteCalendarID, if precondition: WritePrecondition
    ) async throws(RemoteFailure) -> WriteReceipt {
        guard case .events = reader.content(of: text) else {
            throw .refused(status: 422, reason: "The event could not be read, so it was not stored.")
        }
        return WriteReceipt(id: id, version: try await store.put(text, at: id, in: calendar, if: precondition))
    }

    public func delete(
        _ id: RemoteItemID, in calendar: RemoteCalendarID, ifVersion version: String?
    ) async throws(RemoteFailure) {
        try await store.delete(id, in: calendar, ifVersion: version)
    }

    public func newItemID(forUID uid: String, in calendar: RemoteCalendarID) -> RemoteItemID { RemoteItemID(uid) }

    private func remote(_ id: RemoteItemID, _ item: NativeItem) -> RemoteItem {
        RemoteItem(id: id, version: item.version, content: reader.content(of: item.text))
    }

    private static func versions(
        of ids: [RemoteItemID], _ known: @Sendable ([RemoteItemID]) async throws -> [RemoteItemID: String]
    ) async throws(RemoteFailure) -> [RemoteItemID: String] {
        do { return try await known(ids) } catch {
            throw .unreachable(reason: "What is stored already could not be looked up.")
        }
    }
}
