import CLibpq
import Foundation
import StorageKit

/// One connection and the thread it blocks. Everything but `perform`, `enqueue` and `close` runs on that thread.
///
/// `@unchecked Sendable`: the libpq handle and the caches are touched by the connection's own thread only; the list of
/// tasks is guarded by `condition`.
final class Connection: @unchecked Sendable {
    private let url: String
    private let plans: Plans
    private let condition = NSCondition()
    private var tasks: [() -> Void] = []
    private var isClosed = false
    private var handle: OpaquePointer?
    /// How often it was made.
    private var connects = 0
    /// Names of prepared statements by their text and the types of their arguments.
    private var prepared: [String: String] = [:]

    private static let mostPrepared = 500
    private static let mostRetries = 8

    /// When a prepared statement is planned.
    enum Plans: String {
        /// At each execution, by what is there now: a plan made while a table was empty would read all of it for ever.
        case anew = "force_custom_plan"
        /// Once: for statements that read no table.
        case once = "force_generic_plan"
    }

    init(url: String, plans: Plans = .anew) {
        (self.url, self.plans) = (url, plans)
        Thread.detachNewThread { [self] in work() }
    }

    private func work() {
        while true {
            condition.lock()
            while tasks.isEmpty && !isClosed { condition.wait() }
            let task = tasks.isEmpty ? nil : tasks.removeFirst()
            condition.unlock()
            guard let task else {
                disconnect()
                return
            }
            task()
        }
    }

    func perform<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            enqueue { continuation.resume(with: Result { try body() }) }
        }
    }

    /// Runs `task` on this connection's thread after those before it.
    func enqueue(_ task: @escaping () -> Void) {
        condition.lock()
        tasks.append(task)
        condition.signal()
        condition.unlock()
    }

    func close() {
        condition.lock()
        isClosed = true
        condition.signal()
        condition.unlock()
    }

    // MARK: Transactions

    /// Runs `body` in one transaction; tries again where the server refused it for another's sake.
    func transaction<T>(_ begin: String, _ body: (PostgreSQLSession) throws -> T) throws -> T {
        var attempt = 0
        while true {
            do { return try once(begin, body) } catch is SerializationFailure {
                attempt += 1
                guard attempt <= Self.mostRetries else { throw StorageError.busy }
                usleep(UInt32.random(in: 500...(5_000 << UInt32(min(attempt, 6)))))
            }
        }
    }

    private func once<T>(_ begin: String, _ body: (PostgreSQLSession) throws -> T) throws -> T {
        try connect()
        try simple(begin)
        let value: T
        do { value = try body(PostgreSQLSession(connection: self)) } catch {
            // Where even this fails the connection is lost, and with it the transaction.
            do { try simple("ROLLBACK") } catch { disconnect() }
            throw error
        }
        try simple("COMMIT")
        return value
    }

    /// Which transactions are over. A server that was away may have come back as another one: each connection has marks
    /// of its own.
    func snapshot() throws -> CommitMark {
        try connect()
        return try execute("SELECT pg_current_snapshot()::text", []) { result in
            CommitMark("\(connects) \(PQgetvalue(result, 0, 0).map { String(cString: $0) } ?? "")")
        }
    }

    // MARK: Statements

    /// Runs `sql` and hands its result to `body`, which must not keep it.
    func execute<T>(_ sql: String, _ arguments: [SQLValue], _ body: (OpaquePointer) throws -> T) throws -> T {
        try execute(sql, types: arguments.map(\.type), texts: arguments.map(\.parameter), body)
    }

    /// Runs `sql` with texts that it casts itself.
    func execute(_ sql: String, literals: [String]) throws {
        try execute(sql, types: literals.map { _ in 0 }, texts: literals) { _ in }
    }

    private func execute<T>(
        _ sql: String, types: [Oid], texts: [String?], _ body: (OpaquePointer) throws -> T
    ) throws -> T {
        let name = try prepare(sql, types)
        var copies: [UnsafeMutablePointer<CChar>?] = []
        defer { for copy in copies { free(copy) } }
        for text in texts { copies.append(try text.map { try Self.copy($0) } ?? nil) }
        let values = copies.map { UnsafePointer<CChar>($0) }
        return try result(PQexecPrepared(handle, name, Int32(texts.count), values, nil, nil, 0), body)
    }

    private static func copy(_ text: String) throws -> UnsafeMutablePointer<CChar>? {
        guard !text.utf8.contains(0) else { throw StorageError.refused(message: "text holds a NUL character") }
        return strdup(text)
    }

    private func prepare(_ sql: String, _ types: [Oid]) throws -> String {
        let key = types.map(String.init).joined(separator: ",") + " " + sql
        if let name = prepared[key] { return name }
        if prepared.count >= Self.mostPrepared {
            try simple("DEALLOCATE ALL")
            prepared.removeAll()
        }
        let name = "s\(prepared.count)"
        try result(PQprepare(handle, name, Placeholders.numbered(sql), Int32(types.count), types)) { _ in }
        prepared[key] = name
        return name
    }

    private func simple(_ sql: String) throws { try result(PQexec(handle, sql)) { _ in } }

    private func result<T>(_ result: OpaquePointer?, _ body: (OpaquePointer) throws -> T) throws -> T {
        guard let result else { throw lost() }
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: return try body(result)
        default: throw failure(result)
        }
    }

    // MARK: Failures

    private func failure(_ result: OpaquePointer) -> any Error {
        guard PQstatus(handle) == CONNECTION_OK else { return lost() }
        let code = field(result, 67)  // PG_DIAG_SQLSTATE, 'C'
        let message = field(result, 77)  // PG_DIAG_MESSAGE_PRIMARY, 'M'
        switch code {
        case "40001", "40P01": return SerializationFailure()
        case "53100": return StorageError.full(volume: "the database server's volume")
        case "XX001", "XX002": return StorageError.damaged(message: message)
        case _ where code.hasPrefix("23"): return StorageError.constraint(name: field(result, 110))  // 'n'
        case _ where code.hasPrefix("57P") || code.hasPrefix("08"): return lost()
        case "57014": return StorageError.busy
        default: return StorageError.refused(message: "\(message) (\(code))")
        }
    }

    private func field(_ result: OpaquePointer, _ code: Int32) -> String {
        PQresultErrorField(result, code).map { String(cString: $0) } ?? ""
    }

    private func lost() -> StorageError {
        disconnect()
        return .unavailable(reason: "the connection to the database server was lost")
    }

    // MARK: Connecting

    private func connect() throws {
        if let handle, PQstatus(handle) == CONNECTION_OK { return }
        disconnect()
        let settings = "-c statement_timeout=60000 -c client_min_messages=error -c plan_cache_mode=\(plans.rawValue)"
        let options = [
            "connect_timeout": "5", "application_name": "anchorpoint", "client_encoding": "UTF8",
            "options": settings, "dbname": url,
        ]
        let names = Array(options.keys)
        handle = Self.withStrings(names) { keywords in
            Self.withStrings(names.map { options[$0] ?? "" }) { values in PQconnectdbParams(keywords, values, 1) }
        }
        guard PQstatus(handle) == CONNECTION_OK else {
            disconnect()
            throw StorageError.unavailable(
                reason:
                    "the database server cannot be reached, or refuses the user, the password or the database's name")
        }
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        connects += 1
    }

    private func disconnect() {
        if let handle { PQfinish(handle) }
        handle = nil
        prepared.removeAll()
    }

    /// A NULL-terminated array of C strings, valid inside `body`.
    private static func withStrings<T>(_ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> T) -> T {
        let copies = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        let pointers = copies.map { UnsafePointer<CChar>($0) } + [nil]
        return pointers.withUnsafeBufferPointer { buffer in
            // The array has at least its terminator, so it has an address.
            guard let base = buffer.baseAddress else { preconditionFailure("an empty array of strings") }
            return body(base)
        }
    }
}

/// The transaction must be run again.
private struct SerializationFailure: Error {}
