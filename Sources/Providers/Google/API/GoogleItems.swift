internal import CivilTime
internal import CronofyWire
internal import GuardedHTTP
internal import ProviderKit

/// What Google keeps of one item: the event or master, and of a series the rows of single instances.
struct GoogleRows {
    let id: String
    /// Nil where only single instances were shared with this account.
    let master: JSONValue?
    let exceptions: [JSONValue]

    /// The etag; of a series with exceptions also theirs, for a master's stays as it is when they change.
    var version: String? {
        guard !exceptions.isEmpty else { return master?["etag"]?.words }
        let parts = exceptions.map { ($0["id"]?.text ?? "") + " " + ($0["etag"]?.text ?? "") }.sorted()
        return (master?["etag"]?.text ?? "") + "+" + GoogleEventID.digest(Array(parts.joined(separator: "\n").utf8))
    }
}

/// Reads single items of a calendar.
struct GoogleItems: Sendable {
    let client: GoogleClient
    let calendar: RemoteCalendarID
    let itemReader: ItemReader
    let zones: ZoneDatabase

    /// One row, deleted ones included; nil where there is none.
    func row(_ id: String) async throws(RemoteFailure) -> JSONValue? {
        do { return try await client.send(.init("GET", GoogleClient.event(id, in: calendar))) } catch {
            if error == .gone { return nil }
            throw error
        }
    }

    /// Nil where it does not exist.
    /// - Parameter iCalUID: finds the instances where their master is not to be seen.
    func rows(_ id: String, iCalUID: String? = nil) async throws(RemoteFailure) -> GoogleRows? {
        var master = try await row(id)
        if master?["status"]?.text == "cancelled" { return nil }
        if let held = master, held["recurringEventId"] != nil { master = nil }
        if let master, master["recurrence"]?.list?.isEmpty ?? true {
            return GoogleRows(id: id, master: master, exceptions: [])
        }
        guard let uid = master?["iCalUID"]?.words ?? iCalUID else { return nil }
        let exceptions = try await instances(of: id, iCalUID: uid)
        if master == nil, !exceptions.contains(where: { $0["status"]?.text != "cancelled" }) { return nil }
        return GoogleRows(id: id, master: master, exceptions: exceptions)
    }

    /// The changed and cancelled instances of a series: they have its `iCalUID`.
    func instances(of id: String, iCalUID: String) async throws(RemoteFailure) -> [JSONValue] {
        var found: [JSONValue] = []
        var token: String?
        repeat {
            var query = [("iCalUID", iCalUID), ("showDeleted", "true"), ("maxResults", "2500")]
            if let token { query.append(("pageToken", token)) }
            let page = try await client.send(.init("GET", GoogleClient.events(calendar), query: query))
            guard let rows = page["items"]?.list else { throw .unreachable(reason: GoogleFailures.notUnderstood) }
            found += rows.filter { $0["recurringEventId"]?.text == id }
            token = page["nextPageToken"]?.words
        } while token != nil
        return found
    }

    func item(_ rows: GoogleRows, zoneName: String?) -> RemoteItem {
        let reader = GoogleEventReader(zones: zones, calendarZone: zoneName.flatMap { zones.resolve(name: $0) })
        let content: RemoteItem.Content
        do {
            content = itemReader.content(of: try reader.text(master: rows.master, exceptions: rows.exceptions))
        } catch { content = .unreadable(reason: error.sentence) }
        return RemoteItem(id: RemoteItemID(rows.id), version: rows.version, content: content)
    }

    /// The calendar's own zone.
    func zoneName() async throws(RemoteFailure) -> String? {
        let path = "/users/me/calendarList/" + PercentEncoding.segment(calendar.value)
        return try await client.send(.init("GET", path))["timeZone"]?.words
    }
}
