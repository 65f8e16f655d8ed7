/// What a vendor's authorization server does in its own way.
public struct IdentityRules: Sendable {
    /// Seconds for which an access token is good.
    public var lifetime: Int64
    /// Whether each use of a refresh token gives a new one.
    public var rotates: Bool
    /// Whether a refresh token comes with a consent. `isFirst`: this person never allowed this client anything before.
    public var givesRefreshToken: @Sendable (_ question: AuthorizeQuestion, _ isFirst: Bool) -> Bool
    /// Scopes about the account and not about calendars; they cannot be left out.
    public var signInScopes: Set<String>

    public init(
        lifetime: Int64, rotates: Bool, signInScopes: Set<String>,
        givesRefreshToken: @escaping @Sendable (AuthorizeQuestion, Bool) -> Bool
    ) {
        (self.lifetime, self.rotates, self.signInScopes) = (lifetime, rotates, signInScopes)
        self.givesRefreshToken = givesRefreshToken
    }
}

/// A program that may ask for consent.
public struct SandboxClient: Hashable, Sendable {
    public let id: String
    public let secret: String
    /// Empty: any.
    public let redirectURIs: [String]
    public init(id: String, secret: String, redirectURIs: [String] = []) {
        (self.id, self.secret, self.redirectURIs) = (id, secret, redirectURIs)
    }

    /// Used where no others are named.
    public static let usual = SandboxClient(id: "sandbox-client", secret: "sandbox-secret")
}

/// What a program asks a person to allow (RFC 6749 §4.1.1, RFC 7636 §4.3).
public struct AuthorizeQuestion: Hashable, Sendable {
    public let client: SandboxClient
    public let redirectURI: String
    public let scopes: [String]
    public let state: String?
    public let challenge: String?
    public let prompt: Set<String>
    /// `access_type=offline`.
    public let isOffline: Bool
    public let loginHint: String?
    public let nonce: String?
}
