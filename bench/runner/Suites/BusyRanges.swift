import Availability
import PostgreSQL
import StorageKit

/// The same busy times as one ready multirange a person, and the same questions by the subtraction of multiranges. Time is
/// the server's own for running the statement, without planning it or sending the answer.
struct BusyRanges {
    private let database: PostgreSQLDatabase

    init(_ people: BusyPeople, url: String) async throws {
        database = try await PostgreSQLDatabase.open(url: url, connections: 1)
        _ = try await database.write { session in
            try session.execute(
                "CREATE TABLE busy_pieces (person bigint, number bigint, low bigint, high bigint, PRIMARY KEY (person, number))"
            )
        }
        let table = BulkTable(
            "busy_pieces", columns: ["person", "number", "low", "high"], conflict: ["person", "number"], update: ["low"]
        )
        for first in stride(from: 0, to: people.busy.count, by: 500) {
            let page = people.busy[first..<min(first + 500, people.busy.count)]
            var columns: [[Int64]] = [[], [], [], []]
            for (offset, pieces) in page.enumerated() {
                for (number, piece) in pieces.enumerated() {
                    columns[0].append(Int64(first + offset))
                    columns[1].append(Int64(number))
                    columns[2].append(piece.start)
                    columns[3].append(piece.end)
                }
            }
            let rows = BulkRows(count: columns[0].count, columns: columns.map { .optionalIntegers($0) })
            _ = try await database.write { try $0.upsert(rows, into: table) }
        }
        _ = try await database.write { session in
            try session.execute(
                """
                CREATE TABLE busy AS SELECT person, range_agg(int8range(low, high)) AS during
                FROM busy_pieces GROUP BY person
                """)
            try session.execute("ALTER TABLE busy ADD PRIMARY KEY (person)")
            try session.execute("ANALYZE busy")
            // Compiling the statement would take longer than answering most of them.
            try session.execute("SET jit = off")
        }
    }

    /// The microseconds of one answer.
    func measure(_ question: BusyQuestion, expecting checksum: UInt64) async throws -> Double {
        let (low, high) = (question.window.lowerBound, question.window.upperBound)
        let window = "int8multirange(int8range(\(low), \(high)))"
        // All five are one person with everybody's busy time.
        let free =
            question.name == "all"
            ? "\(window) - range_agg(during) AS times FROM busy WHERE person IN "
                + "(\(question.people.map(String.init).joined(separator: ",")))"
            : "\(window) - during AS times FROM busy WHERE person < \(question.people.count)"
        let sql = """
            SELECT s FROM (SELECT \(free)) AS free, unnest(times) AS gap,
                generate_series((lower(gap) + 899) / 900 * 900, upper(gap) - 3600, 900) AS s
            GROUP BY s HAVING count(*) >= \(question.name == "all" ? 1 : question.needed) ORDER BY s
            """
        let starts = try await database.read { session in try session.all(sql, []) { try $0.integer(0) } }
        guard BusyQuestion.checksum(starts) == checksum else {
            throw BenchError("PostgreSQL answers '\(question.title)' otherwise")
        }
        let plan = try await database.read { session in
            try session.all("EXPLAIN (ANALYZE, TIMING OFF) " + sql, []) { try $0.text(0) }
        }
        let words = plan.last?.split(separator: " ") ?? []
        guard words.count == 4, words[0] == "Execution", let milliseconds = Double(words[2]) else {
            throw BenchError("PostgreSQL explains without 'Execution Time': \(plan.last ?? "")")
        }
        return milliseconds * 1_000
    }

    func close() async { await database.close() }
}
