public import CivilTime
import GuardedHTTP

/// Hands messages to the operator's mail server, one connection each, by libcurl's SMTP.
public struct MailSender: Sendable {
    public let server: MailServer
    public let from: MailSenderName
    /// Milliseconds for a connection, and for all of one letter.
    var connectTime = 15_000
    var wholeTime = 60_000

    public init(server: MailServer, from: MailSenderName) { (self.server, self.from) = (server, from) }

    /// Sends one letter.
    /// - Parameter id: the same at every try; it becomes the Message-ID.
    public func send(
        id: String, to: MailAddress, subject: String, text: String, calendar: String?, date: Instant
    ) async -> MailOutcome {
        let message = MailMessage(
            id: id, from: from, to: to, subject: subject, text: text, calendar: calendar, date: date)
        return await run { SMTPExchange(server, from: from.address, to: to, message: message.bytes) }
    }

    /// Whether the server lets us in: connects, starts TLS and signs in, and sends nothing.
    public func probe() async -> MailOutcome { await run { SMTPExchange(server, from: from.address) } }

    private func run(_ make: @escaping @Sendable () -> SMTPExchange) async -> MailOutcome {
        await withCheckedContinuation { done in
            let (connect, whole) = (connectTime, wholeTime)
            let isRun = BlockingThread.run {
                done.resume(returning: make().perform(connectTime: connect, wholeTime: whole))
            }
            if !isRun { done.resume(returning: .later("this machine has no thread left")) }
        }
    }
}
