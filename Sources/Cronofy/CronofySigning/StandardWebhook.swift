/// The headers of Standard Webhooks (standardwebhooks.com), sent beside Cronofy's: they name the message and its time,
/// so that a receiver can tell repeats and replays.
public enum StandardWebhook {
    public static let idHeader = "webhook-id"
    public static let timestampHeader = "webhook-timestamp"
    public static let signatureHeader = "webhook-signature"
    /// Seconds by which the clocks of both sides may differ.
    public static let tolerance: Int64 = 300

    /// `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, for each secret, separated by spaces. The key is the
    /// secret's UTF-8 text, as for `NotificationSignature`.
    public static func signature(id: String, timestamp: Int64, body: [UInt8], secrets: [String]) -> String {
        let message = Array("\(id).\(timestamp).".utf8) + body
        return secrets.map { "v1," + MessageCode.base64(message, key: Array($0.utf8)) }.joined(separator: " ")
    }

    /// Why a message is not taken.
    public enum Fault: Error, Hashable, Sendable {
        /// A header is missing or is not of its form.
        case malformed
        /// Too old or from the future; a captured message sent again looks like this.
        case outOfTime
        case wrongSignature
    }

    /// Checks a message before its body is parsed. `now` is seconds since 1970. Keep ids for `tolerance` seconds to
    /// refuse one that comes twice.
    public static func verify(
        id: String?, timestamp: String?, signature: String?, body: [UInt8], secrets: [String], now: Int64
    ) throws(Fault) {
        // Any number: what is computed with it below reports overflow.
        guard let id, !id.isEmpty, let text = timestamp, let time = Int64(text), let signature else { throw .malformed }
        let (age, overflow) = now.subtractingReportingOverflow(time)
        guard !overflow, age.magnitude <= tolerance.magnitude else { throw .outOfTime }
        let wanted = Self.signature(id: id, timestamp: time, body: body, secrets: secrets)
        let space = UInt8(ascii: " ")
        let candidates = signature.utf8.split(separator: space).prefix(NotificationSignature.mostCandidates)
        guard
            MessageCode.matches(candidates.map(Array.init), wanted.utf8.split(separator: space).map(Array.init))
        else { throw .wrongSignature }
    }
}
