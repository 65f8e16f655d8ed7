public import Accounts

/// A vendor that people can sign in with.
public struct VendorOffer: Hashable, Sendable {
    /// As it stands in addresses: `google`.
    public let name: String
    /// As people read it: `Google`.
    public let label: String
    /// Nobody in it is real.
    public let isPretend: Bool
    public init(name: String, label: String, isPretend: Bool) {
        (self.name, self.label, self.isPretend) = (name, label, isPretend)
    }
}

/// Signing in with vendors instead of typing a password here.
public protocol VendorSigningIn: Sendable {
    /// Those that this server is registered with.
    var offers: [VendorOffer] { get }
    /// A fresh verifier (RFC 7636 §4.1).
    func verifier() -> String
    /// Where a person is sent to consent; nil for what is not offered.
    func address(of vendor: String, state: String, verifier: String, hint: String?) -> String?
    /// What a connection is kept by, from the code that the person came back with.
    func finish(_ vendor: String, code: String, verifier: String) async throws(ConnectError) -> Secret
}

/// Where vendors send people back to.
public enum VendorPath {
    public static func callback(_ vendor: String) -> String { "/connect/\(vendor)/callback" }
}
