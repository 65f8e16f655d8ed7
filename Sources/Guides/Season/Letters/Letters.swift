public import CivilTime
import Sealing
public import StorageKit
public import Trips

extension SeasonStore {
    /// Where letters are posted within a transaction.
    public var letterBox: LetterBox { LetterBox(key: key, queue: queue) }

    /// Keeps a letter to be sent: its sending is queued in the same transaction.
    /// - Throws: `.invalid` where the address or the subject would break out of its line.
    public func send(
        to address: String, subject: String, body: String, calendar: String? = nil, of service: ServiceID? = nil
    ) async throws {
        let (box, now) = (letterBox, now())
        let draft = LetterDraft(to: address, subject: subject, body: body, calendar: calendar, of: service)
        try await database.write { try box.post(draft, at: now, in: $0) }
    }

    public func letter(_ id: String) async throws -> Letter? {
        try await letters("WHERE letter_id = ?", [.text(id)]).first
    }

    /// The newest letters.
    public func letters(limit: Int = 100) async throws -> [Letter] {
        try await letters("ORDER BY created_at DESC, letter_id LIMIT ?", [.integer(Int64(limit))])
    }

    /// The newest letters that concern a service.
    public func letters(of service: ServiceID, limit: Int = 200) async throws -> [Letter] {
        try await letters(
            "WHERE service_id = ? ORDER BY created_at DESC, letter_id LIMIT ?",
            [.text(service.value), .integer(Int64(limit))])
    }

    /// How many letters of a service no mail server takes.
    public func refusedLetters(of service: ServiceID) async throws -> Int {
        try await database.read { session in
            try session.first(
                "SELECT COUNT(*) FROM letters WHERE service_id = ? AND refused_at IS NOT NULL", [.text(service.value)]
            ) { Int(try $0.integer(0)) } ?? 0
        }
    }

    private func letters(_ rest: String, _ arguments: [SQLValue]) async throws -> [Letter] {
        let box = letterBox
        return try await database.read { session in
            try session.all(
                """
                SELECT letter_id, service_id, address, subject, body, calendar, created_at, sent_at, refused_at, trouble
                FROM letters \(rest)
                """, arguments
            ) { row in
                let sent = try row.optionalInteger(7).map { Letter.State.sent(Instant(seconds: $0)) }
                let refused = try row.optionalInteger(8).map { Letter.State.refused(Instant(seconds: $0)) }
                return Letter(
                    id: try row.text(0), service: try row.optionalText(1).map { ServiceID($0) }, to: try row.text(2),
                    subject: try row.text(3), body: try box.open(try row.blob(4)),
                    calendar: try row.optionalBlob(5).map(box.open), created: Instant(seconds: try row.integer(6)),
                    state: sent ?? refused ?? .waiting, trouble: try row.optionalText(9))
            }
        }
    }

    /// Notes that a letter went out, in the transaction that ends its work; what it said is not kept any longer.
    public func sent(_ id: String, at now: Instant, in session: any WriteSession) throws {
        try session.execute(
            """
            UPDATE letters SET sent_at = ?, refused_at = NULL, trouble = NULL, body = ?, calendar = NULL
            WHERE letter_id = ?
            """, [.integer(now.seconds), .blob(letterBox.seal("")), .text(id)])
    }

    /// Notes what went wrong with a letter, and whether that was the last try.
    public static func failed(
        _ id: String, _ trouble: String, isFinal: Bool, at now: Instant, in session: any WriteSession
    ) throws {
        try session.execute(
            "UPDATE letters SET trouble = ?, refused_at = ? WHERE letter_id = ? AND sent_at IS NULL",
            [.text(String(trouble.prefix(300))), SQLValue(isFinal ? now.seconds : nil), .text(id)])
    }
}
