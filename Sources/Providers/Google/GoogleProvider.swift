public import CivilTime
internal import CronofyWire
public import GuardedHTTP
public import ProviderKit
public import SignInKit

/// An account at Google behind the contract.
public struct GoogleProvider: CalendarProvider {
    private let client: GoogleClient
    private let reader: ItemReader
    private let zones: ZoneDatabase
    private let limits: GoogleLimits
    private let invitations: GoogleInvitations

    /// `base` is `https://www.googleapis.com/calendar/v3`, or a stand-in's; `tokens` sign the requests.
    public init(
        transport: any GoogleTransport, tokens: any AccessTokens, base: WebAddress, reader: ItemReader,
        zones: ZoneDatabase = .system, limits: GoogleLimits = GoogleLimits(), invitations: GoogleInvitations = .none
    ) {
        client = GoogleClient(transport: transport, tokens: tokens, base: base)
        (self.reader, self.zones, self.limits, self.invitations) = (reader, zones, limits, invitations)
    }

    /// The primary calendar's id names the account: it is the address the account was made with.
    public func discover() async throws(RemoteFailure) -> RemoteAccount {
        let calendars = try await GoogleAccount(client: client).calendars()
        guard let primary = calendars.first(where: \.isPrimary) else {
            throw .refused(status: 0, reason: "This Google account has no calendar of its own.")
        }
        return RemoteAccount(
            identity: "google:" + primary.id.value, displayName: primary.name, addresses: [primary.id.value],
            calendars: calendars)
    }

    public func changes(
        in calendar: RemoteCalendarID, since cursor: SyncCursor?,
        known: @Sendable ([RemoteItemID]) async throws -> [RemoteItemID: String]
    ) async throws(RemoteFailure) -> ChangePage {
        let sync = GoogleSync(client: client, items: items(calendar), calendar: calendar, limits: limits)
        return try await sync.page(since: cursor, known: known)
    }

    public func item(_ id: RemoteItemID, in calendar: RemoteCalendarID) async throws(RemoteFailure) -> RemoteItem? {
        let items = items(calendar)
        guard let rows = try await items.rows(id.value) else { return nil }
        // Asked for only where a time could need it.
        let needsZone = rows.master?["start"]?["timeZone"] == nil && rows.master?["recurrence"] != nil
        return items.item(rows, zoneName: needsZone ? try await items.zoneName() : nil)
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
        RemoteItemID(GoogleEventID.id(forUID: uid))
    }

    public func createCalendar(named name: String, color: String?) async throws(RemoteFailure) -> RemoteCalendar {
        try await GoogleAccount(client: client).create(named: name, color: color)
    }

    private func items(_ calendar: RemoteCalendarID) -> GoogleItems {
        GoogleItems(client: client, calendar: calendar, itemReader: reader, zones: zones)
    }

    private func writer(_ calendar: RemoteCalendarID) -> GoogleWriter {
        GoogleWriter(
            client: client, items: items(calendar), calendar: calendar, zones: zones, invitations: invitations)
    }
}
