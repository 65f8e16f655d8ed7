public import GuardedHTTP
public import ProviderKit

/// Gives an access token that a vendor accepts now.
public protocol AccessTokens: Sendable {
    /// `refused` is the token that the vendor has just refused: give a newer one.
    /// - Throws: `.authorizationLost` where there is none to be had, and why.
    func token(afterRefusalOf refused: Secret?) async throws(RemoteFailure) -> Secret
}
