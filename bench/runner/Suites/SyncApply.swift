import Accounts
import CivilTime
import Foundation
import ICalendar
import PostgreSQL
import ProviderKit
import SQLite
import StorageKit
import Sync

/// Applying pages of a first sync, parsed texts to committed rows, beside the database's own upsert of the same rows in
/// the same number of transactions.
struct SyncApply: BenchSuite {
    static let name = "sync-apply"

    static func run(_ context: BenchContext) async throws -> [Measurement] {
        let file = context.folder + "/apply.sqlite"
        return [
            try await SyncApply(SQLiteDatabase.open(path: file)).measure("sync apply, SQLite at FULL"),
            try await SyncApply(PostgreSQLDatabase.open(url: context.postgres())).measure("sync apply, PostgreSQL"),
        ]
    }

    private let database: any Database
    private let account = AccountID("acc_bench")
    private let items: [RemoteItem]
    private static let pageSize = 500
    private static let count = 10_000
    private static let rounds = 5

    private init(_ database: any Database) async throws {
        self.database = database
        try await Migrator(database, migrations: PlatformSchema.migrations).migrate()
        let reader = ItemReader(zones: .system)
        let now = Int64(Date().timeIntervalSince1970) / 3600 * 3600
        items = (0..<Self.count).map { index in
            let start = Instant(seconds: now + Int64(index) * 1800)
            var event = CalendarEvent(
                uid: "bench-\(index)", start: .utc(start), end: .utc(Instant(seconds: start.seconds + 1800)))
            event.summary = "Event \(index)"
            let text = EventSeries(uid: event.uid, master: event).document(stamp: start, zones: .system).icalendarText
            return RemoteItem(
                id: RemoteItemID("https://example.com/\(index).ics"), version: "v", content: reader.content(of: text))
        }
    }

    private func measure(_ name: String) async throws -> Measurement {
        var (ours, peers) = (Rounds(), Rounds())
        for _ in 0..<Self.rounds {
            try await clear()
            try await ours.time { try await apply() }
            let rows = try await rows()
            try await clear()
            try await peers.time { try await upsert(rows) }
        }
        await database.close()
        return Measurement(
            name: name, value: Double(Self.count) / ours.median, unit: "events/s", better: .more,
            peer: "batch upsert", peerValue: Double(Self.count) / peers.median)
    }

    private func clear() async throws {
        let account = account.value
        try await database.write { session in
            for table in ["occurrences", "components", "items"] { try session.execute("DELETE FROM \(table)") }
            try session.execute("DELETE FROM accounts")
            try session.execute(
                "INSERT INTO accounts (account_id, email, zone, created_at) VALUES (?, ?, ?, ?)",
                [.text(account), "bench@example.com", "Etc/UTC", 0])
        }
    }

    private func apply() async throws {
        let now = Instant(seconds: Int64(Date().timeIntervalSince1970))
        let preparer = try ItemPreparer(zoneNames: ["Etc/UTC"], owner: [], zones: .system, now: now)
        for start in stride(from: 0, to: items.count, by: Self.pageSize) {
            let page = preparer.prepare(
                ChangePage(
                    changed: Array(items[start..<min(start + Self.pageSize, items.count)]), isComplete: true,
                    next: .done(SyncCursor(""), pollAfter: nil)))
            let account = self.account
            try await database.write { session in
                let applier = PageApplier(
                    account: account, calendar: CalendarNumber(1), generation: 1, now: now, session: session)
                _ = try applier.apply(page, sweep: false)
            }
        }
    }

    private struct Table: Sendable {
        let table: BulkTable
        let pages: [BulkRows]
    }

    /// Every row that applying wrote, by table and page.
    private func rows() async throws -> [Table] {
        try await database.read { session in
            try [("items", "item"), ("components", "item, component"), ("occurrences", "item, recurrence")].map {
                name, order in
                let columns = Self.columns[name] ?? []
                let values = try session.all(
                    "SELECT \(columns.map(\.name).joined(separator: ", ")) FROM \(name) ORDER BY \(order)"
                ) { row in
                    try columns.enumerated().map { index, column in
                        switch column.kind {
                        case .integer: SQLValue(try row.optionalInteger(index))
                        case .text: SQLValue(try row.optionalText(index))
                        case .blob: SQLValue(try row.optionalBlob(index))
                        }
                    }
                }
                let key = order.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
                let names = columns.map(\.name)
                let table = BulkTable(
                    name, columns: names, conflict: ["account_id"] + key,
                    update: names.filter { $0 != "account_id" && !key.contains($0) })
                let pages = stride(from: 0, to: values.count, by: Self.pageSize).map { start in
                    Self.bulk(Array(values[start..<min(start + Self.pageSize, values.count)]), columns)
                }
                return Table(table: table, pages: pages)
            }
        }
    }

    private enum Kind { case integer, text, blob }
    private struct Column {
        let name: String
        let kind: Kind
    }

    private static let kinds: [String: [(String, Kind)]] = [
        "items": [
            ("account_id", .text), ("item", .integer), ("calendar", .integer), ("remote_id", .text), ("version", .text),
            ("uid", .text), ("hash", .blob), ("body", .text), ("generation", .integer), ("deleted", .integer),
            ("repeats", .integer), ("fault", .text),
        ],
        "components": [
            ("account_id", .text), ("item", .integer), ("component", .integer), ("summary", .text),
            ("description", .text),
            ("location", .text), ("url", .text), ("status", .text), ("transparency", .text), ("private", .integer),
            ("participation", .text), ("people", .text), ("categories", .text), ("created_at", .integer),
            ("updated_at", .integer),
        ],
        "occurrences": [
            ("account_id", .text), ("item", .integer), ("recurrence", .integer), ("calendar", .integer),
            ("component", .integer), ("start_at", .integer), ("end_at", .integer), ("start_day", .integer),
            ("end_day", .integer), ("start_zone", .text), ("end_zone", .text), ("weight", .integer),
            ("deleted", .integer), ("changed_at", .integer), ("first_start", .integer), ("last_end", .integer),
        ],
    ]

    private static let columns = kinds.mapValues { list in list.map { Column(name: $0.0, kind: $0.1) } }

    private static func bulk(_ rows: [[SQLValue]], _ columns: [Column]) -> BulkRows {
        BulkRows(
            count: rows.count,
            columns: columns.indices.map { index in
                switch columns[index].kind {
                case .integer:
                    .optionalIntegers(rows.map { if case .integer(let value) = $0[index] { value } else { nil } })
                case .text: .optionalTexts(rows.map { if case .text(let value) = $0[index] { value } else { nil } })
                case .blob: .optionalBlobs(rows.map { if case .blob(let value) = $0[index] { value } else { nil } })
                }
            })
    }

    private func upsert(_ tables: [Table]) async throws {
        for page in 0..<(tables.first?.pages.count ?? 0) {
            try await database.write { session in
                for table in tables where page < table.pages.count {
                    try session.upsert(table.pages[page], into: table.table)
                }
            }
        }
    }
}
