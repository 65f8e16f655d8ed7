public import Accounts

/// Where a browser goes back to.
public struct RedirectURI: Hashable, Sendable {
    public let text: String

    /// The registered address that is `text` byte for byte (RFC 9700 §4.1.3); nil where there is none.
    public init?(_ text: String, of application: Application) {
        guard application.redirectURIs.contains(where: { Array($0.utf8) == Array(text.utf8) }) else { return nil }
        self.text = text
    }

    /// What is wrong with an address that is to be registered; nil where nothing is. Programs on people's own machines
    /// may register a scheme of theirs that holds a dot (RFC 8252 §7.1).
    public static func problem(with text: String) -> String? {
        guard (1...2000).contains(text.utf8.count) else { return "must have 1 to 2000 bytes" }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"\"<>\\^`{|}".utf8.contains($0) }) else {
            return "holds a character that an address cannot hold"
        }
        // RFC 6749 §3.1.2
        guard !text.contains("#") else { return "must not hold a fragment (#)" }
        guard let colon = text.firstIndex(of: ":") else { return "must begin with https:// or http://" }
        let scheme = text[..<colon].lowercased()
        switch scheme {
        case "https", "http":
            let authority = text[colon...].dropFirst(3).prefix { !"/?".contains($0) }
            guard text[colon...].hasPrefix("://"), !authority.isEmpty, !authority.contains("@") else {
                return "must name a host and no user"
            }
            return nil
        default:
            let isOwn = scheme.contains(".") && scheme.allSatisfy { $0.isLetter || $0.isNumber || "+-.".contains($0) }
            return isOwn ? nil : "must begin with https:// or http://, or with a scheme of yours that holds a dot"
        }
    }

    /// Whom people are shown: the host, or the scheme of a program on their machine.
    public var host: String {
        guard let slashes = text.firstRange(of: "://") else { return String(text.prefix { $0 != ":" }) }
        let authority = text[slashes.upperBound...].prefix { !"/?".contains($0) }
        return authority.isEmpty ? String(text[..<slashes.lowerBound]) : String(authority)
    }

    /// What a page's policy calls this place: `https://app.example.com`, or `com.example.app:`.
    public var source: String {
        guard let slashes = text.firstRange(of: "://"), text.lowercased().hasPrefix("http") else {
            return String(text.prefix { $0 != ":" }) + ":"
        }
        return String(text[..<slashes.upperBound]) + host
    }

    /// This address with `parameters` added to its query, a query of its own kept (RFC 6749 §3.1.2).
    public func adding(_ parameters: [(name: String, value: String)]) -> String {
        let added = parameters.map { $0.name + "=" + Self.encoded($0.value) }.joined(separator: "&")
        guard text.contains("?") else { return text + "?" + added }
        return text + (text.hasSuffix("?") || text.hasSuffix("&") ? "" : "&") + added
    }

    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            let isPlain = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            bytes +=
                isPlain || "-._~".utf8.contains(byte)
                ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
