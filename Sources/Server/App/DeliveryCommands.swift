import Accounts
import CivilTime
import CronofySigning
import CronofyWire
import Notifications
import StorageKit

/// `anchorpoint deliveries` and `anchorpoint listen`: what an application was sent, and sending it again.
struct DeliveryCommands: Sendable {
    let platform: AnchorpointPlatform

    private var log: DeliveryLog { DeliveryLog(accounts: platform.accounts) }

    func list(
        _ client: String, channel: String?, failed: Bool, after: Int64?
    ) async throws -> (json: String, text: String) {
        let id = try await known(client)
        var question = DeliveryLog.Question(client: id)
        (question.channel, question.failedOnly, question.after) = (channel.map { ChannelID($0) }, failed, after)
        if after != nil { question.limit = 1000 }
        let found = try await log.deliveries(question)
        let secrets = try await platform.database.read { try platform.accounts.liveSecrets(of: id, in: $0) }
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("deliveries")
            writer.array(found) { writer, delivery in
                writer.object { write(delivery, secrets: secrets, to: &$0) }
            }
        }
        let lines = found.map {
            "\($0.number)  \(Instant(seconds: $0.triedMS / 1000))  \($0.type)  try \($0.attempt)  \($0.outcome)  \($0.channel.value)"
        }
        return (writer.text, (lines.isEmpty ? ["nothing was sent"] : lines).joined(separator: "\n"))
    }

    private func write(_ delivery: LoggedDelivery, secrets: [Secret], to writer: inout JSONWriter) {
        writer.name("delivery")
        writer.value(delivery.number)
        writer.member("sub", delivery.account.value)
        writer.member("channel_id", delivery.channel.value)
        writer.member("message_id", delivery.messageID)
        writer.member("type", delivery.type)
        writer.member("attempt", Int(delivery.attempt))
        writer.member("tried_at", Instant(seconds: delivery.triedMS / 1000).description)
        writer.member("waited_ms", Int(delivery.waitedMS))
        writer.member("took_ms", Int(delivery.tookMS))
        if let status = delivery.status { writer.member("status", Int(status)) }
        writer.member("outcome", delivery.outcome)
        writer.member("body", delivery.body)
        // The body's signature as of now, so that what is forwarded verifies.
        writer.member(
            "signature",
            NotificationSignature.header(for: Array(delivery.body.utf8), secrets: secrets.map { $0.reveal() }))
    }

    func replay(_ client: String, number: Int64?) async throws -> (json: String, text: String) {
        let id = try await known(client)
        var count = 1
        if let number {
            do { try await log.replay(number, of: id) } catch DeliveryLog.ReplayError.unknown {
                throw OperationFailure(.notFound, "\(number) is not a delivery of this application's last week")
            } catch DeliveryLog.ReplayError.closed(let reason) {
                throw OperationFailure(.refused, "its channel is closed (\(reason.rawValue)); open a new one")
            }
        } else {
            count = try await log.replayFailed(of: id)
        }
        var writer = JSONWriter()
        writer.object { $0.member("replayed", count) }
        return (writer.text, count == 1 ? "1 notification is sent again" : "\(count) notifications are sent again")
    }

    private func known(_ client: String) async throws -> ClientID {
        guard let application = try await platform.accounts.application(ClientID(client)) else {
            throw OperationFailure(.notFound, "--client-id '\(client)' is not an application of this server")
        }
        return application.id
    }
}
