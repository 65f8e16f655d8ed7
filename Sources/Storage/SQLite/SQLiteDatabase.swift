import Dispatch
import GRDB
public import StorageKit
import Synchronization

/// One SQLite file, held by one process. `synchronous = FULL`: what `write` returned for survives a power cut.
///
/// Writes that come while another commits are committed together, each in its own savepoint: one sync for many.
public final class SQLiteDatabase: StorageKit.Database {
    public let dialect = Dialect.sqlite
    private let pool: DatabasePool
    private let lock: FileLock
    private let writes = Mutex(Waiting())
    private let writer = DispatchQueue(label: "anchorpoint.sqlite.writer")
    private let commitCount = Atomic<UInt64>(0)

    /// How much a write may lose. Only the control of the power-cut proof asks for less than `full`.
    public enum Durability: String, Sendable {
        case full = "FULL"
        case normal = "NORMAL"
    }

    private struct Waiting {
        var bodies: [PendingWrite] = []
        var isDraining = false
    }

    /// Most writes in one commit.
    private static let groupLimit = 128

    private init(pool: DatabasePool, lock: FileLock) { (self.pool, self.lock) = (pool, lock) }

    /// Opens or makes the file at `path`. `note` is what other processes read while this one holds it.
    /// - Throws: `StorageError.inUse` while another process holds it.
    public static func open(
        path: String, note: String = "", durability: Durability = .full
    ) async throws -> SQLiteDatabase {
        let lock = try FileLock(path: path, note: note)
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(10)
        configuration.foreignKeysEnabled = true
        configuration.maximumReaderCount = 4
        do {
            let pool = try DatabasePool(path: path, configuration: configuration)
            FileLock.makePrivate(path)
            // Set after opening: the pool itself sets NORMAL when it turns the write-ahead log on.
            let level = try await pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = \(durability.rawValue)")
                return try Int.fetchOne(db, sql: "PRAGMA synchronous")
            }
            guard level == (durability == .full ? 2 : 1) else {
                throw StorageError.refused(message: "SQLite did not accept synchronous = \(durability.rawValue)")
            }
            return SQLiteDatabase(pool: pool, lock: lock)
        } catch let error as DatabaseError {
            throw StorageError(error)
        }
    }

    /// The note of the process that holds the file at `path`, or nil where none does.
    public static func holder(of path: String) -> String? { FileLock.holder(of: path) }

    public func read<T: Sendable>(_ body: @escaping @Sendable (any ReadSession) throws -> T) async throws -> T {
        do {
            return try await pool.read { try body(SQLiteSession(db: $0)) }
        } catch let error as DatabaseError {
            throw StorageError(error)
        }
    }

    public func write<T: Sendable>(_ body: @escaping @Sendable (any WriteSession) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let pending = PendingWrite { session in
                do {
                    let value = try body(session)
                    return .success { continuation.resume(returning: value) }
                } catch { return .failure(error) }
            } fail: {
                continuation.resume(throwing: $0)
            }
            let mustDrain = writes.withLock { waiting in
                waiting.bodies.append(pending)
                defer { waiting.isDraining = true }
                return !waiting.isDraining
            }
            if mustDrain { writer.async { self.drain() } }
        }
    }

    /// This process alone holds the file, so its own commits are all there are.
    public func mark() -> CommitMark { CommitMark(String(commitCount.load(ordering: .sequentiallyConsistent))) }

    public func close() async {
        // The log is emptied into the file, so that a copy of the file alone is whole. Both fail only while others still
        // read, and then the next opening does it.
        do {
            try await pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
            try pool.close()
        } catch {}
        lock.release()
    }

    private func drain() {
        while true {
            let group = writes.withLock { waiting -> [PendingWrite] in
                let group = Array(waiting.bodies.prefix(Self.groupLimit))
                waiting.bodies.removeFirst(group.count)
                if group.isEmpty { waiting.isDraining = false }
                return group
            }
            if group.isEmpty { return }
            commit(group)
        }
    }

    /// Runs a group in one transaction; callers learn of success only after the commit, of failure after the rollback.
    private func commit(_ group: [PendingWrite]) {
        var succeeded: [(PendingWrite, @Sendable () -> Void)] = []
        var failed: [(PendingWrite, any Error)] = []
        do {
            try transact { db in
                try db.execute(sql: "BEGIN IMMEDIATE")
                do {
                    for write in group {
                        try db.execute(sql: "SAVEPOINT one")
                        let outcome = write.run(SQLiteSession(db: db))
                        // A full disk and kin end the whole transaction, every savepoint with it: the group fails so.
                        guard db.isInsideTransaction else { throw outcome.error ?? SQLiteSession.ended }
                        switch outcome {
                        case .success(let resume): succeeded.append((write, resume))
                        case .failure(let error):
                            failed.append((write, error))
                            try db.execute(sql: "ROLLBACK TO one")
                        }
                        try db.execute(sql: "RELEASE one")
                    }
                    try db.execute(sql: "COMMIT")
                } catch {
                    if db.isInsideTransaction { try db.execute(sql: "ROLLBACK") }
                    throw error
                }
            }
            for (_, resume) in succeeded { resume() }
            for (write, error) in failed { write.fail(Self.mapped(error)) }
        } catch {
            if let error = error as? DatabaseError, error.isFailedSync { FailedSync.endProcess() }
            for write in group { write.fail(Self.mapped(error)) }
        }
    }

    /// Counts the commit before anybody is told of it; also where it failed, since what that left is not known.
    private func transact(_ body: (GRDB.Database) throws -> Void) throws {
        defer { commitCount.add(1, ordering: .sequentiallyConsistent) }
        try pool.writeWithoutTransaction(body)
    }

    private static func mapped(_ error: any Error) -> any Error {
        (error as? DatabaseError).map { StorageError($0) } ?? error
    }
}

/// A write with its caller. The outcome is told apart from the running, since it depends on the commit.
private struct PendingWrite: Sendable {
    enum Outcome {
        case success(@Sendable () -> Void)
        case failure(any Error)

        var error: (any Error)? {
            if case .failure(let error) = self { error } else { nil }
        }
    }
    let run: @Sendable (any WriteSession) -> Outcome
    let fail: @Sendable (any Error) -> Void

    init(run: @escaping @Sendable (any WriteSession) -> Outcome, fail: @escaping @Sendable (any Error) -> Void) {
        (self.run, self.fail) = (run, fail)
    }
}

extension StorageError {
    init(_ error: DatabaseError) {
        switch error.resultCode {
        case .SQLITE_CONSTRAINT: self = .constraint(name: error.message ?? "")
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
        case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY: self = .full(volume: "the volume of the database")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged(message: error.message ?? "")
        case .SQLITE_CANTOPEN: self = .unavailable(reason: "the database file cannot be opened")
        default: self = .refused(message: error.message ?? "")
        }
    }
}
