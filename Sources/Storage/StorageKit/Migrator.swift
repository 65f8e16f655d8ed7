/// Brings a schema forward, one migration at a time, each in its own transaction with its row in the table `ledger`.
public struct Migrator: Sendable {
    private let database: any Database
    private let migrations: [Migration]
    private let ledger: String

    /// - Parameter ledger: the table that says what has run; schemas that share a database have one each.
    public init(_ database: any Database, migrations: [Migration], ledger: String = "schema_migrations") {
        (self.database, self.migrations, self.ledger) = (database, migrations, ledger)
    }

    /// What would run, with the statements as this database gets them; changes nothing.
    /// - Throws: `.newerSchema` where the database was written by a newer program, `.refused` where a migration that
    ///   has run is no longer what it was.
    public func plan() async throws -> [Migration] {
        let dialect = database.dialect
        let applied = try await database.read { session in
            try isFresh(session) ? [] : try self.applied(session)
        }
        return try pending(after: applied).map { migration in
            Migration(number: migration.number, name: migration.name, statements: migration.statements(for: dialect))
        }
    }

    /// Runs what is pending and returns it. Two programs that start at once do it once.
    @discardableResult
    public func migrate() async throws -> [Migration] {
        try await database.write { session in
            if session.dialect == .postgresql { try session.forEach(Self.lock, []) { _ in } }
            try session.execute(session.dialect.schema(table))
        }
        var done: [Migration] = []
        for migration in migrations {
            let ran = try await database.write { session -> Bool in
                if session.dialect == .postgresql { try session.forEach(Self.lock, []) { _ in } }
                guard try pending(after: applied(session)).contains(migration) else { return false }
                for statement in migration.statements(for: session.dialect) { try session.execute(statement) }
                try session.execute(
                    "INSERT INTO \(ledger) (number, name, checksum) VALUES (?, ?, ?)",
                    [.integer(Int64(migration.number)), .text(migration.name), .text(migration.checksum)])
                return true
            }
            if ran { done.append(migration) }
        }
        return done
    }

    private var table: String {
        """
        CREATE TABLE IF NOT EXISTS \(ledger) (
            number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)
        """
    }
    /// Any constant will do, if all our programs use it.
    private static let lock = "SELECT pg_advisory_xact_lock(7201957)"

    private struct Applied {
        let number: Int
        let checksum: String
    }

    private func isFresh(_ session: any ReadSession) throws -> Bool {
        let catalog =
            session.dialect == .sqlite
            ? "SELECT 1 FROM sqlite_master WHERE name = ?"
            : "SELECT 1 FROM information_schema.tables WHERE table_name = ? AND table_schema = current_schema()"
        return try session.first(catalog, [.text(ledger)]) { try $0.integer(0) } == nil
    }

    private func applied(_ session: any ReadSession) throws -> [Applied] {
        try session.all("SELECT number, checksum FROM \(ledger) ORDER BY number") {
            Applied(number: Int(try $0.integer(0)), checksum: try $0.text(1))
        }
    }

    private func pending(after applied: [Applied]) throws -> [Migration] {
        let known = migrations.count
        if let last = applied.last, last.number > known {
            throw StorageError.newerSchema(found: last.number, known: known)
        }
        for row in applied {
            guard let migration = migrations.first(where: { $0.number == row.number }),
                migration.checksum == row.checksum
            else { throw StorageError.refused(message: "migration \(row.number) is not the one that ran here") }
        }
        let ran = Set(applied.map(\.number))
        return migrations.filter { !ran.contains($0.number) }
    }
}

extension Migration {
    /// Changes with any change of the statements (FNV-1a, 64 bits): it guards against editing by mistake, not malice.
    var checksum: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        let own = [Dialect.sqlite, .postgresql].flatMap { only[$0, default: []] }
        for byte in (statements + own).joined(separator: ";").utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3  // FNV's multiplication wraps.
        }
        return String(hash, radix: 16)
    }
}
