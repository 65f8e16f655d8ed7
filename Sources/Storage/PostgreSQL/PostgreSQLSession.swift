import CLibpq
import StorageKit

/// A transaction on one connection.
struct PostgreSQLSession: WriteSession {
    let connection: Connection
    var dialect: Dialect { .postgresql }

    func forEach(_ sql: String, _ arguments: [SQLValue], _ body: (any SQLRow) throws -> Void) throws {
        try connection.execute(sql, arguments) { result in
            for row in 0..<PQntuples(result) { try body(PostgreSQLRow(result: result, row: row)) }
        }
    }

    func execute(_ sql: String, _ arguments: [SQLValue]) throws -> Int {
        try connection.execute(sql, arguments) { result in
            PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
        }
    }

    /// One statement for all rows: each column travels as one array.
    func upsert(_ rows: BulkRows, into table: BulkTable) throws {
        guard rows.count > 0 else { return }
        let arrays = rows.columns.enumerated().map { "$\($0.offset + 1)::\($0.element.typeName)[]" }
        let updates = table.update.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        let sql = """
            INSERT INTO \(table.name) (\(table.columns.joined(separator: ", ")))
            SELECT * FROM unnest(\(arrays.joined(separator: ", ")))
            ON CONFLICT (\(table.conflict.joined(separator: ", "))) DO \(updates.isEmpty ? "NOTHING" : "UPDATE SET " + updates)
            """
        try connection.execute(sql, literals: rows.columns.map(\.literal))
    }
}

/// One row of a result in text form.
private struct PostgreSQLRow: SQLRow {
    let result: OpaquePointer
    let row: Int32

    func integer(_ column: Int) throws -> Int64 {
        guard let value = try optionalInteger(column) else { throw wrong(column, "an integer") }
        return value
    }

    func optionalInteger(_ column: Int) throws -> Int64? {
        guard let bytes = bytes(column) else { return nil }
        guard let value = Int64(String(decoding: bytes, as: UTF8.self)) else { throw wrong(column, "an integer") }
        return value
    }

    func text(_ column: Int) throws -> String {
        guard let bytes = bytes(column) else { throw wrong(column, "a text") }
        return String(decoding: bytes, as: UTF8.self)
    }

    func optionalText(_ column: Int) throws -> String? {
        bytes(column).map { String(decoding: $0, as: UTF8.self) }
    }

    func blob(_ column: Int) throws -> [UInt8] {
        guard let value = try optionalBlob(column) else { throw wrong(column, "bytes") }
        return value
    }

    /// `\x` and two digits for each byte.
    func optionalBlob(_ column: Int) throws -> [UInt8]? {
        guard let text = bytes(column) else { return nil }
        guard text.count >= 2, text.count.isMultiple(of: 2), text[0] == UInt8(ascii: "\\"), text[1] == UInt8(ascii: "x")
        else {
            throw wrong(column, "bytes")
        }
        return stride(from: 2, to: text.count, by: 2).map { Self.digit(text[$0]) << 4 | Self.digit(text[$0 + 1]) }
    }

    private static func digit(_ byte: UInt8) -> UInt8 { byte >= 97 ? byte - 87 : byte - 48 }

    private func bytes(_ column: Int) -> UnsafeBufferPointer<UInt8>? {
        let column = Int32(column)
        guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else { return nil }
        let count = Int(PQgetlength(result, row, column))
        return start.withMemoryRebound(to: UInt8.self, capacity: count) { UnsafeBufferPointer(start: $0, count: count) }
    }

    private func wrong(_ column: Int, _ wanted: String) -> StorageError {
        .unexpectedValue(column: column, wanted: wanted)
    }
}

extension SQLValue {
    /// The text form of an argument; nil for NULL.
    var parameter: String? {
        switch self {
        case .null: nil
        case .integer(let value): String(value)
        case .real(let value): String(value)
        case .text(let value): value
        case .blob(let value): ByteText.hex(value)
        }
    }

    /// The type's number in the server's catalogue; 0 leaves it to the server, as arrays are cast where they stand.
    var type: Oid {
        switch self {
        case .null: 0
        case .integer: 20
        case .real: 701
        case .text: 25
        case .blob: 17
        }
    }
}

enum ByteText {
    private static let digits = Array("0123456789abcdef".utf8)

    /// `\x` and the bytes in hexadecimal.
    static func hex(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = [UInt8(ascii: "\\"), UInt8(ascii: "x")]
        text.reserveCapacity(2 + bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension BulkRows.Column {
    var typeName: String {
        switch self {
        case .integers, .optionalIntegers: "bigint"
        case .texts, .optionalTexts: "text"
        case .blobs, .optionalBlobs: "bytea"
        }
    }

    /// An array literal: `{1,NULL}`, `{"a\"b"}`.
    var literal: String {
        switch self {
        case .integers(let values): "{" + values.map(String.init).joined(separator: ",") + "}"
        case .optionalIntegers(let values):
            "{" + values.map { $0.map(String.init) ?? "NULL" }.joined(separator: ",") + "}"
        case .texts(let values): Self.quoted(values.map { Optional($0) })
        case .optionalTexts(let values): Self.quoted(values)
        case .blobs(let values): Self.quoted(values.map { ByteText.hex($0) })
        case .optionalBlobs(let values): Self.quoted(values.map { $0.map(ByteText.hex) })
        }
    }

    private static func quoted(_ values: [String?]) -> String {
        var text: [UInt8] = [UInt8(ascii: "{")]
        for (index, value) in values.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            guard let value else {
                text += Array("NULL".utf8)
                continue
            }
            text.append(UInt8(ascii: "\""))
            for byte in value.utf8 {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { text.append(UInt8(ascii: "\\")) }
                text.append(byte)
            }
            text.append(UInt8(ascii: "\""))
        }
        text.append(UInt8(ascii: "}"))
        return String(decoding: text, as: UTF8.self)
    }
}
