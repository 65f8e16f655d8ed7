/// Why the authorization server says no; each vendor has its own words for it.
public enum IdentityRefusal: Error, Hashable, Sendable {
    /// A parameter is missing or makes no sense.
    case invalidRequest(String)
    case unknownClient, wrongSecret, redirectMismatch
    /// Never given, used before, or too old.
    case unknownCode
    case wrongVerifier
    case unknownToken
    case ended(GrantEnd)
    case unsupportedGrant
    case scopeNotGranted
}

/// What ended what a person had allowed.
public enum GrantEnd: String, Hashable, Sendable, CaseIterable {
    case revoked
    /// Not used for too long, or allowed for a while only.
    case expired
    case passwordChanged = "password_changed"
    case consentMissing = "consent_missing"
    /// An administrator's policy wants the person to sign in again.
    case signInDemanded = "sign_in_demanded"
    case accountGone = "account_gone"
}
