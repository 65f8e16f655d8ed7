public import CivilTime
public import GuardedHTTP
public import ProviderKit

/// A CalDAV account behind the contract. Keep one per account while it is in use: it remembers listings between pages;
/// a new one goes on from any cursor all the same.
public struct CalDAVProvider: CalendarProvider {
    private let account: CalDAVAccount
    private let client: GuardedClient
    private let reader: ItemReader
    private let limits: CalDAVLimits
    private let now: @Sendable () -> Instant
    private let cache = ListingCache()

    public init(
        account: CalDAVAccount, client: GuardedClient, reader: ItemReader, limits: CalDAVLimits = CalDAVLimits(),
        now: @escaping @Sendable () -> Instant
    ) {
        (self.account, self.client, self.reader, self.limits, self.now) = (account, client, reader, limits, now)
    }

    private var failures: CalDAVFailures { CalDAVFailures(service: account.service) }

    public func discover() async throws(RemoteFailure) -> RemoteAccount {
        do { return try await findCalendars() } catch { throw error.remoteFailure }
    }

    /// `discover()` for the page on which a person connects: tells a site to confirm from other failures.
    public func findCalendars() async throws(CalDAVDiscoveryError) -> RemoteAccount {
        let dav = DAVClient(account: account, client: client)
        return try await CalDAVDiscovery(dav: dav, account: account, failures: failures).run()
    }

    public func changes(
        in calendar: RemoteCalendarID, since cursor: SyncCursor?,
        known: @Sendable ([RemoteItemID]) async throws -> [RemoteItemID: String]
    ) async throws(RemoteFailure) -> ChangePage {
        let collection = try collection(calendar)
        let dav = DAVClient(account: account, client: client)
        let sync = CalDAVSync(
            calendar: calendar, reader: CollectionReader(dav: dav, collection: collection),
            items: fetcher(dav, collection), cache: cache, failures: failures, now: now(), limits: limits)
        return try await sync.page(since: cursor, known: known)
    }

    public func item(_ id: RemoteItemID, in calendar: RemoteCalendarID) async throws(RemoteFailure) -> RemoteItem? {
        let collection = try collection(calendar)
        let address: WebAddress
        do { address = try WebAddress(parsing: id.value) } catch { return nil }
        do {
            return try await fetcher(DAVClient(account: account, client: client), collection).get(address, id: id)
        } catch { throw failures.failure(for: error) }
    }

    public func put(
        _ text: String, at id: RemoteItemID, in calendar: RemoteCalendarID, if precondition: WritePrecondition
    ) async throws(RemoteFailure) -> WriteReceipt {
        try await writer(calendar).put(text, at: id, if: precondition)
    }

    public func delete(
        _ id: RemoteItemID, in calendar: RemoteCalendarID, ifVersion version: String?
    ) async throws(RemoteFailure) {
        try await writer(calendar).delete(id, ifVersion: version)
    }

    public func newItemID(forUID uid: String, in calendar: RemoteCalendarID) -> RemoteItemID {
        RemoteItemID(calendar.value + ItemNames.name(forUID: uid))
    }

    public func createCalendar(named name: String, color: String?) async throws(RemoteFailure) -> RemoteCalendar {
        let dav = DAVClient(account: account, client: client)
        let discovery = CalDAVDiscovery(dav: dav, account: account, failures: failures)
        let home: WebAddress
        do { home = try await discovery.home() } catch { throw error.remoteFailure }
        do { return try await CalendarMaker(dav: dav, home: home).make(named: name, color: color) } catch {
            throw failures.failure(for: error)
        }
    }

    public func neighbours() async throws(RemoteFailure) -> [RemoteNeighbour] {
        let dav = DAVClient(account: account, client: client)
        do {
            let own = try await CalDAVDiscovery(dav: dav, account: account, failures: failures).principal()
            return try await PrincipalListing(dav: dav, own: own).read()
        } catch let error as CalDAVDiscoveryError {
            throw error.remoteFailure
        } catch let error as DAVError {
            throw failures.failure(for: error)
        } catch { throw .unreachable(reason: "The server's answer was cut short.") }
    }

    private func collection(_ calendar: RemoteCalendarID) throws(RemoteFailure) -> Collection {
        guard let collection = Collection(calendar) else { throw .gone }
        return collection
    }

    private func fetcher(_ dav: DAVClient, _ collection: Collection) -> ItemFetcher {
        ItemFetcher(dav: dav, collection: collection, reader: reader, cache: cache, failures: failures)
    }

    private func writer(_ calendar: RemoteCalendarID) throws(RemoteFailure) -> ItemWriter {
        ItemWriter(
            dav: DAVClient(account: account, client: client), collection: try collection(calendar), failures: failures)
    }
}
