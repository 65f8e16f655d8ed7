extension Dialect {
    /// A migration's statement as this database wants it. Migrations are our own text: words are replaced as words, and
    /// stand in no literal.
    public func schema(_ statement: String) -> String {
        guard self == .sqlite else { return statement }
        var (text, word) = ("", "")
        for character in statement + "\n" {
            if character.isLetter || character == "_" {
                word.append(character)
            } else {
                text += (Self.sqliteTypes[word] ?? word) + String(character)
                word = ""
            }
        }
        text.removeLast()
        // STRICT makes SQLite hold a column to its type, as PostgreSQL does.
        return text.hasPrefix("CREATE TABLE") ? text + " STRICT" : text
    }

    private static let sqliteTypes = ["BIGINT": "INTEGER", "BYTEA": "BLOB"]

    /// A query for the texts of a JSON array, which is its one argument.
    public var textsOfArgument: String {
        self == .postgresql
            ? "SELECT json_array_elements_text(CAST(? AS json))" : "SELECT value FROM json_each(?)"
    }

    /// Appended to a claim so that workers pass over rows that another is claiming.
    var skipLocked: String { self == .postgresql ? " FOR UPDATE SKIP LOCKED" : "" }

    /// The database's own clock, in seconds since 1970: what leases are measured by.
    public var now: String {
        self == .postgresql
            ? "CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS BIGINT)" : "CAST(strftime('%s', 'now') AS INTEGER)"
    }
}
