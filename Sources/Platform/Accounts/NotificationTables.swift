import StorageKit

/// The tables of channels: who is told, what is still to be told, and what was.
enum NotificationTables {
    static func migration(number: Int) -> Migration {
        Migration(
            number: number, name: "channels, notices and deliveries",
            statements: [
                // `waiting`: has notices. A channel's lease is what keeps its notices in order.
                """
                CREATE TABLE channels (
                    account_id TEXT NOT NULL, channel_id TEXT NOT NULL, client_id TEXT NOT NULL,
                    callback_url TEXT NOT NULL, destination TEXT NOT NULL, calendar_ids TEXT, only_managed BIGINT,
                    created_at BIGINT NOT NULL, closed_at BIGINT, close_reason TEXT, waiting BIGINT NOT NULL DEFAULT 0,
                    last_number BIGINT NOT NULL DEFAULT 0, next_at BIGINT NOT NULL DEFAULT 0,
                    leased_until BIGINT NOT NULL DEFAULT 0, fence BIGINT NOT NULL DEFAULT 0,
                    failures BIGINT NOT NULL DEFAULT 0, failing_since BIGINT, PRIMARY KEY (account_id, channel_id))
                """,
                "CREATE INDEX channels_due ON channels (next_at, account_id, channel_id) WHERE waiting = 1",
                "CREATE INDEX channels_by_client ON channels (client_id, created_at)",
                """
                CREATE TABLE notices (
                    account_id TEXT NOT NULL, channel_id TEXT NOT NULL, number BIGINT NOT NULL, type TEXT NOT NULL,
                    changes_since BIGINT, message_id TEXT NOT NULL, tried BIGINT NOT NULL DEFAULT 0,
                    created_ms BIGINT NOT NULL, PRIMARY KEY (account_id, channel_id, number))
                """,
                // Changes join a notice only until it is first tried.
                "CREATE UNIQUE INDEX notices_joinable ON notices (account_id, channel_id, type) WHERE tried = 0",
                """
                CREATE TABLE deliveries (
                    client_id TEXT NOT NULL, delivery BIGINT NOT NULL, account_id TEXT NOT NULL,
                    channel_id TEXT NOT NULL, message_id TEXT NOT NULL, type TEXT NOT NULL, attempt BIGINT NOT NULL,
                    tried_ms BIGINT NOT NULL, waited_ms BIGINT NOT NULL, took_ms BIGINT NOT NULL, status BIGINT,
                    outcome TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (client_id, delivery))
                """,
                "CREATE INDEX deliveries_by_time ON deliveries (tried_ms)",
                "CREATE INDEX deliveries_by_message ON deliveries (message_id)",
            ])
    }
}
