public import Accounts
import CivilTime
public import StorageKit

/// Gives and takes away access. Every decision is made inside the transaction that carries it out.
public struct AuthorizationDesk: Sendable {
    public let accounts: AccountStore
    let queue: WorkQueue

    public init(accounts: AccountStore, queue: WorkQueue) { (self.accounts, self.queue) = (accounts, queue) }

    /// Seconds a code lives.
    public static let codeLife: Int64 = 600
    /// Seconds a link token lives.
    public static let linkTokenLife: Int64 = 3600
    /// Seconds for which a spent refresh token gives the same answer again, for a client whose first answer was lost.
    public static let retryWindow: Int64 = 60

    /// The client that sent `id` and `secret`: proven by a live secret, or one that has none.
    public func client(_ id: ClientID, secret: Secret?) async throws -> Caller {
        guard let application = try await accounts.application(id) else { throw Self.unknownClient }
        if application.isPublic {
            guard secret == nil else { throw Self.unknownClient }
            return .publicApplication(id)
        }
        guard let secret, try await accounts.accepts(secret, of: id) else { throw Self.unknownClient }
        return .application(id)
    }

    private static let unknownClient = OAuthFault(
        .invalidClient, "client_id and client_secret are not those of an application of this server")
}

/// What the token endpoint answers.
public struct TokenAnswer: Sendable {
    public let account: AccountID
    public let scope: Scope
    public let accessToken: Secret
    public let refreshToken: Secret
    /// Seconds.
    public let expiresIn: Int64
    /// The profile that was just linked, where there is one.
    public let linkedProfile: ProfileID?

    init(_ tokens: TokenPair, _ grant: TokenGrant, scope: Scope? = nil, linkedProfile: ProfileID? = nil) {
        (account, self.scope, expiresIn) = (grant.account, scope ?? grant.scope, grant.accessLife)
        (accessToken, refreshToken, self.linkedProfile) = (tokens.access, tokens.refresh, linkedProfile)
    }
}
