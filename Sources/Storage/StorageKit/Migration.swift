/// One forward step of the schema. SQL is written once, with PostgreSQL's type words (BIGINT, TEXT, BYTEA, DOUBLE
/// PRECISION); `Dialect` spells them for SQLite.
public struct Migration: Hashable, Sendable {
    /// From 1, without gaps.
    public let number: Int
    public let name: String
    public let statements: [String]

    public init(number: Int, name: String, statements: [String]) {
        (self.number, self.name, self.statements) = (number, name, statements)
    }
}
