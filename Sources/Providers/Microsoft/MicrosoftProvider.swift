public import CivilTime
internal import CronofyWire
public import ProviderKit
public import SignInKit

/// A mailbox at Microsoft behind the contract: Microsoft 365 or Outlook.com.
public struct MicrosoftProvider: CalendarProvider {
    private let client: GraphClient
    private let mailbox: GraphMailbox
    private let items: GraphItems
    private let zones: ZoneDatabase
    private let limits: GraphLimits
    private let now: @Sendable () -> Instant

    /// `exchange` carries the requests, `tokens` signs them.
    public init(
        exchange: any GraphExchange, tokens: any AccessTokens, reader: ItemReader, zones: ZoneDatabase = .system,
        limits: GraphLimits = GraphLimits(), now: @escaping @Sendable () -> Instant
    ) {
        client = GraphClient(exchange: exchange, tokens: tokens)
        mailbox = GraphMailbox(client: client)
        items = GraphItems(client: client, mailbox: mailbox, itemReader: reader, zones: zones)
        (self.zones, self.limits, self.now) = (zones, limits, now)
    }

    public func discover() async throws(RemoteFailure) -> RemoteAccount {
        let profile = try await mailbox.profile()
        return RemoteAccount(
            identity: profile.id, displayName: profile.name, addresses: profile.addresses,
            calendars: try await mailbox.calendars(zoneName: profile.zoneName))
    }

    public func changes(
        in calendar: RemoteCalendarID, since cursor: SyncCursor?,
        known: @Sendable ([RemoteItemID]) async throws -> [RemoteItemID: String]
    ) async throws(RemoteFailure) -> ChangePage {
        let sync = GraphSync(client: client, items: items, calendar: calendar, limits: limits, now: now())
        return try await sync.page(since: cursor, known: known)
    }

    public func item(_ id: RemoteItemID, in calendar: RemoteCalendarID) async throws(RemoteFailure) -> RemoteItem? {
        guard let held = try await writer(calendar).resolve(id) else { return nil }
        return try await items.whole(RemoteItemID(held))
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
        RemoteItemID(GraphWriter.byUID + uid)
    }

    public func createCalendar(named name: String, color: String?) async throws(RemoteFailure) -> RemoteCalendar {
        let json = try await client.send("POST", "/me/calendars", .object(["name": .string(name)]))
        guard let calendar = GraphMailbox.calendar(json, zoneName: try await mailbox.profile().zoneName) else {
            throw .unreachable(reason: "Microsoft's answer could not be understood.")
        }
        return calendar
    }

    private func writer(_ calendar: RemoteCalendarID) -> GraphWriter {
        GraphWriter(client: client, items: items, mailbox: mailbox, calendar: calendar, zones: zones)
    }
}
