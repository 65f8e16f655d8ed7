import Foundation
import PostgreSQL
import SQLite
public import StorageKit

/// A fresh, empty database for one test.
public struct TestDatabase: Sendable {
    public enum Kind: String, Sendable, CaseIterable { case sqlite, postgresql }

    /// The databases every storage test runs on.
    public static let kinds = Kind.allCases

    public let database: any Database
    /// Where a second server would open it; nil for a file, which one process holds.
    public let url: String?
    private let cleanUp: @Sendable () async -> Void

    public static func make(_ kind: Kind = .sqlite) async throws -> TestDatabase {
        switch kind {
        case .sqlite:
            let path = NSTemporaryDirectory() + "anchorpoint-test-\(UUID().uuidString).sqlite"
            return TestDatabase(database: try await SQLiteDatabase.open(path: path), url: nil) {
                for suffix in ["", "-wal", "-shm", ".lock"] { _ = unlink(path + suffix) }
            }
        case .postgresql:
            let url = try await PostgresServer.shared.freshDatabase()
            return TestDatabase(database: try await PostgreSQLDatabase.open(url: url), url: url) {}
        }
    }

    private init(database: any Database, url: String?, cleanUp: @escaping @Sendable () async -> Void) {
        (self.database, self.url, self.cleanUp) = (database, url, cleanUp)
    }

    public func close() async {
        await database.close()
        await cleanUp()
    }
}
