/// Why an OAuth request is refused, in the words of RFC 6749 §4.1.2.1 and §5.2, with a sentence for developers.
public struct OAuthFault: Error, Hashable, Sendable {
    public enum Code: String, Hashable, Sendable {
        case invalidRequest = "invalid_request"
        case invalidClient = "invalid_client"
        case invalidGrant = "invalid_grant"
        case unauthorizedClient = "unauthorized_client"
        case unsupportedGrantType = "unsupported_grant_type"
        case unsupportedResponseType = "unsupported_response_type"
        case invalidScope = "invalid_scope"
        case accessDenied = "access_denied"
        case serverError = "server_error"
    }

    public let code: Code
    /// What is wrong and what to do; never what is stored.
    public let description: String

    public init(_ code: Code, _ description: String) { (self.code, self.description) = (code, description) }
}
