import StorageKit

/// Letters that wait for a mail server, or went out.
enum LetterTable {
    static func migration(number: Int) -> Migration {
        Migration(
            number: number, name: "letters",
            statements: [
                """
                CREATE TABLE letters (
                    letter_id TEXT PRIMARY KEY, address TEXT NOT NULL, subject TEXT NOT NULL, body BYTEA NOT NULL,
                    created_at BIGINT NOT NULL, sent_at BIGINT)
                """
            ])
    }

    /// Whose office a letter concerns, the date it brings with it, and what a mail server said to it.
    static func delivery(number: Int) -> Migration {
        Migration(
            number: number, name: "letters' delivery",
            statements: [
                "ALTER TABLE letters ADD COLUMN service_id TEXT",
                "ALTER TABLE letters ADD COLUMN calendar BYTEA",
                "ALTER TABLE letters ADD COLUMN refused_at BIGINT",
                "ALTER TABLE letters ADD COLUMN trouble TEXT",
                "CREATE INDEX letters_by_service ON letters (service_id, created_at)",
            ])
    }

    /// Which cut calendars were told of, so that each is told once.
    static func cuts(number: Int) -> Migration {
        Migration(
            number: number, name: "letters of cut calendars",
            statements: [
                """
                CREATE TABLE cut_letters (
                    person_id TEXT NOT NULL REFERENCES people, thing TEXT NOT NULL, since BIGINT NOT NULL,
                    told_at BIGINT NOT NULL, PRIMARY KEY (person_id, thing, since))
                """
            ])
    }
}
