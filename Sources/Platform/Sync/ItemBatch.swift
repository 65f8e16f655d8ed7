import Accounts
import CivilTime
import StorageKit

/// Rows of many items, gathered by column and written with three statements.
struct ItemBatch {
    let account: AccountID
    let calendar: CalendarNumber
    let generation: Int64
    let now: Instant
    private(set) var changedCount = 0
    private var items = ItemColumns()
    private var components = ComponentColumns()
    private var occurrences = OccurrenceColumns()

    init(account: AccountID, calendar: CalendarNumber, generation: Int64, now: Instant) {
        (self.account, self.calendar, self.generation, self.now) = (account, calendar, generation, now)
    }

    /// The same meaning in a new text or version.
    mutating func addSame(_ item: PreparedItem, number: Int64) {
        items.append(item, number: number)
    }

    /// A new item (`before` empty) or one whose meaning changed. `isOutside` is false for a change that the application
    /// made that manages the item: others see a change, it does not (B15, B16).
    mutating func addChanged(
        _ item: PreparedItem, number: Int64, before: [StoredOccurrence], isOutside: Bool = true
    ) {
        items.append(item, number: number)
        for component in item.components { components.append(component, item: number) }
        addOccurrences(of: item, number: number, before: before, isOutside: isOutside)
        changedCount += 1
    }

    /// The occurrences of an item that have come into the window since it was expanded. They carry no time of change:
    /// the window moved, nobody changed them.
    mutating func addOccurrences(of item: PreparedItem, number: Int64, before: [StoredOccurrence]) {
        let known = Set(before.map(\.row.recurrence))
        for row in item.occurrences where !known.contains(row.recurrence) {
            occurrences.append(row, item: number, changedAt: 0, outsideAt: 0)
        }
    }

    private mutating func addOccurrences(
        of item: PreparedItem, number: Int64, before: [StoredOccurrence], isOutside: Bool
    ) {
        let changedAt = now.seconds
        let outsideAt = isOutside ? changedAt : nil
        var old = Dictionary(before.map { ($0.row.recurrence, $0) }) { first, _ in first }
        for row in item.occurrences {
            // Details may differ where the span does not, so an occurrence of a changed item counts as changed.
            let stored = old.removeValue(forKey: row.recurrence)
            occurrences.append(
                row, item: number, changedAt: changedAt, outsideAt: outsideAt ?? stored?.outsideAt ?? 0,
                firstStart: stored?.firstStart, lastEnd: stored?.lastEnd)
        }
        for gone in old.values where !gone.isDeleted {
            occurrences.append(
                gone.row, item: number, changedAt: changedAt, outsideAt: outsideAt ?? gone.outsideAt, isDeleted: true,
                firstStart: gone.firstStart, lastEnd: gone.lastEnd)
        }
    }

    func write(in session: any WriteSession) throws {
        try session.upsert(items.rows(account, calendar, generation, now), into: ItemColumns.table)
        try session.upsert(components.rows(account), into: ComponentColumns.table)
        try session.upsert(occurrences.rows(account, calendar), into: OccurrenceColumns.table)
    }
}

private struct ItemColumns {
    static let table = BulkTable(
        "items",
        columns: [
            "account_id", "item", "calendar", "remote_id", "version", "uid", "hash", "body", "generation", "deleted",
            "repeats", "fault", "fault_at",
        ],
        conflict: ["account_id", "item"],
        update: ["version", "uid", "hash", "body", "generation", "deleted", "repeats", "fault", "fault_at"])
    private var numbers: [Int64] = []
    private var remoteIDs: [String] = []
    private var versions: [String?] = []
    private var uids: [String] = []
    private var hashes: [[UInt8]] = []
    private var bodies: [String] = []
    private var repeats: [Int64] = []
    private var faults: [String?] = []

    mutating func append(_ item: PreparedItem, number: Int64) {
        numbers.append(number)
        remoteIDs.append(item.remoteID)
        versions.append(item.version)
        uids.append(item.uid)
        hashes.append(item.hash)
        bodies.append(item.body)
        repeats.append(item.repeats ? 1 : 0)
        faults.append(item.fault)
    }

    func rows(_ account: AccountID, _ calendar: CalendarNumber, _ generation: Int64, _ now: Instant) -> BulkRows {
        let count = numbers.count
        return BulkRows(
            count: count,
            columns: [
                .texts(Array(repeating: account.value, count: count)), .integers(numbers),
                .integers(Array(repeating: calendar.value, count: count)), .texts(remoteIDs), .optionalTexts(versions),
                .texts(uids), .blobs(hashes), .texts(bodies), .integers(Array(repeating: generation, count: count)),
                .integers(Array(repeating: 0, count: count)), .integers(repeats), .optionalTexts(faults),
                .optionalIntegers(faults.map { $0 == nil ? nil : now.seconds }),
            ])
    }
}

private struct ComponentColumns {
    static let table = BulkTable(
        "components",
        columns: [
            "account_id", "item", "component", "summary", "description", "location", "url", "status", "transparency",
            "private", "participation", "people", "categories", "geo", "join_url", "created_at", "updated_at",
        ],
        conflict: ["account_id", "item", "component"],
        update: [
            "summary", "description", "location", "url", "status", "transparency", "private", "participation",
            "people", "categories", "geo", "join_url", "created_at", "updated_at",
        ])
    private var items: [Int64] = []
    private var all: [ComponentRow] = []

    mutating func append(_ row: ComponentRow, item: Int64) {
        items.append(item)
        all.append(row)
    }

    func rows(_ account: AccountID) -> BulkRows {
        BulkRows(
            count: all.count,
            columns: [
                .texts(Array(repeating: account.value, count: all.count)), .integers(items),
                .integers(all.map(\.component)), .optionalTexts(all.map(\.summary)),
                .optionalTexts(all.map(\.description)), .optionalTexts(all.map(\.location)),
                .optionalTexts(all.map(\.url)), .texts(all.map(\.status)), .texts(all.map(\.transparency)),
                .integers(all.map { $0.isPrivate ? 1 : 0 }), .texts(all.map(\.participation)),
                .optionalTexts(all.map(\.people)), .optionalTexts(all.map(\.categories)),
                .optionalTexts(all.map(\.geo)), .optionalTexts(all.map(\.joinURL)),
                .optionalIntegers(all.map(\.created)), .optionalIntegers(all.map(\.updated)),
            ])
    }
}

private struct OccurrenceColumns {
    static let table = BulkTable(
        "occurrences",
        columns: [
            "account_id", "item", "recurrence", "calendar", "component", "start_at", "end_at", "start_day", "end_day",
            "start_zone", "end_zone", "weight", "deleted", "changed_at", "outside_at", "first_start", "last_end",
        ],
        conflict: ["account_id", "item", "recurrence"],
        update: [
            "component", "start_at", "end_at", "start_day", "end_day", "start_zone", "end_zone", "weight", "deleted",
            "changed_at", "outside_at", "first_start", "last_end",
        ])
    private var items: [Int64] = []
    private var all: [OccurrenceRow] = []
    private var deleted: [Int64] = []
    private var changedAt: [Int64] = []
    private var outsideAt: [Int64] = []
    private var firstStarts: [Int64] = []
    private var lastEnds: [Int64] = []

    mutating func append(
        _ row: OccurrenceRow, item: Int64, changedAt: Int64, outsideAt: Int64, isDeleted: Bool = false,
        firstStart: Int64? = nil, lastEnd: Int64? = nil
    ) {
        items.append(item)
        all.append(row)
        deleted.append(isDeleted ? 1 : 0)
        self.changedAt.append(changedAt)
        self.outsideAt.append(outsideAt)
        firstStarts.append(min(row.start, firstStart ?? row.start))
        lastEnds.append(max(row.end, lastEnd ?? row.end))
    }

    func rows(_ account: AccountID, _ calendar: CalendarNumber) -> BulkRows {
        BulkRows(
            count: all.count,
            columns: [
                .texts(Array(repeating: account.value, count: all.count)), .integers(items),
                .integers(all.map(\.recurrence)), .integers(Array(repeating: calendar.value, count: all.count)),
                .integers(all.map(\.component)), .integers(all.map(\.start)), .integers(all.map(\.end)),
                .optionalIntegers(all.map(\.startDay)), .optionalIntegers(all.map(\.endDay)),
                .optionalTexts(all.map(\.startZone)), .optionalTexts(all.map(\.endZone)),
                .integers(all.map(\.weight)), .integers(deleted), .integers(changedAt), .integers(outsideAt),
                .integers(firstStarts), .integers(lastEnds),
            ])
    }
}
