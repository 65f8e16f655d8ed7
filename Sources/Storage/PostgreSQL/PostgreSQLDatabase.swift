public import StorageKit

/// Stands until the connection over libpq lands.
public enum PostgreSQLDatabase {
    public static func open(url: String) async throws -> any Database {
        throw StorageError.unavailable(reason: "PostgreSQL is not part of this build yet")
    }
}
