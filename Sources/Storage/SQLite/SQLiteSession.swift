import Foundation
import GRDB
import StorageKit

/// A transaction on the one writer, or a snapshot of a reader.
struct SQLiteSession: WriteSession {
    let db: GRDB.Database
    var dialect: Dialect { .sqlite }

    /// What a session says once its transaction was ended by a failure that its caller did not pass on: whatever it did
    /// from here on would stay by itself.
    static let ended = StorageError.unavailable(reason: "an earlier failure ended the transaction")

    private func statement(_ sql: String) throws -> Statement {
        guard db.isInsideTransaction else { throw Self.ended }
        return try db.cachedStatement(sql: sql)
    }

    func forEach(_ sql: String, _ arguments: [SQLValue], _ body: (any SQLRow) throws -> Void) throws {
        let statement = try statement(sql)
        let cursor = try Row.fetchCursor(statement, arguments: StatementArguments(arguments.map(\.databaseValue)))
        while let row = try cursor.next() { try body(SQLiteRow(row: row)) }
    }

    func execute(_ sql: String, _ arguments: [SQLValue]) throws -> Int {
        let statement = try statement(sql)
        try statement.execute(arguments: StatementArguments(arguments.map(\.databaseValue)))
        return db.changesCount
    }

    func upsert(_ rows: BulkRows, into table: BulkTable) throws {
        guard rows.count > 0 else { return }
        let statement = try statement(table.sqliteStatement)
        var arguments = [DatabaseValue](repeating: .null, count: table.columns.count)
        for row in 0..<rows.count {
            for (index, column) in rows.columns.enumerated() { arguments[index] = column.value(at: row) }
            statement.setUncheckedArguments(StatementArguments(arguments))
            try statement.execute()
        }
    }
}

private struct SQLiteRow: SQLRow {
    let row: Row

    func integer(_ column: Int) throws -> Int64 {
        guard let value = try optionalInteger(column) else { throw wrong(column, "an integer") }
        return value
    }

    func optionalInteger(_ column: Int) throws -> Int64? {
        switch (row[column] as DatabaseValue).storage {
        case .int64(let value): value
        case .null: nil
        default: throw wrong(column, "an integer")
        }
    }

    func text(_ column: Int) throws -> String {
        guard let value = try optionalText(column) else { throw wrong(column, "a text") }
        return value
    }

    func optionalText(_ column: Int) throws -> String? {
        switch (row[column] as DatabaseValue).storage {
        case .string(let value): value
        case .null: nil
        default: throw wrong(column, "a text")
        }
    }

    func blob(_ column: Int) throws -> [UInt8] {
        guard let value = try optionalBlob(column) else { throw wrong(column, "bytes") }
        return value
    }

    func optionalBlob(_ column: Int) throws -> [UInt8]? {
        switch (row[column] as DatabaseValue).storage {
        case .blob(let value): [UInt8](value)
        case .null: nil
        default: throw wrong(column, "bytes")
        }
    }

    private func wrong(_ column: Int, _ wanted: String) -> StorageError {
        .unexpectedValue(column: column, wanted: wanted)
    }
}

extension SQLValue {
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let value): value.databaseValue
        case .real(let value): value.databaseValue
        case .text(let value): value.databaseValue
        case .blob(let value): Data(value).databaseValue
        }
    }
}

extension BulkRows.Column {
    fileprivate func value(at row: Int) -> DatabaseValue {
        switch self {
        case .integers(let values): values[row].databaseValue
        case .optionalIntegers(let values): values[row]?.databaseValue ?? .null
        case .texts(let values): values[row].databaseValue
        case .optionalTexts(let values): values[row]?.databaseValue ?? .null
        case .blobs(let values): Data(values[row]).databaseValue
        case .optionalBlobs(let values): values[row].map { Data($0).databaseValue } ?? .null
        }
    }
}

extension BulkTable {
    fileprivate var sqliteStatement: String {
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        let updates = update.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        return """
            INSERT INTO \(name) (\(columns.joined(separator: ", "))) VALUES (\(marks))
            ON CONFLICT (\(conflict.joined(separator: ", "))) DO \(update.isEmpty ? "NOTHING" : "UPDATE SET " + updates)
            """
    }
}
