public import StorageKit
import Foundation
import SQLite

/// A fresh, empty database for one test.
public struct TestDatabase: Sendable {
    public enum Kind: String, Sendable, CaseIterable { case sqlite }

    /// The databases every storage test runs on.
    public static let kinds = Kind.allCases

    public let database: any Database
    private let path: String

    public static func make(_ kind: Kind = .sqlite) async throws -> TestDatabase {
        let path = NSTemporaryDirectory() + "anchorpoint-test-\(UUID().uuidString).sqlite"
        return TestDatabase(database: try await SQLiteDatabase.open(path: path), path: path)
    }

    public func close() async {
        await database.close()
        for suffix in ["", "-wal", "-shm", ".lock"] { _ = unlink(path + suffix) }
    }
}
