import Season
import StorageKit
import Support
import Testing

@Suite("A guide's time in the database")
struct SeasonSchemaTests {
    private func add(
        _ id: String, _ start: Int64, _ end: Int64, overridden: Bool = false, to database: any Database
    ) async throws {
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO commitments (subject, commitment_id, service_id, trip_id, start_at, end_at, overridden)
                VALUES ('per_1', ?, 'svc_1', 'trp_1', ?, ?, ?)
                """, [.text(id), .integer(start), .integer(end), SQLValue(overridden)])
        }
    }

    @Test("the database itself refuses two commitments of one guide that overlap", arguments: TestDatabase.kinds)
    func overlap(kind: TestDatabase.Kind) async throws {
        let test = try await TestDatabase.make(kind)
        let database = test.database
        try await Migrator(database, migrations: SeasonSchema.migrations, ledger: SeasonSchema.ledger).migrate()
        try await add("a", 100, 200, to: database)
        try await add("b", 200, 300, to: database)
        for (start, end) in [(150, 160), (50, 101), (199, 400), (0, 1000)] as [(Int64, Int64)] {
            await #expect(throws: StorageError.constraint(name: "commitments_overlap")) {
                try await add("c", start, end, to: database)
            }
        }
        await #expect(throws: StorageError.constraint(name: "commitments_overlap")) {
            try await database.write { try $0.execute("UPDATE commitments SET end_at = 201 WHERE commitment_id = 'a'") }
        }
        try await add("d", 150, 160, overridden: true, to: database)
        await test.close()
    }
}
