public import GuardedHTTP
public import ProviderKit

/// Carries requests to Google, or to its stand-in.
public protocol GoogleTransport: Sendable {
    func send(_ request: FetchRequest) async throws(FetchFailure) -> FetchResponse
}

extension GuardedClient: GoogleTransport {}

/// Gives an access token that Google accepts now.
public protocol GoogleTokens: Sendable {
    /// `refused` is the token that Google has just refused: give a newer one.
    /// - Throws: `.authorizationLost` where there is none to be had, and why.
    func token(afterRefusalOf refused: Secret?) async throws(RemoteFailure) -> Secret
}

/// Whom Google tells by mail about what is written.
public enum GoogleInvitations: String, Hashable, Sendable {
    /// For what only mirrors a calendar.
    case none
    case all, externalOnly
}

/// How much is read at once.
public struct GoogleLimits: Hashable, Sendable {
    /// Events of one page; Google gives at most 2,500.
    public var pageSize = 250
    public init() {}
}
