public import StorageKit

/// The platform's tables. Every hot table leads with the account, which is also the key to distribute by. Instants are
/// seconds since 1970; flags are 0 and 1; `number` columns are drawn from `accounts.next_number`, so that they are small
/// and mean something only within their account.
public enum PlatformSchema {
    /// Published migrations are never edited; a change is a new one at the end.
    public static let migrations: [Migration] = [
        Migration(
            number: 1, name: "applications and accounts",
            statements: [
                """
                CREATE TABLE applications (
                    client_id TEXT PRIMARY KEY, name TEXT NOT NULL, secret_hash BYTEA NOT NULL UNIQUE,
                    secret_sealed BYTEA NOT NULL, redirect_uris TEXT NOT NULL, created_at BIGINT NOT NULL)
                """,
                """
                CREATE TABLE accounts (
                    account_id TEXT PRIMARY KEY, email TEXT NOT NULL, name TEXT, zone TEXT NOT NULL,
                    version BIGINT NOT NULL DEFAULT 0, next_number BIGINT NOT NULL DEFAULT 1,
                    created_at BIGINT NOT NULL)
                """,
                """
                CREATE TABLE grants (
                    account_id TEXT NOT NULL REFERENCES accounts, client_id TEXT NOT NULL REFERENCES applications,
                    scope TEXT NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (account_id, client_id))
                """,
                "CREATE INDEX grants_by_client ON grants (client_id, account_id)",
                """
                CREATE TABLE tokens (
                    hash BYTEA PRIMARY KEY, kind TEXT NOT NULL, account_id TEXT NOT NULL REFERENCES accounts,
                    client_id TEXT NOT NULL REFERENCES applications, scope TEXT NOT NULL, expires_at BIGINT,
                    created_at BIGINT NOT NULL)
                """,
                "CREATE INDEX tokens_by_account ON tokens (account_id, client_id)",
                """
                CREATE TABLE sign_ins (
                    hash BYTEA PRIMARY KEY, kind TEXT NOT NULL, account_id TEXT, expires_at BIGINT NOT NULL,
                    created_at BIGINT NOT NULL)
                """,
                "CREATE TABLE seal_keys (key_id TEXT PRIMARY KEY, proof BYTEA NOT NULL)",
            ]),
        Migration(
            number: 2, name: "profiles and calendars",
            statements: [
                """
                CREATE TABLE profiles (
                    account_id TEXT NOT NULL REFERENCES accounts, profile_id TEXT NOT NULL, provider TEXT NOT NULL,
                    name TEXT NOT NULL, identity TEXT NOT NULL, address TEXT NOT NULL, username TEXT,
                    credential BYTEA, state TEXT NOT NULL, cause TEXT, explanation TEXT, state_since BIGINT NOT NULL,
                    failures BIGINT NOT NULL DEFAULT 0, paused BIGINT NOT NULL DEFAULT 0,
                    initial_sync_done BIGINT NOT NULL DEFAULT 0, listed_at BIGINT, created_at BIGINT NOT NULL,
                    PRIMARY KEY (account_id, profile_id), UNIQUE (account_id, provider, identity))
                """,
                """
                CREATE TABLE calendars (
                    account_id TEXT NOT NULL REFERENCES accounts, calendar BIGINT NOT NULL, calendar_id TEXT NOT NULL,
                    profile_id TEXT NOT NULL, remote_id TEXT NOT NULL, name TEXT NOT NULL, read_only BIGINT NOT NULL,
                    is_primary BIGINT NOT NULL, deleted BIGINT NOT NULL DEFAULT 0, color TEXT, zone TEXT,
                    blocks_time BIGINT NOT NULL, counted BIGINT NOT NULL, change_tag TEXT, sync_cursor TEXT,
                    reading BIGINT NOT NULL DEFAULT 0, generation BIGINT NOT NULL DEFAULT 0,
                    empty_reads BIGINT NOT NULL DEFAULT 0, synced_at BIGINT, read_at BIGINT, incomplete TEXT, window_end BIGINT,
                    created_at BIGINT NOT NULL,
                    PRIMARY KEY (account_id, calendar), UNIQUE (account_id, calendar_id),
                    UNIQUE (account_id, profile_id, remote_id))
                """,
            ]),
        Migration(
            number: 3, name: "items, events and occurrences",
            statements: [
                """
                CREATE TABLE items (
                    account_id TEXT NOT NULL, item BIGINT NOT NULL, calendar BIGINT NOT NULL, remote_id TEXT NOT NULL,
                    version TEXT, uid TEXT NOT NULL, hash BYTEA NOT NULL, body TEXT NOT NULL,
                    generation BIGINT NOT NULL, deleted BIGINT NOT NULL, repeats BIGINT NOT NULL,
                    client_id TEXT, event_id TEXT, pending BIGINT NOT NULL DEFAULT 0, synced_body TEXT,
                    fault TEXT, fault_at BIGINT, PRIMARY KEY (account_id, item),
                    UNIQUE (account_id, calendar, remote_id))
                """,
                "CREATE INDEX items_by_event_id ON items (account_id, event_id) WHERE event_id IS NOT NULL",
                "CREATE INDEX items_pending ON items (account_id, calendar) WHERE pending > 0",
                """
                CREATE TABLE components (
                    account_id TEXT NOT NULL, item BIGINT NOT NULL, component BIGINT NOT NULL, summary TEXT,
                    description TEXT, location TEXT, url TEXT, status TEXT NOT NULL, transparency TEXT NOT NULL,
                    private BIGINT NOT NULL, participation TEXT NOT NULL, people TEXT, categories TEXT,
                    created_at BIGINT, updated_at BIGINT, PRIMARY KEY (account_id, item, component))
                """,
                """
                CREATE TABLE occurrences (
                    account_id TEXT NOT NULL, item BIGINT NOT NULL, recurrence BIGINT NOT NULL,
                    calendar BIGINT NOT NULL, component BIGINT NOT NULL, start_at BIGINT NOT NULL,
                    end_at BIGINT NOT NULL, start_day BIGINT, end_day BIGINT, start_zone TEXT, end_zone TEXT,
                    weight BIGINT NOT NULL, deleted BIGINT NOT NULL, changed_at BIGINT NOT NULL,
                    first_start BIGINT NOT NULL, last_end BIGINT NOT NULL, PRIMARY KEY (account_id, item, recurrence))
                """,
                "CREATE INDEX occurrences_by_start ON occurrences (account_id, start_at, item, recurrence)",
                """
                CREATE TABLE native_calendars (
                    account_id TEXT NOT NULL REFERENCES accounts, remote_id TEXT NOT NULL, name TEXT NOT NULL,
                    zone TEXT, sequence BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (account_id, remote_id))
                """,
                """
                CREATE TABLE native_items (
                    account_id TEXT NOT NULL, calendar TEXT NOT NULL, remote_id TEXT NOT NULL, version TEXT NOT NULL,
                    body TEXT NOT NULL, sequence BIGINT NOT NULL, deleted BIGINT NOT NULL,
                    PRIMARY KEY (account_id, calendar, remote_id))
                """,
                "CREATE INDEX native_items_by_sequence ON native_items (account_id, calendar, sequence)",
            ]),
        WorkQueue.migration(number: 4),
        Migration(
            number: 5, name: "authorization",
            statements: [
                "ALTER TABLE applications ADD COLUMN is_public BIGINT NOT NULL DEFAULT 0",
                """
                CREATE TABLE retiring_secrets (
                    secret_hash BYTEA PRIMARY KEY, client_id TEXT NOT NULL REFERENCES applications,
                    secret_sealed BYTEA NOT NULL, expires_at BIGINT NOT NULL)
                """,
                "CREATE INDEX retiring_secrets_by_client ON retiring_secrets (client_id)",
                // Who opened the account to the application: 'person', 'application', or the id of another account.
                "ALTER TABLE grants ADD COLUMN granted_by TEXT NOT NULL DEFAULT 'person'",
                "ALTER TABLE grants ADD COLUMN delegated_scope TEXT",
                "CREATE INDEX grants_by_granter ON grants (granted_by, client_id)",
                "ALTER TABLE tokens ADD COLUMN family TEXT",
                "ALTER TABLE tokens ADD COLUMN spent_at BIGINT",
                "ALTER TABLE tokens ADD COLUMN successor BYTEA",
                "CREATE INDEX tokens_by_family ON tokens (family) WHERE family IS NOT NULL",
                """
                CREATE TABLE authorization_codes (
                    hash BYTEA PRIMARY KEY, client_id TEXT NOT NULL, account_id TEXT NOT NULL, redirect_uri TEXT NOT NULL,
                    scope TEXT NOT NULL, challenge TEXT, profile_id TEXT, family TEXT NOT NULL,
                    expires_at BIGINT NOT NULL, used_at BIGINT)
                """,
                "CREATE INDEX authorization_codes_by_account ON authorization_codes (account_id, client_id)",
                """
                CREATE TABLE link_tokens (
                    hash BYTEA PRIMARY KEY, account_id TEXT NOT NULL, client_id TEXT NOT NULL,
                    expires_at BIGINT NOT NULL)
                """,
                """
                CREATE TABLE application_calendars (
                    client_id TEXT NOT NULL REFERENCES applications, application_calendar_id TEXT NOT NULL,
                    account_id TEXT NOT NULL UNIQUE REFERENCES accounts,
                    PRIMARY KEY (client_id, application_calendar_id))
                """,
                // What was consented to and until when; outlives what it was about.
                """
                CREATE TABLE consents (
                    account_id TEXT NOT NULL, client_id TEXT NOT NULL, given_at BIGINT NOT NULL, scope TEXT NOT NULL,
                    given_by TEXT NOT NULL, withdrawn_at BIGINT, PRIMARY KEY (account_id, client_id, given_at))
                """,
                // What a disconnect deleted; outlives it, and keeps the profile's id for whoever connects it again.
                """
                CREATE TABLE receipts (
                    account_id TEXT NOT NULL, profile_id TEXT NOT NULL, provider TEXT NOT NULL,
                    identity_hash BYTEA NOT NULL, calendars BIGINT NOT NULL, items BIGINT NOT NULL,
                    cause TEXT NOT NULL, removed_at BIGINT NOT NULL,
                    PRIMARY KEY (account_id, profile_id, removed_at))
                """,
            ]),
        NotificationTables.migration(number: 6),
        AccessSchema.migration(number: 7),
        writes(number: 8),
        managedAvailability(number: 9),
        RequestTable.migration(number: 10),
        AccessSchema.domains(number: 11),
        // By lines: every address that the provider knows the person by.
        Migration(number: 12, name: "addresses", statements: ["ALTER TABLE profiles ADD COLUMN addresses TEXT"]),
        // Until when a renewal of the credential may be under way; 0: one was, and nobody knows what became of it.
        Migration(
            number: 13, name: "renewals", statements: ["ALTER TABLE profiles ADD COLUMN renewing_until BIGINT"]),
    ]
}
