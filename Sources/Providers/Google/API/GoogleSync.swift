internal import CronofyWire
internal import GuardedHTTP
internal import ProviderKit

/// Reads one page of a calendar's events.
struct GoogleSync: Sendable {
    let client: GoogleClient
    let items: GoogleItems
    let calendar: RemoteCalendarID
    let limits: GoogleLimits

    typealias Known = @Sendable ([RemoteItemID]) async throws -> [RemoteItemID: String]

    func page(since cursor: SyncCursor?, known: Known) async throws(RemoteFailure) -> ChangePage {
        var position = GoogleCursor()
        if let cursor {
            guard let held = GoogleCursor(cursor) else { throw .cursorExpired }
            position = held
        }
        let (json, bytes) = try await list(position)
        guard let rows = json["items"]?.list else { throw .unreachable(reason: GoogleFailures.notUnderstood) }
        let isFull = position.syncToken == nil
        var page = ChangePage(changed: [], isComplete: isFull, next: try Self.next(json, position), bytes: bytes)
        let named = GoogleNames(rows)
        try await read(named, isFull: isFull, zoneName: json["timeZone"]?.words, known: known, into: &page)
        return page
    }

    private func list(_ position: GoogleCursor) async throws(RemoteFailure) -> (JSONValue, Int) {
        var query = [("maxResults", String(limits.pageSize))]
        if let token = position.syncToken { query.append(("syncToken", token)) }
        if let token = position.pageToken { query.append(("pageToken", token)) }
        let response = try await client.answer(.init("GET", GoogleClient.events(calendar), query: query))
        if position != GoogleCursor(), GoogleFailures.isLostCursor(response) { throw .cursorExpired }
        return (try GoogleClient.body(response), response.body.count)
    }

    private static func next(_ json: JSONValue, _ position: GoogleCursor) throws(RemoteFailure) -> ChangePage.Next {
        if let token = json["nextPageToken"]?.words {
            return .more(GoogleCursor(syncToken: position.syncToken, pageToken: token).cursor)
        }
        guard let token = json["nextSyncToken"]?.words else {
            throw .unreachable(reason: "Google's answer has neither a next page nor an end.")
        }
        return .done(GoogleCursor(syncToken: token).cursor, pollAfter: nil)
    }

    private func read(
        _ named: GoogleNames, isFull: Bool, zoneName: String?, known: Known, into page: inout ChangePage
    ) async throws(RemoteFailure) {
        let versions: [RemoteItemID: String]
        let ids = (named.singles.map(\.id) + named.series.map(\.id)).map(RemoteItemID.init)
        do { versions = try await known(ids) } catch {
            throw .unreachable(reason: "What is stored already could not be looked up.")
        }
        func add(_ rows: GoogleRows) {
            let id = RemoteItemID(rows.id)
            if let version = rows.version, versions[id] == version {
                page.unchanged.append(id)
            } else {
                page.changed.append(items.item(rows, zoneName: zoneName))
            }
        }
        for (id, row) in named.singles { add(GoogleRows(id: id, master: row, exceptions: [])) }
        for series in named.series {
            guard let rows = try await items.rows(series.id, iCalUID: series.iCalUID) else {
                if !isFull { page.removed.append(RemoteItemID(series.id)) }
                continue
            }
            // Of everything, a master has a row of its own, here or on another page.
            if isFull, !series.hasMaster, rows.master != nil { continue }
            add(rows)
        }
        page.removed += named.removed.map(RemoteItemID.init)
        page.changed += named.nameless
    }
}

/// What a page names: of a row that stands in it more than once, the last.
struct GoogleNames {
    private(set) var singles: [(id: String, row: JSONValue)] = []
    private(set) var series: [(id: String, iCalUID: String?, hasMaster: Bool)] = []
    private(set) var removed: [String] = []
    /// What has no id to be known by.
    private(set) var nameless: [RemoteItem] = []

    init(_ rows: [JSONValue]) {
        var last: [String: Int] = [:]
        for (index, row) in rows.enumerated() { if let id = row["id"]?.words { last[id] = index } }
        var places: [String: Int] = [:]
        for (index, row) in rows.enumerated() {
            guard let id = row["id"]?.words else {
                nameless.append(
                    RemoteItem(
                        id: RemoteItemID("without-id"), version: nil,
                        content: .unreadable(reason: "Google gave an event without an id.")))
                continue
            }
            guard last[id] == index else { continue }
            let master = row["recurringEventId"]?.words
            if let master = master ?? (row["recurrence"]?.list?.isEmpty == false ? id : nil),
                row["status"]?.text != "cancelled" || master != id
            {
                let place = places[master] ?? series.count
                if place == series.count { series.append((master, nil, false)) }
                places[master] = place
                series[place].iCalUID = row["iCalUID"]?.words ?? series[place].iCalUID
                if master == id { series[place].hasMaster = true }
            } else if row["status"]?.text == "cancelled" {
                removed.append(id)
            } else {
                singles.append((id, row))
            }
        }
        let gone = Set(removed)
        series.removeAll { gone.contains($0.id) }
    }
}
