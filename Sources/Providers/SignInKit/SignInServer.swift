public import CronofyWire
public import GuardedHTTP

/// One vendor's authorization server, and what it does in its own way.
public struct SignInServer: Sendable {
    /// As people read it: `Google`.
    public let vendor: String
    public let authorize: WebAddress
    public let token: WebAddress
    /// Where what was allowed is taken back (RFC 7009), where there is such a place.
    public let revoke: WebAddress?
    /// Asked for at the consent.
    public let scopes: [String]
    /// Parameters of the consent beside those of RFC 6749.
    public let parameters: [(name: String, value: String)]
    /// Whether what was allowed is enough to read and write calendars: people may leave scopes out.
    public let suffices: @Sendable (_ allowed: Set<String>) -> Bool
    /// What a refusal of the token endpoint means.
    public let verdict: @Sendable (_ error: String, _ answer: JSONValue) -> SignInRefusal

    public init(
        vendor: String, authorize: WebAddress, token: WebAddress, revoke: WebAddress? = nil, scopes: [String],
        parameters: [(name: String, value: String)], suffices: @escaping @Sendable (Set<String>) -> Bool,
        verdict: @escaping @Sendable (String, JSONValue) -> SignInRefusal
    ) {
        (self.vendor, self.authorize, self.token, self.revoke) = (vendor, authorize, token, revoke)
        (self.scopes, self.parameters, self.suffices, self.verdict) = (scopes, parameters, suffices, verdict)
    }
}

/// Why no token was given. Each case has its own remedy.
public enum SignInRefusal: Error, Hashable, Sendable {
    /// The person must connect again.
    case ended(GrantLoss)
    /// This server's own registration is refused; no account is at fault.
    case registration(code: String)
    /// `mayBeDone`: the answer was lost on its way, so what was asked may have happened.
    case later(reason: String, retryAfter: Duration?, mayBeDone: Bool)
}

/// What became of what a person had allowed.
public enum GrantLoss: String, Hashable, Sendable, CaseIterable {
    /// Taken back by the person or an administrator, or the vendor does not say why.
    case revoked
    /// Unused for too long, or allowed for a while only.
    case expired
    case consentMissing = "consent_missing"
    /// An administrator's policy wants the person to sign in again.
    case signInDemanded = "sign_in_demanded"
    case accountGone = "account_gone"
    /// A renewed token was given, but this server ended before it was kept.
    case answerLost = "answer_lost"

    /// A sentence for people, with what to do.
    public func sentence(_ vendor: String) -> String {
        switch self {
        case .revoked:
            "\(vendor) no longer accepts this connection: access was taken back, or the password was changed. Connect again."
        case .expired:
            "\(vendor) ended this connection: it was not used for a long time, or was allowed for a while only. Connect again."
        case .consentMissing:
            "\(vendor) wants consent again, from the person or from the organisation’s administrator. Connect again; where that "
                + "is refused, ask the administrator."
        case .signInDemanded: "The organisation’s rules at \(vendor) ask the person to sign in again. Connect again."
        case .accountGone: "\(vendor) says that this account is disabled or gone. Ask the organisation’s administrator."
        case .answerLost:
            "\(vendor) gave a new key just when this server was stopped, and the old one is no longer good. Connect again."
        }
    }
}
