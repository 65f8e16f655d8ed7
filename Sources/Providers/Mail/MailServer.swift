/// Where letters are handed over: `smtps://user:password@host` (TLS from the first byte, port 465) or
/// `smtp://user:password@host` (STARTTLS, which is demanded, port 587).
public struct MailServer: Sendable {
    let host: String
    let port: Int
    let security: Security
    let login: Login?
    /// A file of certificates to believe instead of the system's (`?ca=FILE`).
    let certificates: String?

    enum Security: Hashable, Sendable {
        /// `smtps`
        case fromTheStart
        /// `smtp`
        case startTLS
        /// `smtp` to this machine, or with `?tls=none`; never with a password, but to this machine.
        case none
    }

    struct Login: Sendable {
        let user, password: String
    }

    /// What is wrong with the setting, without its password.
    public struct Problem: Error, Hashable, Sendable { public let sentence: String }

    public init(_ text: String) throws(Problem) {
        let (scheme, rest) = try Self.halves(of: text)
        let pieces = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var place = String(pieces[0])
        while place.hasSuffix("/") { place.removeLast() }
        let options = try Self.options(pieces.count > 1 ? String(pieces[1]) : "")
        login = try Self.takeLogin(from: &place)
        let isTLS = scheme == "smtps"
        (host, port) = try Self.hostAndPort(place, default: isTLS ? 465 : 587)
        certificates = options["ca"]
        let isHere = ["127.0.0.1", "localhost", "::1"].contains(host)
        switch options["tls"] {
        case nil: security = isTLS ? .fromTheStart : isHere && options["ca"] == nil ? .none : .startTLS
        case "none" where !isTLS: security = .none
        default: throw Problem(sentence: "tls can only be 'none', and only with smtp://")
        }
        if security == .none && login != nil && !isHere {
            throw Problem(sentence: "a password is sent over TLS only: take ?tls=none away")
        }
    }

    private static func halves(of text: String) throws(Problem) -> (scheme: String, rest: String) {
        for scheme in ["smtps", "smtp"] where text.hasPrefix(scheme + "://") {
            return (scheme, String(text.dropFirst(scheme.count + 3)))
        }
        throw Problem(sentence: "wants smtps://user:password@host or smtp://user:password@host:port")
    }

    private static func options(_ text: String) throws(Problem) -> [String: String] {
        var found: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, ["tls", "ca"].contains(parts[0]) else {
                throw Problem(sentence: "after ? only tls=none and ca=FILE are known")
            }
            found[parts[0]] = parts[1]
        }
        return found
    }

    private static func takeLogin(from place: inout String) throws(Problem) -> Login? {
        guard let at = place.lastIndex(of: "@") else { return nil }
        let words = place[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        place = String(place[place.index(after: at)...])
        guard words.count == 2, let user = words[0].removingPercents, let password = words[1].removingPercents,
            !user.isEmpty
        else { throw Problem(sentence: "wants user:password before the @, with %40 for an @ in them") }
        return Login(user: user, password: password)
    }

    private static func hostAndPort(_ place: String, default port: Int) throws(Problem) -> (String, Int) {
        var (host, port) = (place, port)
        if let colon = place.lastIndex(of: ":"), !place.hasSuffix("]") {
            // A port is a number up to 65535, which fits.
            guard let number = Int(place[place.index(after: colon)...]), (1...65_535).contains(number) else {
                throw Problem(sentence: "the port wants a number from 1 to 65535")
            }
            (host, port) = (String(place[..<colon]), number)
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty, host.utf8.count <= 253,
            host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"/\\@#?%\"<>".utf8.contains($0) })
        else { throw Problem(sentence: "wants the name of a mail server") }
        return (host, port)
    }

    /// For people: without user and password.
    public var name: String { "\(host):\(port)" }

    /// For libcurl; the path is the name we say hello with.
    func url(hello: String) -> String {
        let literal = host.contains(":") ? "[\(host)]" : host
        return "\(security == .fromTheStart ? "smtps" : "smtp")://\(literal):\(port)/\(hello)"
    }
}

extension Substring {
    /// `%40` as `@`; nil where an escape is broken or the result is no text of one line.
    fileprivate var removingPercents: String? {
        var (bytes, rest) = ([UInt8](), utf8[...])
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            // Two hexadecimal digits fit.
            guard rest.count >= 2, let value = UInt8(Substring(rest.prefix(2)), radix: 16) else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
