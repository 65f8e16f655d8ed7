public import ICalendar
public import ProviderKit

/// A caller of the contract in its simplest form: holds what it was told, by the contract's rules and nothing else.
public struct Replica: Sendable {
    /// What a control leaves out, to be found out.
    public enum Omission: Sendable {
        case removals
        case changesOfKnownSeries
    }

    let calendar: RemoteCalendarID
    private let omission: Omission?
    public private(set) var items: [RemoteItemID: RemoteItem] = [:]
    private(set) var cursor: SyncCursor?

    /// What one read cost.
    public struct Read: Sendable {
        var pages = 0
        var transferred: [RemoteItemID] = []
        var bytes = 0
    }

    public init(calendar: RemoteCalendarID, omitting omission: Omission? = nil) {
        (self.calendar, self.omission) = (calendar, omission)
    }

    /// Items by UID; those without events are left out.
    var texts: [String: String] {
        var result: [String: String] = [:]
        for item in items.values { if case .events(let series, let text) = item.content { result[series.uid] = text } }
        return result
    }

    /// The item that holds the event with this UID.
    public func item(uid: String) -> RemoteItem? { items.values.first { $0.series?.uid == uid } }

    /// Reads to the end, each page through a provider of its own.
    @discardableResult
    public mutating func read(through connect: () -> any CalendarProvider) async throws -> Read {
        var cost = Read()
        var named: Set<RemoteItemID>?
        var hasStartedOver = false
        while true {
            let next: ChangePage?
            do { next = try await page(connect()) } catch {
                // A read of everything that broke off begins again: what its first pages named must be named, too.
                if named != nil { cursor = nil }
                throw error
            }
            guard let page = next else {
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
        if let named, omission != .removals { items = items.filter { named.contains($0.key) } }
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
        for item in page.changed where !isOmitted(item) { items[item.id] = item }
        if omission != .removals { for id in page.removed { items[id] = nil } }
        named?.formUnion(page.changed.map(\.id) + page.unchanged)
        if case .done(let next, _) = page.next { cursor = next }
    }

    private func isOmitted(_ item: RemoteItem) -> Bool {
        omission == .changesOfKnownSeries && items[item.id] != nil && item.series?.isRecurring == true
    }

    mutating func forgetPosition(using other: SyncCursor?) { cursor = other }
}

extension RemoteItem {
    /// The events it holds; nil where there are none, or none that can be read.
    public var series: EventSeries? {
        if case .events(let series, _) = content { series } else { nil }
    }
}

extension ChangePage {
    /// What a caller would say it knows.
    public var versions: [RemoteItemID: String] {
        Dictionary(uniqueKeysWithValues: changed.compactMap { item in item.version.map { (item.id, $0) } })
    }
}

extension ProviderFixture {
    /// All pages since `cursor`, which moves on, as one.
    public func readAll(
        since cursor: inout SyncCursor?, known: [RemoteItemID: String] = [:]
    ) async throws -> ChangePage {
        var all = ChangePage(changed: [], isComplete: false, next: .done(SyncCursor(""), pollAfter: nil))
        while true {
            let page = try await connect().changes(in: calendar, since: cursor) { _ in known }
            all.changed += page.changed
            all.unchanged += page.unchanged
            all.removed += page.removed
            switch page.next {
            case .more(let next): cursor = next
            case .done(let next, _):
                cursor = next
                return all
            }
        }
    }
}
