public import CivilTime
public import Sealing
public import StorageKit
import Trips

/// Keeps letters in the transaction that causes them, each with its one piece of work.
public struct LetterBox: Sendable {
    let key: SealingKey
    let queue: WorkQueue

    public init(key: SealingKey, queue: WorkQueue) { (self.key, self.queue) = (key, queue) }

    /// The work of sending one letter; its key is the letter's id.
    public static let work = "mail"
    private static let purpose = "letters.body"

    /// Keeps a letter to be sent.
    /// - Throws: `.invalid` where the address or the subject would break out of its line.
    public func post(_ draft: LetterDraft, at now: Instant, in session: any WriteSession) throws {
        for (name, text) in [("email", draft.to), ("subject", draft.subject)]
        where text.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) {
            throw SeasonError.invalid(name, "wants one line")
        }
        let id = "ltr_" + Crypto.hex(Crypto.random(12))
        try session.execute(
            """
            INSERT INTO letters (letter_id, service_id, address, subject, body, calendar, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(id), SQLValue(draft.service?.value), .text(draft.to), .text(draft.subject),
                .blob(seal(draft.body)), SQLValue(draft.calendar.map(seal)), .integer(now.seconds),
            ])
        try queue.enqueue(Work(kind: Self.work, key: id), in: session)
    }

    func seal(_ text: String) -> [UInt8] { key.seal(Secret(text), for: Self.purpose) }

    func open(_ sealed: [UInt8]) throws -> String { try key.open(sealed, for: Self.purpose).reveal() }
}
