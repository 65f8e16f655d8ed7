public import CivilTime
public import GuardedHTTP
public import ProviderKit

/// One published calendar file (webcal, a secret address), read only. Keep one per feed while it is in use: it holds
/// the file between pages; a new one goes on from any cursor all the same.
public struct ICSFeedProvider: CalendarProvider {
    private let address: WebAddress
    private let fetcher: FeedFetcher
    private let reader: ItemReader
    /// Items in one page.
    private let pageSize: Int
    private let now: @Sendable () -> Instant
    private let cache = FeedCache()

    /// A feed holds one calendar; this is its id.
    public static let calendarID = RemoteCalendarID("feed")

    /// `address` is often a secret: whoever knows it can read the calendar.
    public init(
        address: WebAddress, client: GuardedClient, reader: ItemReader, pageSize: Int = 500,
        now: @escaping @Sendable () -> Instant
    ) {
        (self.address, self.reader, self.pageSize, self.now) = (address, reader, max(pageSize, 1), now)
        fetcher = FeedFetcher(address: address, client: client)
    }

    public func discover() async throws(RemoteFailure) -> RemoteAccount {
        let file = try await fetcher.fetch(since: nil).file
        var calendar = RemoteCalendar(id: Self.calendarID, name: file?.calendarName ?? address.host)
        (calendar.isReadOnly, calendar.isPrimary) = (true, true)
        // The address may be a secret, so it names the account only as a digest.
        return RemoteAccount(
            identity: "ics:" + Digest.hex(Array(address.description.utf8)), displayName: calendar.name,
            calendars: [calendar])
    }

    public func changes(
        in calendar: RemoteCalendarID, since cursor: SyncCursor?,
        known: @Sendable ([RemoteItemID]) async throws -> [RemoteItemID: String]
    ) async throws(RemoteFailure) -> ChangePage {
        guard calendar == Self.calendarID else { throw .gone }
        guard let cursor else { return try await poll(since: nil, known) }
        guard let standing = FeedCursor(cursor.value) else { throw .cursorExpired }
        return try await standing.after == nil ? poll(since: standing, known) : resume(standing, known)
    }

    public func item(_ id: RemoteItemID, in calendar: RemoteCalendarID) async throws(RemoteFailure) -> RemoteItem? {
        guard calendar == Self.calendarID else { throw .gone }
        return try await fetcher.fetch(since: nil).file?.items.first { $0.name == id.value }.map(remote)
    }

    public func put(
        _ text: String, at id: RemoteItemID, in calendar: RemoteCalendarID, if precondition: WritePrecondition
    ) async throws(RemoteFailure) -> WriteReceipt { throw Self.readOnly }

    public func delete(
        _ id: RemoteItemID, in calendar: RemoteCalendarID, ifVersion version: String?
    ) async throws(RemoteFailure) { throw Self.readOnly }

    public func newItemID(forUID uid: String, in calendar: RemoteCalendarID) -> RemoteItemID { RemoteItemID(uid) }

    private static let readOnly = RemoteFailure.refused(
        status: 405, reason: "A calendar read from an address can be shown but not changed.")

    // MARK: - Polling

    private func poll(
        since cursor: FeedCursor?, _ known: @Sendable ([RemoteItemID]) async throws -> [RemoteItemID: String]
    ) async throws(RemoteFailure) -> ChangePage {
        let answer = try await fetcher.fetch(since: cursor.flatMap { mustReceive($0) ? nil : $0 })
        var next = cursor ?? FeedCursor()
        (next.entityTag, next.lastModified) = (answer.entityTag, answer.lastModified)
        if answer.file != nil { next.receivedAt = now().seconds }
        guard let file = answer.file, file.digest != cursor?.digest else {
            next.quietPolls += 1  // bounded where it is read
            next.isEmptyUnconfirmed = false
            return ChangePage(changed: [], isComplete: false, next: done(next, answer.file), bytes: answer.bytes)
        }
        if file.items.isEmpty, next.count > 0, !next.isEmptyUnconfirmed {
            next.isEmptyUnconfirmed = true
            return ChangePage(changed: [], isComplete: false, next: done(next, file), bytes: answer.bytes)
        }
        (next.digest, next.count) = (file.digest, Int64(file.items.count))
        (next.quietPolls, next.isEmptyUnconfirmed) = (0, false)
        return try await page(of: file, next, bytes: answer.bytes, known)
    }

    /// An empty file must show itself a second time; and once a day no server is believed that nothing changed.
    private func mustReceive(_ cursor: FeedCursor) -> Bool {
        let (age, overflow) = now().seconds.subtractingReportingOverflow(cursor.receivedAt)
        return cursor.isEmptyUnconfirmed || overflow || age >= 86_400
    }

    private func resume(
        _ cursor: FeedCursor, _ known: @Sendable ([RemoteItemID]) async throws -> [RemoteItemID: String]
    ) async throws(RemoteFailure) -> ChangePage {
        if let file = await cache.file(withDigest: cursor.digest) {
            return try await page(of: file, cursor, bytes: 0, known)
        }
        let answer = try await fetcher.fetch(since: nil)
        // Another file by now: its pages would not fit those already given.
        guard let file = answer.file, file.digest == cursor.digest else { throw .cursorExpired }
        return try await page(of: file, cursor, bytes: answer.bytes, known)
    }

    private func page(
        of file: FeedFile, _ cursor: FeedCursor, bytes: Int,
        _ known: @Sendable ([RemoteItemID]) async throws -> [RemoteItemID: String]
    ) async throws(RemoteFailure) -> ChangePage {
        let begin = cursor.after.map { after in file.items.firstIndex { $0.name > after } ?? file.items.count } ?? 0
        let items = file.items[begin...].prefix(pageSize)
        let versions: [RemoteItemID: String]
        do { versions = try await known(items.map { RemoteItemID($0.name) }) } catch {
            throw .unreachable(reason: "What is stored already could not be looked up.")
        }
        var next = cursor
        next.after = items.endIndex < file.items.endIndex ? items.last?.name : nil
        if next.after == nil { await cache.drop() } else { await cache.keep(file) }
        let isKnown: (FeedFile.Item) -> Bool = { versions[RemoteItemID($0.name)] == $0.version }
        return ChangePage(
            changed: items.filter { !isKnown($0) }.map(remote),
            unchanged: items.filter(isKnown).map { RemoteItemID($0.name) }, isComplete: true,
            next: next.after == nil ? done(next, file) : .more(SyncCursor(next.text)), bytes: bytes)
    }

    private func remote(_ item: FeedFile.Item) -> RemoteItem {
        RemoteItem(id: RemoteItemID(item.name), version: item.version, content: reader.content(of: item.text))
    }

    /// The feed's own wish, from 15 minutes to a day; without one 15 minutes, up to an hour while nothing changes.
    private func done(_ cursor: FeedCursor, _ file: FeedFile?) -> ChangePage.Next {
        let wish = file?.refreshInterval ?? .seconds(900 << min(cursor.quietPolls, 2))
        let interval = cursor.isEmptyUnconfirmed ? .seconds(900) : min(max(wish, .seconds(900)), .seconds(86_400))
        return .done(SyncCursor(cursor.text), pollAfter: interval)
    }
}
