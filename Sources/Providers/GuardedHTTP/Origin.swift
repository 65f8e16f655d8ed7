/// Scheme, host and port: what a credential is bound to (RFC 6454 §4).
public struct Origin: Hashable, Sendable, CustomStringConvertible {
    public let scheme: WebAddress.Scheme
    public let host: String
    public let port: UInt16

    public var description: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(scheme.rawValue)://\(name)" + (port == scheme.defaultPort ? "" : ":\(port)")
    }
}

/// Other places a credential may go, as somebody confirmed or an operator listed them.
public enum SiteRule: Hashable, Sendable {
    case origin(Origin)
    /// `https` on any port of this domain or of a name below it: `icloud.com` covers `p42-caldav.icloud.com`.
    case domain(String)

    func covers(_ origin: Origin) -> Bool {
        switch self {
        case .origin(let listed): origin == listed
        case .domain(let name):
            origin.scheme == .https
                && (origin.host == name.lowercased() || origin.host.hasSuffix("." + name.lowercased()))
        }
    }
}
