public import GuardedHTTP

/// Carries requests to Google, or to its stand-in.
public protocol GoogleTransport: Sendable {
    func send(_ request: FetchRequest) async throws(FetchFailure) -> FetchResponse
}

extension GuardedClient: GoogleTransport {}

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
