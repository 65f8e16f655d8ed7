public import StorageKit
import Synchronization

/// A PostgreSQL database over libpq. Statements are prepared once per connection; each connection blocks a thread of its
/// own, never one of the cooperative pool; callers get connections in the order they asked.
public final class PostgreSQLDatabase: Database {
    public let dialect = Dialect.postgresql
    private let state: Mutex<Pool>
    private let marks: CommitMarks

    private struct Pool {
        var idle: [Connection]
        var waiting: [CheckedContinuation<Connection, Never>] = []
        let all: [Connection]
    }

    private init(url: String, connections: Int) {
        let connections = (0..<max(connections, 1)).map { _ in Connection(url: url) }
        state = Mutex(Pool(idle: connections, all: connections))
        marks = CommitMarks(Connection(url: url, plans: .once))
    }

    /// Connects once, to tell a wrong address or password at the start; the other connections are made when needed: the
    /// `connections` that transactions take turns on, and one that only asks what is committed.
    public static func open(url: String, connections: Int = 6) async throws -> PostgreSQLDatabase {
        let database = PostgreSQLDatabase(url: url, connections: connections)
        try await database.read { try $0.forEach("SELECT 1", []) { _ in } }
        return database
    }

    public func read<T: Sendable>(_ body: @escaping @Sendable (any ReadSession) throws -> T) async throws -> T {
        try await onConnection { try $0.transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", body) }
    }

    public func write<T: Sendable>(_ body: @escaping @Sendable (any WriteSession) throws -> T) async throws -> T {
        try await onConnection { try $0.transaction("BEGIN", body) }
    }

    public func mark() async throws -> CommitMark { try await marks.mark() }

    public func close() async {
        for connection in state.withLock({ $0.all }) { connection.close() }
        marks.close()
    }

    private func onConnection<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        let connection = await acquire()
        defer { release(connection) }
        return try await connection.perform { try body(connection) }
    }

    private func acquire() async -> Connection {
        await withCheckedContinuation { continuation in
            let connection = state.withLock { pool -> Connection? in
                if let idle = pool.idle.popLast() { return idle }
                pool.waiting.append(continuation)
                return nil
            }
            if let connection { continuation.resume(returning: connection) }
        }
    }

    private func release(_ connection: Connection) {
        let next = state.withLock { pool -> CheckedContinuation<Connection, Never>? in
            if pool.waiting.isEmpty {
                pool.idle.append(connection)
                return nil
            }
            return pool.waiting.removeFirst()
        }
        next?.resume(returning: connection)
    }
}
