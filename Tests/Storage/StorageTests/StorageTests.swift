import Foundation
import SQLite
import StorageKit
import Support
import Testing

/// Every test here runs on both databases.
@Suite("Storage, on both databases", .serialized)
struct StorageTests {
    static let kinds = TestDatabase.kinds
    static let schema = [
        Migration(
            number: 1, name: "things",
            statements: ["CREATE TABLE things (id BIGINT PRIMARY KEY, name TEXT, data BYTEA)"]),
        WorkQueue.migration(number: 2),
    ]
    static let table = BulkTable(
        "things", columns: ["id", "name", "data"], conflict: ["id"], update: ["name", "data"])

    private func opened(_ kind: TestDatabase.Kind) async throws -> TestDatabase {
        let test = try await TestDatabase.make(kind)
        try await Migrator(test.database, migrations: Self.schema).migrate()
        return test
    }

    @Test("values come back as they went in", arguments: kinds)
    func values(kind: TestDatabase.Kind) async throws {
        let test = try await opened(kind)
        let name = "Ünï'c\"ode\\ , {x}\nNULL"
        let data: [UInt8] = Array(0...255)
        try await test.database.write { session in
            try session.execute(
                "INSERT INTO things (id, name, data) VALUES (?, ?, ?)", [.integer(.max), .text(name), .blob(data)])
            try session.execute("INSERT INTO things (id, name, data) VALUES (?, ?, ?)", [.integer(.min), .null, .null])
        }
        let rows = try await test.database.read { session in
            try session.all("SELECT id, name, data FROM things WHERE name IS NULL OR name <> '?' ORDER BY id DESC") {
                (try $0.integer(0), try $0.optionalText(1), try $0.optionalBlob(2))
            }
        }
        #expect(rows[0] == (.max, name, data))
        #expect(rows[1].0 == .min && rows[1].1 == nil && rows[1].2 == nil)
        await test.close()
    }

    @Test("a failed write leaves nothing, and others stand", arguments: kinds)
    func rollback(kind: TestDatabase.Kind) async throws {
        struct Stop: Error {}
        let test = try await opened(kind)
        let database = test.database
        await withTaskGroup(of: Void.self) { group in
            for id in 0..<50 {
                group.addTask {
                    do {
                        try await database.write { session in
                            try session.execute("INSERT INTO things (id) VALUES (?)", [.integer(Int64(id))])
                            if !id.isMultiple(of: 2) { throw Stop() }
                        }
                        #expect(id.isMultiple(of: 2))
                    } catch {
                        #expect(error is Stop)
                    }
                }
            }
        }
        let ids = try await database.read { try $0.all("SELECT id FROM things ORDER BY id") { try $0.integer(0) } }
        #expect(ids == stride(from: 0, to: 50, by: 2).map(Int64.init))
        await #expect(throws: StorageError.self) {
            try await database.write { try $0.execute("INSERT INTO things (id) VALUES (0)") }
        }
        await test.close()
    }

    /// The most pages a SQLite file may have stands in for its volume; compat/faults has a volume.
    @Test("a full disk refuses writes as such, keeps nothing of them, and takes them again when there is space")
    func fullDisk() async throws {
        let test = try await opened(.sqlite)
        let database = test.database
        let limit: @Sendable (Int) async throws -> Void = { pages in
            try await database.write { try $0.forEach("PRAGMA max_page_count = \(pages)", []) { _ in } }
        }
        try await limit(40)
        // Enough for the cache to spill: SQLite then ends the transaction by itself, savepoints and all.
        let large: @Sendable (any WriteSession) throws -> Void = { session in
            for id in 0..<400 {
                try session.execute(
                    "INSERT INTO things (id, data) VALUES (?, ?)",
                    [.integer(Int64(id)), .blob([UInt8](repeating: 1, count: 10_000))])
            }
        }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    await #expect(throws: StorageError.full(volume: "the volume of the database")) {
                        try await database.write(large)
                    }
                }
            }
            for _ in 0..<20 {
                group.addTask {
                    // A body that goes on after such a failure must not write outside of its transaction.
                    await #expect(throws: StorageError.self) {
                        try await database.write { session in
                            do { try large(session) } catch {}
                            try session.execute("INSERT INTO things (id) VALUES (-1)")
                        }
                    }
                }
            }
        }
        let count: @Sendable () async throws -> Int64? = {
            try await database.read { try $0.first("SELECT COUNT(*) FROM things") { try $0.integer(0) } }
        }
        #expect(try await count() == 0)
        try await limit(1_000_000)
        try await database.write(large)
        #expect(try await count() == 400)
        await test.close()
    }

    @Test("many rows are inserted, then updated, at once", arguments: kinds)
    func bulk(kind: TestDatabase.Kind) async throws {
        let test = try await opened(kind)
        let count = 20_000
        for round in ["a", "b\\\"{,"] {
            let rows = BulkRows(
                count: count,
                columns: [
                    .integers((0..<count).map(Int64.init)),
                    .optionalTexts((0..<count).map { $0.isMultiple(of: 3) ? nil : round + String($0) }),
                    .blobs((0..<count).map { [UInt8(truncatingIfNeeded: $0), 0, 92] }),
                ])
            try await test.database.write { try $0.upsert(rows, into: Self.table) }
        }
        let found = try await test.database.read { session in
            try session.first("SELECT COUNT(*), COUNT(name), MAX(name) FROM things") {
                (try $0.integer(0), try $0.integer(1), try $0.text(2))
            }
        }
        #expect(found?.0 == Int64(count) && found?.1 == 13_333)
        #expect(found?.2.hasPrefix("b\\\"{,") == true)
        await test.close()
    }

    @Test("migrations go forward once, say what they would do, and refuse a newer schema", arguments: kinds)
    func migrations(kind: TestDatabase.Kind) async throws {
        let test = try await TestDatabase.make(kind)
        let migrator = Migrator(test.database, migrations: Self.schema)
        #expect(try await migrator.plan().map(\.number) == [1, 2])
        #expect(try await migrator.migrate().map(\.number) == [1, 2])
        #expect(try await migrator.migrate().isEmpty)
        await #expect(throws: StorageError.newerSchema(found: 2, known: 1)) {
            try await Migrator(test.database, migrations: [Self.schema[0]]).plan()
        }
        let edited = [
            Migration(number: 1, name: "things", statements: ["CREATE TABLE others (id BIGINT)"]), Self.schema[1],
        ]
        await #expect(throws: StorageError.self) { try await Migrator(test.database, migrations: edited).migrate() }
        await test.close()
    }

    @Test("work is done by one worker, in lanes, and once asked for is asked for once", arguments: kinds)
    func queue(kind: TestDatabase.Kind) async throws {
        let test = try await opened(kind)
        let database = test.database
        let queue = WorkQueue(database) { 0.5 }
        try await database.write { session in
            for index in 0..<400 { try queue.enqueue(Work(kind: "k", key: "\(index)"), in: session) }
            for index in 0..<400 { try queue.enqueue(Work(kind: "k", key: "\(index)"), in: session) }
        }
        let keys = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var taken: [String] = []
                    while true {
                        let claimed = try await queue.claim(kinds: ["k"], limit: 10, lease: 60)
                        if claimed.isEmpty { return taken }
                        taken += claimed.map(\.key)
                        try await database.write { for work in claimed { try queue.complete(work, in: $0) } }
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(keys.count == 400 && Set(keys).count == 400)
        try await database.write { session in
            try queue.enqueue(Work(kind: "k", key: "first", lane: "l"), in: session)
            try queue.enqueue(Work(kind: "k", key: "second", lane: "l"), in: session)
        }
        let first = try await queue.claim(kinds: ["k"], limit: 10, lease: 60)
        #expect(first.map(\.key) == ["first"])
        #expect(try await queue.claim(kinds: ["k"], limit: 10, lease: 60).isEmpty)
        try await database.write { session in
            try queue.enqueue(Work(kind: "k", key: "first", lane: "l"), in: session)
            try queue.complete(first[0], in: session)
        }
        #expect(try await queue.claim(kinds: ["k"], limit: 10, lease: 60).map(\.key) == ["first"])
        await test.close()
    }

    @Test("a worker that was overtaken can write nothing, and deadly work is set aside", arguments: kinds)
    func fencing(kind: TestDatabase.Kind) async throws {
        let test = try await opened(kind)
        let database = test.database
        let queue = WorkQueue(database) { 0.5 }
        try await database.write { try queue.enqueue(Work(kind: "k", key: "a"), in: $0) }
        let late = try #require(try await queue.claim(kinds: ["k"], limit: 1, lease: 0).first)
        let next = try #require(try await queue.claim(kinds: ["k"], limit: 1, lease: 0).first)
        await #expect(throws: StorageError.leaseLost) {
            try await database.write { session in
                try session.execute("INSERT INTO things (id) VALUES (1)")
                try queue.extend(late, by: 60, in: session)
            }
        }
        #expect(try await database.read { try $0.all("SELECT id FROM things") { try $0.integer(0) } }.isEmpty)
        #expect(next.attempts == 1, "the try that was abandoned lengthens no wait")
        _ = try await queue.claim(kinds: ["k"], limit: 1, lease: 0)
        #expect(try await queue.claim(kinds: ["k"], limit: 1, lease: 0).isEmpty)
        #expect(try await queue.deadLetters().map(\.key) == ["a"])
        #expect(try await queue.replayDeadLetters() == 1)
        let again = try #require(try await queue.claim(kinds: ["k"], limit: 1, lease: 60).first)
        try await queue.fail(again, error: "no", retry: .never)
        #expect(try await queue.deadLetters().map(\.error) == ["no"])
        await test.close()
    }

    @Test("one SQLite file is held by one process, which the next is told")
    func oneHolder() async throws {
        let path = NSTemporaryDirectory() + "anchorpoint-\(UUID().uuidString).sqlite"
        let first = try await SQLiteDatabase.open(path: path, note: "somewhere")
        await #expect(throws: StorageError.inUse(path: path, holder: "somewhere")) {
            _ = try await SQLiteDatabase.open(path: path)
        }
        #expect(SQLiteDatabase.holder(of: path) == "somewhere")
        await first.close()
        #expect(SQLiteDatabase.holder(of: path) == nil)
        await (try SQLiteDatabase.open(path: path)).close()
    }
}
