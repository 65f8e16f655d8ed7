public import Accounts
import CivilTime
import CronofyWire
import StorageKit
import Synchronization

/// A request that an application made, as its developers may see it.
public struct LoggedRequest: Hashable, Sendable {
    public let number: Int64
    /// What the answer's `X-Request-Id` said.
    public let id: String
    public let account: AccountID?
    /// Milliseconds since 1970, and of the answer.
    public let atMS: Int64
    public let tookMS: Int64
    public let method: String
    /// With names in place of the parts that vary.
    public let route: String
    public let status: Int64
    /// Masked.
    public let query: String
    public let body: String
    public let answer: String
}

/// The requests of the last week. Entries wait in memory and are written by themselves, never by the request: under load
/// some are left out, and a process that is killed loses the last ones.
public final class RequestLog: Sendable {
    private let accounts: AccountStore
    private let metrics: ServerMetrics
    private let waiting = Mutex<[Entry]>([])

    /// Entries kept in memory; answers larger than `largest` bytes are logged by their size.
    private static let most = 500
    private static let largest = 8192
    private static let life: Int64 = 7 * 86_400_000

    public init(accounts: AccountStore, metrics: ServerMetrics) { (self.accounts, self.metrics) = (accounts, metrics) }

    struct Entry: Sendable {
        let id: String
        let caller: Caller
        let atMS: Int64
        let took: Duration
        let method: String
        let route: String
        let query: JSONValue
        let body: JSONValue
        let status: Int
        let answer: [UInt8]
    }

    func add(_ entry: @autoclosure () -> Entry) {
        let isFull = waiting.withLock { waiting in
            guard waiting.count < Self.most else { return true }
            waiting.append(entry())
            return false
        }
        if isFull { metrics.didNotLog() }
    }

    /// Writes what waits, masked. What the database refuses is lost.
    public func flush() async throws {
        let entries = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        guard !entries.isEmpty else { return }
        let rows = await Self.rows(of: entries)
        try await accounts.database.write { try $0.upsert(rows, into: Self.table) }
    }

    private static let table = BulkTable(
        "requests",
        columns: [
            "client_id", "request", "request_id", "account_id", "at_ms", "took_ms", "method", "route", "query", "body",
            "status", "answer",
        ], conflict: ["client_id", "request"], update: [])

    private static func rows(of entries: [Entry]) async -> BulkRows {
        var (queries, bodies, answers): ([String], [String], [String]) = ([], [], [])
        for (index, entry) in entries.enumerated() {
            queries.append(BodyMask.text(entry.query, most: largest))
            bodies.append(BodyMask.text(entry.body, most: largest))
            answers.append(BodyMask.text(entry.answer, most: largest))
            // Requests go first.
            if index % 16 == 15 { await Task.yield() }
        }
        return BulkRows(
            count: entries.count,
            columns: [
                .texts(entries.map(\.caller.client.value)), .integers(entries.map { _ in WorkID.next() }),
                .texts(entries.map(\.id)), .optionalTexts(entries.map(\.caller.account?.value)),
                .integers(entries.map(\.atMS)), .integers(entries.map(\.took.milliseconds)),
                .texts(entries.map(\.method)), .texts(entries.map(\.route)), .texts(queries), .texts(bodies),
                .integers(entries.map { Int64($0.status) }), .texts(answers),
            ])
    }

    /// Forgets what is older than a week.
    public func prune() async throws {
        let end = accounts.now().seconds * 1000 - Self.life
        try await accounts.database.write { try $0.execute("DELETE FROM requests WHERE at_ms < ?", [.integer(end)]) }
    }

    /// The newest requests of an application, newest first.
    public func requests(of client: ClientID, limit: Int = 100) async throws -> [LoggedRequest] {
        try await accounts.database.read { session in
            try session.all(
                """
                SELECT request, request_id, account_id, at_ms, took_ms, method, route, status, query, body, answer
                FROM requests WHERE client_id = ? ORDER BY request DESC LIMIT ?
                """, [.text(client.value), .integer(Int64(max(1, min(limit, 1000))))]
            ) { row in
                LoggedRequest(
                    number: try row.integer(0), id: try row.text(1),
                    account: try row.optionalText(2).map { AccountID($0) }, atMS: try row.integer(3),
                    tookMS: try row.integer(4), method: try row.text(5), route: try row.text(6),
                    status: try row.integer(7), query: try row.text(8), body: try row.text(9),
                    answer: try row.text(10))
            }
        }
    }
}
