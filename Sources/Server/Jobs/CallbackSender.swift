import Accounts
import CronofySigning
public import GuardedHTTP
public import Notifications

/// Sends one notification to its receiver: signed over the exact bytes, through the guarded client, no redirects, five
/// seconds for everything. Nothing of the answer but its status is kept.
public struct CallbackSender: Sendable {
    private let client: GuardedClient
    private let now: @Sendable () -> Int64
    private let local: Local

    /// Takes a delivery to this server's own application, and returns its status; nil: it is somebody else's. A server
    /// cannot always reach its own public address.
    public typealias Local = @Sendable (Delivery) async -> Int?

    /// `now` is milliseconds since 1970.
    public init(
        policy: AddressPolicy, now: @escaping @Sendable () -> Int64, local: @escaping Local = { _ in nil }
    ) {
        var limits = FetchLimits()
        (limits.connect, limits.firstByte, limits.whole) = (.seconds(5), .seconds(5), .seconds(5))
        // A receiver that says 2xx has the message, whatever else it writes.
        (limits.body, limits.leavesRestUnread, limits.redirects) = (4096, true, 0)
        // `DeliverySlots` decides who is sent to; the client must not have its own idea.
        (limits.connectionsPerHost, limits.connections) = (64, 64)
        (client, self.now, self.local) = (GuardedClient(policy: policy, limits: limits), now, local)
    }

    public func send(_ delivery: Delivery) async -> DeliveryOutcome {
        let (began, clock) = (now(), ContinuousClock.now)
        func outcome(_ result: DeliveryOutcome.Result, _ status: Int? = nil) -> DeliveryOutcome {
            DeliveryOutcome(result, status: status, took: ContinuousClock.now - clock, triedMS: began)
        }
        if let status = await local(delivery) {
            return (200..<300).contains(status)
                ? outcome(.acknowledged, status)
                : outcome(.failed(reason: "answered \(status)", retryAfter: nil), status)
        }
        do {
            let address = try WebAddress(parsing: delivery.channel.callbackURL)
            let answer = try await client.send(
                FetchRequest(
                    "POST", address, headers: Self.headers(of: delivery, at: began / 1000), body: delivery.body,
                    redirects: .never))
            switch answer.status {
            case 200..<300: return outcome(.acknowledged, answer.status)
            case 410: return outcome(.gone, answer.status)
            case 300..<400:
                return outcome(.failed(reason: "redirected, which is not followed", retryAfter: nil), answer.status)
            default:
                return outcome(
                    .failed(
                        reason: "answered \(answer.status)", retryAfter: answer.retryAfter?.components.seconds),
                    answer.status)
            }
        } catch let failure as FetchFailure {
            return outcome(.failed(reason: failure.sentence, retryAfter: nil))
        } catch let fault as WebAddress.Fault {
            return outcome(.failed(reason: fault.sentence, retryAfter: nil))
        } catch { return outcome(.failed(reason: "not sent", retryAfter: nil)) }
    }

    /// Cronofy's signature, and beside it id, time and signature of Standard Webhooks.
    public static func headers(of delivery: Delivery, at seconds: Int64) -> [Header] {
        let secrets = delivery.secrets.map { $0.reveal() }
        return [
            Header("Content-Type", "application/json; charset=utf-8"),
            Header(
                NotificationSignature.headerName, NotificationSignature.header(for: delivery.body, secrets: secrets)),
            Header(StandardWebhook.idHeader, delivery.notice.messageID),
            Header(StandardWebhook.timestampHeader, String(seconds)),
            Header(
                StandardWebhook.signatureHeader,
                StandardWebhook.signature(
                    id: delivery.notice.messageID, timestamp: seconds, body: delivery.body, secrets: secrets)),
        ]
    }
}
