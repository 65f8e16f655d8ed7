internal import ICalendar
import ProviderKit

/// A caller of the contract in its simplest form: holds what it was told, by the contract's rules and nothing else.
struct Replica {
    let calendar: RemoteCalendarID
    private(set) var items: [RemoteItemID: RemoteItem] = [:]
    private(set) var cursor: SyncCursor?

    /// What one read cost.
    struct Read {
        var pages = 0
        var transferred: [RemoteItemID] = []
        var bytes = 0
    }

    init(calendar: RemoteCalendarID) { self.calendar = calendar }

    /// Items by UID; those without events are left out.
    var texts: [String: String] {
        var result: [String: String] = [:]
        for item in items.values { if case .events(let series, let text) = item.content { result[series.uid] = text } }
        return result
    }

    /// Reads to the end, each page through a provider of its own.
    mutating func read(through connect: () -> any CalendarProvider) async throws -> Read {
        var cost = Read()
        var named: Set<RemoteItemID>?
        var hasStartedOver = false
        while true {
            guard let page = try await page(connect()) else {
                try require(!hasStartedOver, "a read from the start says that its cursor expired")
                (cursor, named, hasStartedOver) = (nil, nil, true)
                continue
            }
            cost.pages += 1
            cost.bytes += page.bytes
            cost.transferred += page.changed.map(\.id)
            apply(page, &named)
            guard case .more(let next) = page.next else { break }
            cursor = next
        }
        if let named { items = items.filter { named.contains($0.key) } }
        return cost
    }

    /// The next page, or nil where the cursor is no longer good.
    private func page(_ provider: any CalendarProvider) async throws -> ChangePage? {
        let held = items.compactMapValues(\.version)
        do {
            return try await provider.changes(in: calendar, since: cursor) { ids in
                Dictionary(uniqueKeysWithValues: ids.compactMap { id in held[id].map { (id, $0) } })
            }
        } catch {
            if error == .cursorExpired { return nil }
            throw error
        }
    }

    private mutating func apply(_ page: ChangePage, _ named: inout Set<RemoteItemID>?) {
        if page.isComplete, named == nil { named = [] }
        for item in page.changed { items[item.id] = item }
        for id in page.removed { items[id] = nil }
        named?.formUnion(page.changed.map(\.id) + page.unchanged)
        if case .done(let next, _) = page.next { cursor = next }
    }

    mutating func forgetPosition(using other: SyncCursor?) { cursor = other }
}
