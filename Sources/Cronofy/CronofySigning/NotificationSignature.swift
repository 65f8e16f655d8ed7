/// `Cronofy-HMAC-SHA256`: base64 of HMAC-SHA256 over the raw body, keyed by the client secret; one value for each live
/// secret, joined by bare commas, since SDKs do not trim.
public enum NotificationSignature {
    public static let headerName = "Cronofy-HMAC-SHA256"
    /// More candidates than any rotation has are not looked at.
    static let mostCandidates = 16

    /// The header's value for `body`, in the order of `secrets`.
    public static func header(for body: [UInt8], secrets: [String]) -> String {
        secrets.map { MessageCode.base64(body, key: Array($0.utf8)) }.joined(separator: ",")
    }

    /// Whether `header` holds a signature of exactly these bytes by one of `secrets`. Check before the body is parsed;
    /// an absent or empty header is no signature.
    ///
    ///     NotificationSignature.isValid(request.headers["Cronofy-HMAC-SHA256"], body: bytes, secrets: [clientSecret])
    public static func isValid(_ header: String?, body: [UInt8], secrets: [String]) -> Bool {
        guard let header, !header.isEmpty else { return false }
        let candidates = header.utf8.split(separator: UInt8(ascii: ",")).prefix(mostCandidates).map(trimmed)
        return MessageCode.matches(
            candidates, secrets.map { Array(MessageCode.base64(body, key: Array($0.utf8)).utf8) })
    }

    private static func trimmed(_ text: Substring.UTF8View) -> [UInt8] {
        Array(String(Substring(text).drop { $0 == " " }).utf8.prefix { $0 != UInt8(ascii: " ") })
    }
}
