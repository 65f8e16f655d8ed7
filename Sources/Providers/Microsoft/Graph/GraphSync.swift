internal import CivilTime
internal import CronofyWire
internal import ProviderKit

/// Reads one page of `calendarView/delta`.
struct GraphSync: Sendable {
    let client: GraphClient
    let items: GraphItems
    let calendar: RemoteCalendarID
    let limits: GraphLimits
    let now: Instant

    typealias Known = @Sendable ([RemoteItemID]) async throws -> [RemoteItemID: String]

    func page(since cursor: SyncCursor?, known: Known) async throws(RemoteFailure) -> ChangePage {
        let position = try position(cursor)
        let (json, bytes) = try await client.get(position.link, pageSize: limits.pageSize)
        guard let values = json["value"]?.list else {
            throw .unreachable(reason: "Microsoft's answer could not be understood.")
        }
        var page = ChangePage(
            changed: [], isComplete: position.isFull, next: try next(json, position), bytes: bytes)
        let named = GraphNames(values)
        try await read(named, isFull: position.isFull, known: known, into: &page)
        return page
    }

    private func position(_ cursor: SyncCursor?) throws(RemoteFailure) -> GraphCursor {
        let day: Int64 = 86_400
        guard let cursor else {
            // A window from midnight: the same link all day.
            let today = Instant(seconds: now.seconds - now.seconds % day)
            let start = Instant(seconds: today.seconds - limits.daysBack * day)
            let end = Instant(seconds: today.seconds + limits.daysAhead * day)
            return GraphCursor(
                chosen: now, isFull: true, link: GraphPaths.delta(calendar.value, from: start, to: end))
        }
        guard let position = GraphCursor(cursor) else { throw .cursorExpired }
        // The window stands still while the days pass: it is chosen anew by a full round.
        guard position.isFull || now.seconds - position.chosen.seconds < limits.windowDays * day else {
            throw .cursorExpired
        }
        return position
    }

    private func next(_ json: JSONValue, _ position: GraphCursor) throws(RemoteFailure) -> ChangePage.Next {
        var next = position
        if let link = json["@odata.nextLink"]?.words {
            next.link = link
            return .more(next.cursor)
        }
        guard let link = json["@odata.deltaLink"]?.words else {
            throw .unreachable(reason: "Microsoft's answer has neither a next page nor an end.")
        }
        (next.link, next.isFull) = (link, false)
        return .done(next.cursor, pollAfter: nil)
    }

    private func read(
        _ named: GraphNames, isFull: Bool, known: Known, into page: inout ChangePage
    ) async throws(RemoteFailure) {
        let ids = (named.singles.map(\.id) + named.series.map(\.id) + named.removed).map(RemoteItemID.init)
        let versions: [RemoteItemID: String]
        do { versions = try await known(ids) } catch {
            throw .unreachable(reason: "What is stored already could not be looked up.")
        }
        let reader = try await items.reader()
        for single in named.singles {
            let id = RemoteItemID(single.id)
            if let version = single.version, versions[id] == version {
                page.unchanged.append(id)
            } else {
                page.changed.append(reader.item(single.json, id: id))
            }
        }
        for series in named.series {
            let id = RemoteItemID(series.id)
            if isFull, let version = series.version, versions[id] == version {
                page.unchanged.append(id)
            } else if let item = try await items.whole(id) {
                page.changed.append(item)
            } else {
                page.removed.append(id)
            }
        }
        for id in named.removed.map(RemoteItemID.init) where versions[id] != nil {
            // 'Removed' is said of what left the window, too: only what is nowhere is deleted.
            if let item = try await items.whole(id) { page.changed.append(item) } else { page.removed.append(id) }
        }
        page.changed += named.nameless
    }
}

/// What a page names: of an item that stands in it more than once, the last.
struct GraphNames {
    struct Single {
        let id: String
        let version: String?
        let json: JSONValue
    }
    private(set) var singles: [Single] = []
    private(set) var series: [(id: String, version: String?)] = []
    private(set) var removed: [String] = []
    /// What has no id to be known by.
    private(set) var nameless: [RemoteItem] = []

    init(_ values: [JSONValue]) {
        var last: [String: Int] = [:]
        for (index, json) in values.enumerated() { if let id = json["id"]?.words { last[id] = index } }
        var places: [String: Int] = [:]
        for (index, json) in values.enumerated() {
            guard let id = json["id"]?.words else {
                nameless.append(
                    RemoteItem(
                        id: RemoteItemID("without-id"), version: nil,
                        content: .unreadable(reason: "Microsoft gave an event without an id.")))
                continue
            }
            guard last[id] == index else { continue }
            if json["@removed"] != nil {
                removed.append(id)
            } else if let master = Self.master(json, id) {
                if places[master] == nil {
                    places[master] = series.count
                    series.append((master, nil))
                }
                if master == id, let place = places[master] { series[place].version = GraphItems.version(json) }
            } else {
                singles.append(Single(id: id, version: GraphItems.version(json), json: json))
            }
        }
    }

    /// The series that it belongs to.
    private static func master(_ json: JSONValue, _ id: String) -> String? {
        if json["type"]?.text == "seriesMaster" { return id }
        return json["seriesMasterId"]?.words
    }
}
