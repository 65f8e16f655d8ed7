/// An `http` or `https` address, parsed by hand (RFC 3986) into parts that hold no surprises: what it prints is what is
/// requested. The text says nothing about where the host leads; `AddressPolicy` decides that on resolved addresses.
public struct WebAddress: Hashable, Sendable {
    public enum Scheme: String, Hashable, Sendable { case http, https }

    public let scheme: Scheme
    /// Lower-case ASCII without a trailing dot; an IPv6 literal stands without brackets.
    public let host: String
    public let port: UInt16
    /// Begins with `/`; dot segments removed and percent-encoding normalised (RFC 3986 §6.2.2).
    public let path: String
    /// Without the `?`.
    public let query: String?

    /// Why a text is not an address that may be requested. Each can be seen from the text alone.
    public enum Fault: Error, Hashable, Sendable {
        case empty, tooLong, forbiddenCharacter, unsupportedScheme, userInformation, malformedHost, malformedPort
        /// A host with letters outside ASCII: written as `xn--…`, it can be used.
        case internationalHost
        /// `http`, and the operator does not list the host.
        case plainTextRefused
        /// A port other than 443, 8443 and those the operator lists.
        case portRefused
    }

    /// The longest text accepted, in UTF-8 bytes.
    static let maximumLength = 8192

    /// Parses an absolute address. `webcal` reads as `https`; a fragment is dropped; a missing path is `/`.
    public init(parsing text: String) throws(Fault) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= Self.maximumLength else { throw .tooLong }
        guard bytes.allSatisfy(Self.isPermitted) else { throw .forbiddenCharacter }
        let reference = AddressReference(bytes)
        guard let schemeName = reference.scheme, let scheme = Self.scheme(named: schemeName),
            let authority = reference.authority
        else { throw .unsupportedScheme }
        let (host, port) = try Self.split(authority: authority, defaultPort: scheme.defaultPort)
        self.init(scheme: scheme, host: host, port: port, path: reference.path, query: reference.query)
    }

    /// `reference` as seen from this address (RFC 3986 §5.2.2).
    public func resolving(_ text: String) throws(Fault) -> WebAddress {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.maximumLength else { throw .tooLong }
        guard bytes.allSatisfy(Self.isPermitted) else { throw .forbiddenCharacter }
        let reference = AddressReference(bytes)
        if reference.scheme != nil { return try WebAddress(parsing: text) }
        if let authority = reference.authority {
            let (host, port) = try Self.split(authority: authority, defaultPort: scheme.defaultPort)
            return WebAddress(scheme: scheme, host: host, port: port, path: reference.path, query: reference.query)
        }
        if reference.path.isEmpty {
            return with(path: Array(path.utf8), query: reference.query ?? query.map { Array($0.utf8) })
        }
        if reference.path.first == UInt8(ascii: "/") { return with(path: reference.path, query: reference.query) }
        let base = Array(path.utf8)
        let folder = base[..<((base.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)]
        return with(path: folder + reference.path, query: reference.query)
    }

    /// Where credentials belong: scheme, host and port (RFC 6454 §4).
    public var origin: Origin { Origin(scheme: scheme, host: host, port: port) }

    /// The path with its percent-encoding undone but for `%2F`: two spellings of one resource compare equal.
    public var comparablePath: String { PercentEncoding.comparable(path) }

    /// This address with another path; the query goes. `path` must begin with `/`.
    public func with(path: String) -> WebAddress { with(path: Array(path.utf8), query: nil) }

    private func with(path: [UInt8], query: [UInt8]?) -> WebAddress {
        WebAddress(scheme: scheme, host: host, port: port, path: path, query: query)
    }

    private init(scheme: Scheme, host: String, port: UInt16, path: some Sequence<UInt8>, query: (some Sequence<UInt8>)?)
    {
        (self.scheme, self.host, self.port) = (scheme, host, port)
        self.path = PercentEncoding.normalized(DotSegments.removed(from: path), keeping: PercentEncoding.isPathByte)
        self.query = query.map { PercentEncoding.normalized(Array($0), keeping: PercentEncoding.isQueryByte) }
    }

    /// Control characters, space and backslash are where readers of addresses disagree; none may pass.
    private static func isPermitted(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != 0x7F && byte != UInt8(ascii: "\\")
    }

    private static func scheme(named name: [UInt8]) -> Scheme? {
        switch String(decoding: name, as: UTF8.self).lowercased() {
        case "https", "webcal", "webcals": .https
        case "http": .http
        default: nil
        }
    }
}

extension WebAddress: CustomStringConvertible {
    /// The address as it is requested.
    public var description: String { origin.description + path + (query.map { "?" + $0 } ?? "") }
}

extension WebAddress.Scheme {
    var defaultPort: UInt16 { self == .https ? 443 : 80 }
}

// MARK: - Authority

extension WebAddress {
    private static func split(authority: [UInt8], defaultPort: UInt16) throws(Fault) -> (String, UInt16) {
        guard !authority.contains(UInt8(ascii: "@")) else { throw .userInformation }
        guard authority.allSatisfy({ $0 < 0x80 }) else { throw .internationalHost }
        let (name, portText) = try hostAndPort(of: authority)
        let host = try checkedHost(name, isLiteral: authority.first == UInt8(ascii: "["))
        guard let portText, !portText.isEmpty else { return (host, defaultPort) }
        guard portText.allSatisfy({ (0x30...0x39).contains($0) }),
            // What does not fit is nil.
            let port = UInt16(String(decoding: portText, as: UTF8.self)), port > 0
        else { throw .malformedPort }
        return (host, port)
    }

    private static func hostAndPort(of authority: [UInt8]) throws(Fault) -> (ArraySlice<UInt8>, ArraySlice<UInt8>?) {
        guard authority.first == UInt8(ascii: "[") else {
            guard let colon = authority.firstIndex(of: UInt8(ascii: ":")) else { return (authority[...], nil) }
            return (authority[..<colon], authority[(colon + 1)...])
        }
        guard let close = authority.firstIndex(of: UInt8(ascii: "]")) else { throw .malformedHost }
        let rest = authority[(close + 1)...]
        guard let first = rest.first else { return (authority[1..<close], nil) }
        guard first == UInt8(ascii: ":") else { throw .malformedHost }
        return (authority[1..<close], rest.dropFirst())
    }

    private static func checkedHost(_ bytes: ArraySlice<UInt8>, isLiteral: Bool) throws(Fault) -> String {
        let text = String(decoding: bytes, as: UTF8.self).lowercased()
        if isLiteral {
            guard case .v6 = IPAddress(text) else { throw .malformedHost }
            return text
        }
        let name = text.hasSuffix(".") ? String(text.dropLast()) : text
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard !name.isEmpty, name.utf8.count <= 253, labels.allSatisfy(isLabel) else { throw .malformedHost }
        return name
    }

    private static func isLabel(_ label: Substring.UTF8View.SubSequence) -> Bool {
        (1...63).contains(label.count)
            && label.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
                    || $0 == UInt8(ascii: "_")
            }
    }
}
