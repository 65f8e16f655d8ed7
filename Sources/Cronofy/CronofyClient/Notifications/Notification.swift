public import CivilTime
import CronofySigning
import CronofyWire

/// What the service tells a channel. It holds no event: it says since when to read.
public struct Notification: Hashable, Sendable, AnswerReadable {
    public enum Kind: Hashable, Sendable {
        /// Sent once, when the channel opens.
        case verification
        /// Read with `EventQuery.changedSince`.
        case change(since: Instant)
        case profileDisconnected
        case conferencingProfileDisconnected
        case profileInitialSyncCompleted
        /// The person asked to be forgotten.
        case erasureRequested
        /// A kind that this client does not know; ignore it.
        case other(String)
    }

    public let kind: Kind
    public let channel: Channel

    init(reading answer: AnswerReader) throws(CronofyError) {
        channel = try answer.object("channel")
        let notification = answer.nested("notification")
        kind =
            switch try notification.text("type") {
            case "verification": .verification
            case "change": .change(since: try notification.instant("changes_since"))
            case "profile_disconnected": .profileDisconnected
            case "conferencing_profile_disconnected": .conferencingProfileDisconnected
            case "profile_initial_sync_completed": .profileInitialSyncCompleted
            case "gdpr_requested": .erasureRequested
            case let other: .other(other)
            }
    }
}

/// Why what came in as a notification is not taken for one.
public enum NotificationFault: Error, Hashable, Sendable {
    /// No signature of ours: answer 403 and do nothing.
    case notSigned
    case unreadable(CronofyError)
}

extension CronofyApplication {
    /// Reads what came in at a callback address. Takes the body as it came, byte for byte: one that was parsed and
    /// written again has another signature.
    /// - Parameters:
    ///   - body: the bytes of the request.
    ///   - signature: the header `Cronofy-HMAC-SHA256`; nil where it is absent.
    ///   - otherSecrets: further client secrets that are live while one replaces the other.
    public func notification(
        body: [UInt8], signature: String?, otherSecrets: [String] = []
    ) throws(NotificationFault) -> Notification {
        guard NotificationSignature.isValid(signature, body: body, secrets: [secret.text] + otherSecrets) else {
            throw .notSigned
        }
        let json: JSONValue
        do { json = try JSONValue(parsing: body) } catch {
            throw .unreadable(.unexpectedAnswer(path: "", wanted: "JSON"))
        }
        do { return try Notification(reading: AnswerReader(json)) } catch { throw .unreadable(error) }
    }
}
