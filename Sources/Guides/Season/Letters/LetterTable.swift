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
}
