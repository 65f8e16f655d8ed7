import Accounts
import CivilTime
import CronofyWire
import Events
import HTTPTypes
import ICalendar
import ProviderKit
import StorageKit
import Support
import Sync
import Synchronization

@testable import App

/// An account whose one calendar is at a provider that does what it is told.
struct WriteWorld: Sendable {
    let server: LiveServer
    let provider = ScriptedProvider()
    private let account: AccountID
    private let token: String
    private let calendar: CalendarRecord

    struct Missing: Error {}

    init(_ kind: TestDatabase.Kind = .sqlite) async throws {
        server = try await LiveServer(kind)
        let platform = server.platform
        let (application, _) = try await platform.accounts.createApplication(name: "Trips", redirectURIs: [])
        let tokens = try await platform.accounts.createAccount(
            client: application.id, email: "maya@example.com", name: "Maya", zone: .utc, scope: .all)
        (account, token) = (tokens.account, tokens.accessToken.reveal())
        try await platform.database.write { session in
            try platform.connector.makeOwnCalendar(of: tokens.account, named: "Work", in: session)
        }
        guard let first = try await platform.profiles.calendars(of: account).first else { throw Missing() }
        calendar = first
    }

    func close() async { await server.close() }

    func upsert(_ id: String, summary: String) async throws {
        try await write(.post, ["event_id": .string(id)], summary: summary)
    }

    func write(_ method: HTTPRequest.Method, _ members: [String: JSONValue], summary: String? = nil) async throws {
        var members = members
        if let summary {
            members["summary"] = .string(summary)
            members["start"] = .string("2039-04-05T13:00:00Z")
            members["end"] = .string("2039-04-05T14:00:00Z")
        }
        var writer = JSONWriter()
        writer.value(JSONValue.object(members))
        let reply = try await server.send(
            method, "/v1/calendars/\(calendar.id.value)/events", bearer: token, body: writer.text)
        guard reply.status == 202 else { throw StorageError.refused(message: reply.text) }
    }

    func events(_ more: String) async throws -> [JSONValue] {
        let bounds = more.contains("only_managed") ? "" : "&from=2039-01-01&to=2040-01-01&include_managed=true"
        let reply = try await server.send(.get, "/v1/events?tzid=Etc/UTC" + bounds + more, bearer: token)
        guard case .array(let events)? = try reply.json["events"] else {
            throw StorageError.refused(message: reply.text)
        }
        return events
    }

    /// What is told of each event's last write, by summary.
    func states() async throws -> [String: String] {
        var states: [String: String] = [:]
        for event in try await events("") {
            guard case .string(let summary)? = event["summary"] else { continue }
            if case .string(let state)? = event["write"]?["state"] { states[summary] = state }
        }
        return states
    }

    /// Does the one write that waits.
    func push(attempt: Int64 = 1) async throws -> ItemPush.Outcome {
        let account = account
        let items = try await server.platform.database.read { session in
            try session.all(
                "SELECT item FROM items WHERE account_id = ? AND pending > 0", [.text(account.value)]
            ) { ItemNumber(try $0.integer(0)) }
        }
        guard let item = items.first else { throw Missing() }
        let push = ItemPush(
            profiles: server.platform.profiles, source: ScriptedSource(provider: provider), zones: .system)
        return try await push.run(item, of: account, attempt: attempt, spread: 0.5, fence: { _ in })
    }

    /// An event that somebody made in the calendar.
    func bring(summary: String, version: String) async throws {
        try await sync(
            text: """
                BEGIN:VCALENDAR\r
                VERSION:2.0\r
                BEGIN:VEVENT\r
                UID:by-hand\r
                DTSTAMP:20260101T000000Z\r
                DTSTART:20390405T100000Z\r
                DTEND:20390405T110000Z\r
                SUMMARY:\(summary)\r
                END:VEVENT\r
                END:VCALENDAR\r

                """, version: version)
    }

    /// What a sync finds at the provider's one address; nil: nothing any more.
    func sync(text: String?, version: String) async throws {
        let (account, number, now) = (account, calendar.number, server.platform.accounts.now())
        let preparer = try ItemPreparer(
            zoneNames: ["Etc/UTC"], owner: ["maya@example.com"], zones: .system, now: now)
        var page = ChangePage(changed: [], isComplete: false, next: .done(SyncCursor("x"), pollAfter: nil))
        if let text {
            page.changed = [ScriptedProvider.item(text, version: version)]
        } else {
            page.removed = [ScriptedProvider.address]
        }
        let prepared = preparer.prepare(page)
        try await server.platform.database.write { session in
            _ = try PageApplier(account: account, calendar: number, generation: 1, now: now, session: session)
                .apply(prepared, sweep: false)
        }
    }
}

private struct ScriptedSource: ProviderSource {
    let provider: ScriptedProvider
    func provider(for profile: Profile, credential: Secret?) throws -> any CalendarProvider { provider }
    func traits(of provider: ProviderName) -> ProviderTraits {
        ProviderTraits(wireName: "scripted", wireService: "scripted", pollInterval: nil, isUnrestricted: true)
    }
}

/// A provider of one item: writes succeed, unless the script says what goes wrong.
final class ScriptedProvider: CalendarProvider {
    enum Step: Sendable {
        case fail(RemoteFailure)
        /// It holds this text, whatever was written.
        case hold(String, version: String)
    }

    static let address = RemoteItemID("the-item")
    private let steps = Mutex<[Step]>([])
    private let held = Mutex<(text: String, version: String)?>(nil)

    var text: String? { held.withLock { $0?.text } }

    func script(_ new: [Step]) { steps.withLock { $0 = new } }

    static func item(_ text: String, version: String) -> RemoteItem {
        let content = ItemReader(zones: .system).content(of: text)
        return RemoteItem(id: address, version: version, content: content)
    }

    private func step() throws(RemoteFailure) {
        let next = steps.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        switch next {
        case nil: return
        case .fail(let failure): throw failure
        case .hold(let text, let version): held.withLock { $0 = (text, version) }
        }
    }

    func put(
        _ text: String, at id: RemoteItemID, in calendar: RemoteCalendarID, if precondition: WritePrecondition
    ) async throws(RemoteFailure) -> WriteReceipt {
        try step()
        held.withLock { $0 = (text, "as written") }
        return WriteReceipt(id: Self.address, version: "as written")
    }

    func delete(
        _ id: RemoteItemID, in calendar: RemoteCalendarID, ifVersion version: String?
    ) async throws(RemoteFailure) {
        try step()
        held.withLock { $0 = nil }
    }

    func item(_ id: RemoteItemID, in calendar: RemoteCalendarID) async throws(RemoteFailure) -> RemoteItem? {
        try step()
        return held.withLock { $0 }.map { Self.item($0.text, version: $0.version) }
    }

    func newItemID(forUID uid: String, in calendar: RemoteCalendarID) -> RemoteItemID { Self.address }
    func discover() async throws(RemoteFailure) -> RemoteAccount { throw .gone }
    func changes(
        in calendar: RemoteCalendarID, since cursor: SyncCursor?,
        known: @Sendable ([RemoteItemID]) async throws -> [RemoteItemID: String]
    ) async throws(RemoteFailure) -> ChangePage { throw .gone }
}
