/// Where bulk rows go: rows that meet an existing row on `conflict` set `update` from the new values, or are left out
/// where `update` is empty.
public struct BulkTable: Hashable, Sendable {
    public let name: String
    public let columns: [String]
    public let conflict: [String]
    public let update: [String]

    public init(_ name: String, columns: [String], conflict: [String], update: [String]) {
        (self.name, self.columns, self.conflict, self.update) = (name, columns, conflict, update)
    }
}

/// Rows by column, in the order of `BulkTable.columns`; all columns have one length.
public struct BulkRows: Sendable {
    public enum Column: Sendable {
        case integers([Int64])
        case optionalIntegers([Int64?])
        case texts([String])
        case optionalTexts([String?])
        case blobs([[UInt8]])
        case optionalBlobs([[UInt8]?])
    }
    public let count: Int
    public let columns: [Column]

    public init(count: Int, columns: [Column]) { (self.count, self.columns) = (count, columns) }
}
