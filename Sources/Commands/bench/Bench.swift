import Accounts
import CivilTime
import Foundation
import ICalendar
import PostgreSQL
import ProviderKit
import SQLite
import StorageKit
import Sync

/// Measures beside a named peer in the same run, so that the ratio holds on any machine. Prints a table and writes
/// `bench/results.json`. Arguments: `sqlite` and PostgreSQL addresses.
@main
struct Bench {
    static func main() async throws {
        var results: [BenchResult] = []
        for argument in CommandLine.arguments.dropFirst() {
            let isEmbedded = argument == "sqlite"
            let bench = try await SyncApplyBench(url: isEmbedded ? nil : argument)
            results.append(try await bench.run(name: "sync apply, \(isEmbedded ? "SQLite at FULL" : "PostgreSQL")"))
        }
        if let memory = ProcessInfo.processInfo.environment["ANCHORPOINT_RESTING_KB"].flatMap(Double.init) {
            results.append(
                BenchResult(
                    name: "server at rest", value: memory / 1024, unit: "MB", peer: "none", peerValue: 0, goal: 60,
                    isMet: memory / 1024 < 60, ratio: nil))
        }
        for result in results { print(result.row) }
        try FileManager.default.createDirectory(atPath: "bench", withIntermediateDirectories: true)
        let json = "{\"results\":[" + results.map(\.json).joined(separator: ",") + "]}\n"
        try Data(json.utf8).write(to: URL(fileURLWithPath: "bench/results.json"))
    }
}

/// One line of the table.
struct BenchResult {
    let name: String
    let value: Double
    let unit: String
    let peer: String
    let peerValue: Double
    let goal: Double
    let isMet: Bool
    let ratio: Double?

    var row: String {
        let side = ratio.map { String(format: "%@ %.0f, ratio %.2f, goal %.2f", peer, peerValue, $0, goal) }
        return String(
            format: "%@: %.0f %@; %@; %@", name, value, unit, side ?? "goal under \(Int(goal))",
            isMet ? "met" : "NOT met")
    }

    var json: String {
        "{\"name\":\"\(name)\",\"value\":\(value),\"unit\":\"\(unit)\",\"peer\":\"\(peer)\",\"peer_value\":\(peerValue),"
            + "\"ratio\":\(ratio.map { "\($0)" } ?? "null"),\"goal\":\(goal),\"met\":\(isMet)}"
    }
}

/// Applying pages of a first sync, parsed texts to committed rows, beside the database's own upsert of the same rows in
/// the same number of transactions.
struct SyncApplyBench {
    private let database: any Database
    private let account = AccountID("acc_bench")
    private let items: [RemoteItem]
    private static let pageSize = 500
    private static let count = 10_000
    private static let rounds = 5

    init(url: String?) async throws {
        if let url {
            database = try await PostgreSQLDatabase.open(url: url)
        } else {
            let path = NSTemporaryDirectory() + "anchorpoint-bench-\(UUID().uuidString).sqlite"
            database = try await SQLiteDatabase.open(path: path)
        }
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

    func run(name: String) async throws -> BenchResult {
        var (ours, peers) = ([Double](), [Double]())
        for _ in 0..<Self.rounds {
            try await clear()
            ours.append(try await seconds { try await apply() })
            let rows = try await rows()
            try await clear()
            peers.append(try await seconds { try await upsert(rows) })
        }
        await database.close()
        let (own, peer) = (Double(Self.count) / median(ours), Double(Self.count) / median(peers))
        return BenchResult(
            name: name, value: own, unit: "events/s", peer: "batch upsert", peerValue: peer, goal: 0.5,
            isMet: own / peer >= 0.5, ratio: own / peer)
    }

    private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    private func seconds(_ body: () async throws -> Void) async throws -> Double {
        let clock = ContinuousClock()
        let elapsed = try await clock.measure { try await body() }
        return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
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
