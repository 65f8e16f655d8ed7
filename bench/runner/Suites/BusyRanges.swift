import Availability
import PostgreSQL
import StorageKit

/// The same busy times as ranges in a table, loaded before, and the same questions by `range_agg` and the subtraction of
/// multiranges.
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
                "CREATE TABLE busy AS SELECT person, int8range(low, high) AS during FROM busy_pieces ORDER BY person")
            try session.execute("CREATE INDEX busy_person ON busy (person)")
            try session.execute("ANALYZE busy")
        }
    }

    /// The microseconds of one answer.
    func measure(_ question: BusyQuestion, expecting checksum: UInt64) async throws -> Double {
        let (low, high) = (question.window.lowerBound, question.window.upperBound)
        let people = question.people.map(String.init).joined(separator: ",")
        let isEverybody = question.name != "all"
        let whose = isEverybody ? "person < \(question.people.count)" : "person IN (\(people))"
        // All of them are one person with everybody's busy time.
        let grouping = isEverybody ? "GROUP BY person" : ""
        let needed = isEverybody ? question.needed : 1
        let sql = """
            SELECT s FROM (
                SELECT unnest(int8multirange(int8range(\(low), \(high))) - range_agg(during)) AS gap
                FROM busy WHERE \(whose) \(grouping)
            ) AS free, generate_series((lower(gap) + 899) / 900 * 900, upper(gap) - 3600, 900) AS s
            GROUP BY s HAVING count(*) >= \(needed) ORDER BY s
            """
        var rounds = Rounds()
        let starts = try await rounds.time {
            try await database.read { session in try session.all(sql, []) { try $0.integer(0) } }
        }
        guard BusyQuestion.checksum(starts) == checksum else {
            throw BenchError("PostgreSQL answers '\(question.title)' otherwise")
        }
        return rounds.median * 1e6
    }

    func close() async { await database.close() }
}
