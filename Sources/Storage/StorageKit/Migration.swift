/// One forward step of the schema. SQL is written once, with PostgreSQL's type words (BIGINT, TEXT, BYTEA, DOUBLE
/// PRECISION); `Dialect` spells them for SQLite.
public struct Migration: Hashable, Sendable {
    /// From 1, without gaps.
    public let number: Int
    public let name: String
    public let statements: [String]
    /// What only one of the databases is told, after `statements`, as it stands.
    public let only: [Dialect: [String]]

    public init(number: Int, name: String, statements: [String], only: [Dialect: [String]] = [:]) {
        (self.number, self.name, self.statements, self.only) = (number, name, statements, only)
    }

    /// All of it as `dialect` wants it.
    public func statements(for dialect: Dialect) -> [String] {
        statements.map(dialect.schema) + only[dialect, default: []]
    }
}
