import StorageKit

extension PlatformSchema {
    /// What became of writes, who changed an event, and what can be attached to one.
    static func writes(number: Int) -> Migration {
        Migration(
            number: number, name: "writes and their outcome",
            statements: [
                "DROP INDEX items_by_event_id",
                """
                CREATE UNIQUE INDEX items_by_event_id ON items (account_id, client_id, event_id, calendar)
                WHERE event_id IS NOT NULL
                """,
                "ALTER TABLE items ADD COLUMN write_fault TEXT",
                "ALTER TABLE items ADD COLUMN refused_at BIGINT",
                "ALTER TABLE items ADD COLUMN overruled TEXT",
                "ALTER TABLE occurrences ADD COLUMN outside_at BIGINT NOT NULL DEFAULT 0",
                "ALTER TABLE components ADD COLUMN geo TEXT",
                "ALTER TABLE components ADD COLUMN join_url TEXT",
                """
                CREATE TABLE attachments (
                    attachment_id TEXT PRIMARY KEY, client_id TEXT NOT NULL REFERENCES applications,
                    file_name TEXT NOT NULL, content_type TEXT NOT NULL, content BYTEA NOT NULL,
                    created_at BIGINT NOT NULL)
                """,
            ])
    }

    /// The open hours that applications keep for accounts.
    static func managedAvailability(number: Int) -> Migration {
        Migration(
            number: number, name: "managed availability",
            statements: [
                """
                CREATE TABLE available_periods (
                    account_id TEXT NOT NULL REFERENCES accounts, client_id TEXT NOT NULL REFERENCES applications,
                    period_id TEXT NOT NULL, start_at BIGINT NOT NULL, end_at BIGINT NOT NULL, zone TEXT,
                    PRIMARY KEY (account_id, client_id, period_id))
                """,
                """
                CREATE INDEX available_periods_by_start ON available_periods
                    (account_id, client_id, start_at, period_id)
                """,
                """
                CREATE TABLE availability_rules (
                    account_id TEXT NOT NULL REFERENCES accounts, client_id TEXT NOT NULL REFERENCES applications,
                    rule_id TEXT NOT NULL, zone TEXT NOT NULL, calendars TEXT, weekly TEXT NOT NULL,
                    PRIMARY KEY (account_id, client_id, rule_id))
                """,
            ])
    }
}
