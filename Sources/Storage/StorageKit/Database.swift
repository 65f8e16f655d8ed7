/// An open database. Bodies run off the cooperative pool, so they may block; they must not keep the session.
public protocol Database: Sendable {
    var dialect: Dialect { get }

    /// Runs `body` on one consistent snapshot.
    func read<T: Sendable>(_ body: @escaping @Sendable (any ReadSession) throws -> T) async throws -> T

    /// Runs `body` in one transaction that is durable when this returns; an error rolls it back. `body` may run again
    /// after a serialization failure, so it must have no effect but on the session.
    @discardableResult
    func write<T: Sendable>(_ body: @escaping @Sendable (any WriteSession) throws -> T) async throws -> T

    func close() async

    /// What is committed now, by this process or any other. Whoever has been told of a commit finds another mark than
    /// before it.
    func mark() async throws -> CommitMark
}

/// Which of the two databases this is, for the few places where their SQL must differ.
public enum Dialect: Hashable, Sendable {
    case sqlite, postgresql
}

/// One row of an answer, read by column position from 0. Valid only inside the closure it was handed to. A column
/// that does not hold the asked-for type throws `StorageError.unexpectedValue`.
public protocol SQLRow {
    func integer(_ column: Int) throws -> Int64
    func optionalInteger(_ column: Int) throws -> Int64?
    func text(_ column: Int) throws -> String
    func optionalText(_ column: Int) throws -> String?
    func blob(_ column: Int) throws -> [UInt8]
    func optionalBlob(_ column: Int) throws -> [UInt8]?
}

extension SQLRow {
    /// A column written as 0 or 1.
    public func flag(_ column: Int) throws -> Bool { try integer(column) != 0 }
}

public protocol ReadSession {
    var dialect: Dialect { get }

    /// Runs `sql`, with `?` for each argument, and hands each row to `body` in order. Statements are prepared once
    /// per text and connection, so never build values into `sql`.
    func forEach(_ sql: String, _ arguments: [SQLValue], _ body: (any SQLRow) throws -> Void) throws
}

extension ReadSession {
    /// All rows of `sql`, each turned into a value.
    public func all<T>(_ sql: String, _ arguments: [SQLValue] = [], _ value: (any SQLRow) throws -> T) throws -> [T] {
        var found: [T] = []
        try forEach(sql, arguments) { found.append(try value($0)) }
        return found
    }

    /// The first row of `sql` turned into a value, or nil where there is none.
    public func first<T>(_ sql: String, _ arguments: [SQLValue] = [], _ value: (any SQLRow) throws -> T) throws -> T? {
        var found: T?
        try forEach(sql, arguments) { if found == nil { found = try value($0) } }
        return found
    }
}

public protocol WriteSession: ReadSession {
    /// Runs a statement and returns how many rows it changed.
    @discardableResult
    func execute(_ sql: String, _ arguments: [SQLValue]) throws -> Int

    /// Inserts or updates many rows at once, by the fastest way the database has.
    func upsert(_ rows: BulkRows, into table: BulkTable) throws
}

extension WriteSession {
    @discardableResult
    public func execute(_ sql: String) throws -> Int { try execute(sql, []) }
}
