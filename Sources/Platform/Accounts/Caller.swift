public import CivilTime

/// Who stands behind a bearer credential.
public enum Caller: Hashable, Sendable {
    /// An access token: one account's data, as far as `scope` goes, through one application.
    case account(AccountID, client: ClientID, scope: Scope)
    /// An API key: the application itself.
    case application(ClientID)
    /// An application that said its name and has no secret to prove it with (RFC 6749 §2.1).
    case publicApplication(ClientID)
    /// Whoever runs the server, by an admin key.
    case administrator

    public var client: ClientID {
        switch self {
        case .account(_, let client, _), .application(let client), .publicApplication(let client): client
        case .administrator: ClientID("")
        }
    }

    /// Whose data; nil for callers that are not tied to one account.
    public var account: AccountID? {
        if case .account(let id, _, _) = self { id } else { nil }
    }
}

/// Why a credential is not accepted. Unknown and revoked look alike.
public enum CredentialError: Error, Hashable, Sendable {
    case unknown
    case expired(at: Instant)
}
