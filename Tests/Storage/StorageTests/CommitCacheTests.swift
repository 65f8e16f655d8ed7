import PostgreSQL
import StorageKit
import Support
import Synchronization
import Testing

@Suite("Values kept until the next commit, on both databases", .serialized)
struct CommitCacheTests {
    private static let counter = [
        Migration(
            number: 1, name: "counter",
            statements: ["CREATE TABLE counter (value BIGINT NOT NULL)", "INSERT INTO counter VALUES (0)"])
    ]

    /// Two servers where the database allows it; one otherwise.
    private func servers(_ kind: TestDatabase.Kind) async throws -> (TestDatabase, [any Database]) {
        let test = try await TestDatabase.make(kind)
        try await Migrator(test.database, migrations: Self.counter).migrate()
        guard let url = test.url else { return (test, [test.database]) }
        return (test, [test.database, try await PostgreSQLDatabase.open(url: url)])
    }

    private static func add(in database: any Database) async throws -> Int64 {
        try await database.write { session in
            try session.execute("UPDATE counter SET value = value + 1")
            return try session.first("SELECT value FROM counter") { try $0.integer(0) } ?? 0
        }
    }

    /// Counts up on every server while all of them read through a cache.
    /// - Returns: how often a reader got less than what somebody had been told of before.
    private static func late(_ servers: [any Database], reading: [any Database]) async throws -> Int {
        let told = Told()
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for database in servers {
                group.addTask {
                    for _ in 0..<150 {
                        let value = try await Self.add(in: database)
                        told.most.withLock { $0 = max($0, value) }
                    }
                    return 0
                }
            }
            for database in reading {
                let cache = CommitCache<Int, Int64>(database)
                for _ in 0..<6 {
                    group.addTask {
                        var late = 0
                        while true {
                            let least = told.most.withLock { $0 }
                            let value = try await Self.value(cache)
                            if value < least { late += 1 }
                            if least == Int64(150 * servers.count) { return late }
                            // What is kept is read without a pause.
                            await Task.yield()
                        }
                    }
                }
            }
            return try await group.reduce(0, +)
        }
    }

    private static func value(_ cache: CommitCache<Int, Int64>) async throws -> Int64 {
        try await cache.value(for: 1) { try $0.first("SELECT value FROM counter") { try $0.integer(0) } ?? -1 }
    }

    @Test("nobody reads less than what was committed before, by whichever server", arguments: TestDatabase.kinds)
    func fresh(kind: TestDatabase.Kind) async throws {
        let (test, servers) = try await servers(kind)
        #expect(try await Self.late(servers, reading: servers) == 0)
        for other in servers.dropFirst() { await other.close() }
        await test.close()
    }

    @Test("control: one mark for good is found out", arguments: TestDatabase.kinds)
    func control(kind: TestDatabase.Kind) async throws {
        let (test, servers) = try await servers(kind)
        #expect(try await Self.late(servers, reading: servers.map { Frozen(database: $0) }) > 0)
        for other in servers.dropFirst() { await other.close() }
        await test.close()
    }

    @Test("nothing is read twice while nothing is committed", arguments: TestDatabase.kinds)
    func kept(kind: TestDatabase.Kind) async throws {
        let (test, servers) = try await servers(kind)
        let cache = CommitCache<Int, Int64>(test.database)
        let reads = Atomic<Int>(0)
        func read() async throws -> Int64 {
            try await cache.value(for: 1) { session in
                reads.add(1, ordering: .relaxed)
                return try session.first("SELECT value FROM counter") { try $0.integer(0) } ?? -1
            }
        }
        for round in 0..<5 {
            for _ in 0..<20 { #expect(try await read() == Int64(round)) }
            #expect(reads.load(ordering: .relaxed) == round + 1)
            _ = try await Self.add(in: servers[round % servers.count])
        }
        for other in servers.dropFirst() { await other.close() }
        await test.close()
    }

    @Test("a write that is undone, or still open, is not seen", arguments: TestDatabase.kinds)
    func undone(kind: TestDatabase.Kind) async throws {
        struct Stop: Error {}
        let (test, servers) = try await servers(kind)
        let cache = CommitCache<Int, Int64>(test.database)
        await #expect(throws: Stop.self) {
            try await servers[servers.count - 1].write { session in
                try session.execute("UPDATE counter SET value = 7")
                throw Stop()
            }
        }
        #expect(try await Self.value(cache) == 0)
        for other in servers.dropFirst() { await other.close() }
        await test.close()
    }
}

/// The highest count that somebody was told of.
private final class Told: Sendable {
    let most = Mutex<Int64>(0)
}

/// Says that nothing is ever committed.
private struct Frozen: Database {
    let database: any Database
    var dialect: Dialect { database.dialect }

    func read<T: Sendable>(_ body: @escaping @Sendable (any ReadSession) throws -> T) async throws -> T {
        try await database.read(body)
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (any WriteSession) throws -> T) async throws -> T {
        try await database.write(body)
    }

    func close() async { await database.close() }

    func mark() -> CommitMark { CommitMark("") }
}
