import StorageKit

/// The table of requests that applications made, for their developers.
enum RequestTable {
    static func migration(number: Int) -> Migration {
        Migration(
            number: number, name: "requests",
            statements: [
                """
                CREATE TABLE requests (
                    client_id TEXT NOT NULL, request BIGINT NOT NULL, request_id TEXT NOT NULL, account_id TEXT,
                    at_ms BIGINT NOT NULL, took_ms BIGINT NOT NULL, method TEXT NOT NULL, route TEXT NOT NULL,
                    query TEXT NOT NULL, body TEXT NOT NULL, status BIGINT NOT NULL, answer TEXT NOT NULL,
                    PRIMARY KEY (client_id, request))
                """,
                "CREATE INDEX requests_by_time ON requests (at_ms)",
            ])
    }
}
