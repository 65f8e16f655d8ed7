public import CivilTime
import Sealing
public import StorageKit

/// A letter to somebody. It may hold a link that signs in, so it is sealed where it is kept.
public struct Letter: Hashable, Sendable {
    public let id: String
    public let to, subject, body: String
    public let created: Instant
    public let wasSent: Bool
}

extension SeasonStore {
    /// The work of sending one letter; its key is the letter's id.
    public static let letterWork = "mail"
    private static let purpose = "letters.body"

    /// Keeps a letter to be sent: its sending is queued in the same transaction.
    /// - Throws: `.invalid` where the address or the subject would break out of its line.
    public func send(to address: String, subject: String, body: String) async throws {
        for (name, text) in [("email", address), ("subject", subject)]
        where text.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) {
            throw SeasonError.invalid(name, "wants one line")
        }
        let id = "ltr_" + Crypto.hex(Crypto.random(12))
        let (sealed, now, queue) = (key.seal(Secret(body), for: Self.purpose), now().seconds, queue)
        try await database.write { session in
            try session.execute(
                "INSERT INTO letters (letter_id, address, subject, body, created_at) VALUES (?, ?, ?, ?, ?)",
                [.text(id), .text(address), .text(subject), .blob(sealed), .integer(now)])
            try queue.enqueue(Work(kind: Self.letterWork, key: id, runAt: 0, payload: ""), in: session)
        }
    }

    public func letter(_ id: String) async throws -> Letter? { try await letters("WHERE letter_id = ?", [.text(id)]).first }

    /// The newest letters.
    public func letters(limit: Int = 100) async throws -> [Letter] {
        try await letters("ORDER BY created_at DESC, letter_id LIMIT ?", [.integer(Int64(limit))])
    }

    private func letters(_ rest: String, _ arguments: [SQLValue]) async throws -> [Letter] {
        try await database.read { session in
            try session.all(
                "SELECT letter_id, address, subject, body, created_at, sent_at FROM letters \(rest)", arguments
            ) { row in
                Letter(
                    id: try row.text(0), to: try row.text(1), subject: try row.text(2),
                    body: try key.open(try row.blob(3), for: Self.purpose).reveal(),
                    created: Instant(seconds: try row.integer(4)), wasSent: try row.optionalInteger(5) != nil)
            }
        }
    }

    /// Notes that a letter went out, in the transaction that ends its work; what it said is not kept any longer.
    public func sent(_ id: String, at now: Instant, in session: any WriteSession) throws {
        try session.execute(
            "UPDATE letters SET sent_at = ?, body = ? WHERE letter_id = ?",
            [.integer(now.seconds), .blob(key.seal(Secret(""), for: Self.purpose)), .text(id)])
    }
}
