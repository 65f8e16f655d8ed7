/// An address that mail may be sent to: it cannot break out of its line or of its angle brackets.
public struct MailAddress: Hashable, Sendable, CustomStringConvertible {
    /// As in `gina@example.com`.
    public let description: String

    /// Longest address, in bytes (RFC 5321 4.5.3.1.3, without the brackets).
    public static let limit = 254

    /// Nil where `text` is not one plain ASCII address. Quoted local parts and addresses in other scripts (RFC 6531) are not
    /// sent to.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.limit, parts.count == 2, parts.allSatisfy({ !$0.isEmpty }),
            text.utf8.allSatisfy(Self.isPlain), text.utf8.first != UInt8(ascii: "-")
        else { return nil }
        description = text
    }

    /// What stands behind the @.
    public var domain: String { String(description.split(separator: "@").last ?? "") }

    /// Printable ASCII without what means something in a header (RFC 5322 3.2.3, specials).
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && !"()<>[]:;\\,\"".utf8.contains(byte)
    }
}
