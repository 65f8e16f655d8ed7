/// What a person is asked for when they are sent to link a calendar.
public struct AuthorizationRequest: Hashable, Sendable {
    /// Exactly as registered and as given again with the code.
    public var redirectURI: String
    public var scopes: [String]
    /// Comes back unaltered; bind it to the browser's session and compare it (RFC 6749 §10.12).
    public var state: String?
    /// Makes an account of its own instead of joining the one this browser is known by.
    public var avoidsLinking = false
    /// From `CronofyAccount.linkToken()`: joins the calendar to that account.
    public var linkToken: String?
    /// Preselects a provider.
    public var providerName: ProviderName?
    /// What may be asked for the calendars of others that this person reaches.
    public var delegatedScope: String?
    /// The S256 challenge of a PKCE verifier (RFC 7636 §4.2).
    public var codeChallenge: String?

    public init(redirectURI: String, scopes: [String] = ["read_write"], state: String? = nil) {
        (self.redirectURI, self.scopes, self.state) = (redirectURI, scopes, state)
    }
}

extension CronofyApplication {
    /// Where to send a person's browser, so that it comes back to `redirectURI` with `code` and `state`, or with `error`.
    public func authorizationURL(_ request: AuthorizationRequest) -> String {
        server.appURL + "/oauth/authorize?" + authorizationQuery(request)
    }

    /// Where an administrator authorizes a service account for a whole domain (Enterprise Connect).
    public func enterpriseAuthorizationURL(_ request: AuthorizationRequest) -> String {
        server.appURL + "/enterprise_connect/oauth/authorize?" + authorizationQuery(request)
    }

    private func authorizationQuery(_ request: AuthorizationRequest) -> String {
        let pairs: [(String, String?)] = [
            ("response_type", "code"), ("client_id", clientID), ("redirect_uri", request.redirectURI),
            ("scope", request.scopes.joined(separator: " ")), ("state", request.state),
            ("avoid_linking", request.avoidsLinking ? "true" : nil), ("link_token", request.linkToken),
            ("provider_name", request.providerName?.rawValue), ("delegated_scope", request.delegatedScope),
            ("code_challenge", request.codeChallenge),
            ("code_challenge_method", request.codeChallenge == nil ? nil : "S256"),
        ]
        return pairs.compactMap { name, value in value.map { "\(name)=\(URLText.encoded($0))" } }
            .joined(separator: "&")
    }
}
