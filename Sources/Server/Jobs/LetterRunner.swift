import CivilTime
public import Logging
public import Mail
public import Season
public import ServiceLifecycle
import StorageKit

/// Sends the letters that were kept, each by its one piece of work: tried again while the mail server does not take them,
/// set aside with what it said where it never will.
public struct LetterRunner: Service {
    private let store: SeasonStore
    private let mail: MailSender
    private let loop: WorkLoop

    /// Seconds after which a letter is not sent any more: what it says is out of date, and its links have expired.
    public static let life: Int64 = 2 * 86_400
    private static let longestPause: Int64 = 3_600

    public init(
        store: SeasonStore, mail: MailSender, logger: Logger, pause: @escaping @Sendable (Duration) async -> Void
    ) {
        (self.store, self.mail) = (store, mail)
        let now = store.now
        loop = WorkLoop(
            queue: store.queue, database: store.database, kinds: [LetterBox.work], logger: logger, pause: pause,
            givingUp: { _, id, session in
                try SeasonStore.failed(id, "could not be sent", isFinal: true, at: now(), in: session)
            })
    }

    /// Runs until the process is asked to stop.
    public func run() async throws { await loop.run { try await perform($0) } }

    /// Claims and does what is due now, and returns how many pieces were done.
    public func runOnce() async -> Int { await loop.runOnce { try await perform($0) } }

    private func perform(_ work: LeasedWork) async throws {
        guard let letter = try await store.letter(work.key) else { return try await finish(work) { _ in } }
        if case .sent = letter.state { return try await finish(work) { _ in } }
        let age = store.now().seconds - letter.created.seconds
        guard age < Self.life else {
            return try await giveUp(work, letter.trouble ?? "it waited for two days and is out of date")
        }
        guard let address = MailAddress(letter.to) else {
            return try await giveUp(work, "this is no address that mail can be sent to")
        }
        switch await mail.send(
            id: letter.id, to: address, subject: letter.subject, text: letter.body, calendar: letter.calendar,
            date: letter.created)
        {
        case .taken:
            let (store, now) = (store, store.now())
            try await finish(work) { try store.sent(letter.id, at: now, in: $0) }
        case .later(let reason): try await tryAgain(work, reason)
        case .refused(let reason): try await giveUp(work, reason)
        }
    }

    private func finish(
        _ work: LeasedWork, _ body: @escaping @Sendable (any WriteSession) throws -> Void
    ) async throws {
        let queue = store.queue
        try await store.database.write { session in
            try queue.complete(work, in: session)
            try body(session)
        }
    }

    /// Half a minute, then twice as long each time, at most an hour.
    private func tryAgain(_ work: LeasedWork, _ reason: String) async throws {
        try await note(work, reason, isFinal: false)
        let pause = min(Int64(15) << min(work.attempts, 10), Self.longestPause)
        try await store.queue.fail(work, error: reason, retry: .after(pause))
    }

    private func giveUp(_ work: LeasedWork, _ reason: String) async throws {
        try await note(work, reason, isFinal: true)
        try await store.queue.fail(work, error: reason, retry: .never)
    }

    private func note(_ work: LeasedWork, _ reason: String, isFinal: Bool) async throws {
        let now = store.now()
        try await store.database.write { session in
            try SeasonStore.failed(work.key, reason, isFinal: isFinal, at: now, in: session)
        }
    }
}
