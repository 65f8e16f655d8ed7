import StorageKit

/// Tables of what is granted beside the scopes of a token.
enum AccessSchema {
    static func migration(number: Int) -> Migration {
        Migration(
            number: number, name: "permissions, element tokens and provisioning",
            statements: [
                // A row: the application may change what it did not make.
                """
                CREATE TABLE calendar_permissions (
                    account_id TEXT NOT NULL, calendar BIGINT NOT NULL, client_id TEXT NOT NULL,
                    granted_at BIGINT NOT NULL, PRIMARY KEY (account_id, calendar, client_id))
                """,
                """
                CREATE TABLE element_tokens (
                    hash BYTEA PRIMARY KEY, client_id TEXT NOT NULL REFERENCES applications, permissions TEXT NOT NULL,
                    subs TEXT NOT NULL, origin TEXT NOT NULL, expires_at BIGINT NOT NULL)
                """,
                // What an application asks its operator to allow; the last word stands.
                """
                CREATE TABLE application_verifications (
                    client_id TEXT PRIMARY KEY REFERENCES applications, redirect_uris TEXT NOT NULL,
                    contact_email TEXT NOT NULL, contact_name TEXT, asked_at BIGINT NOT NULL)
                """,
                "CREATE TABLE admin_keys (hash BYTEA PRIMARY KEY, created_at BIGINT NOT NULL)",
            ])
    }

    /// Administrators' ways into the calendars of domains.
    static func domains(number: Int) -> Migration {
        Migration(
            number: number, name: "service accounts",
            statements: [
                """
                CREATE TABLE service_accounts (
                    account_id TEXT PRIMARY KEY REFERENCES accounts, domain TEXT NOT NULL, address TEXT NOT NULL,
                    username TEXT NOT NULL, credential BYTEA NOT NULL, pattern TEXT NOT NULL)
                """
            ])
    }
}
