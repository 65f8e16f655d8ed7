public import Accounts
import CivilTime
import StorageKit

/// A refresh token as it is stored.
struct StoredRefresh: Hashable, Sendable {
    let grant: TokenGrant
    /// Nil while it is good.
    let spent: Instant?
    /// The sealed answer that replaced it.
    let successor: [UInt8]?
}

/// What somebody who holds a refresh token asks (RFC 6749 §6).
public struct Refresh: Hashable, Sendable {
    public let token: Secret
    public let client: ClientID
    /// The client has no secret, so its token is replaced at every use (RFC 9700 §4.14.2).
    public let rotates: Bool
    /// Narrower than before, or as before.
    public let scope: Scope?

    public init(token: Secret, client: ClientID, rotates: Bool, scope: Scope?) {
        (self.token, self.client, self.rotates, self.scope) = (token, client, rotates, scope)
    }

    enum Decision: Hashable, Sendable {
        /// The same refresh token goes on.
        case renew(Scope)
        case rotate(Scope)
        /// An honest client whose answer was lost.
        case again(sealed: [UInt8])
        /// Somebody uses a token that was replaced: which of the two is the thief is not known, so both lose it.
        case endFamily
        case refuse(OAuthFault)
    }

    func decide(_ stored: StoredRefresh?, now: Instant) -> Decision {
        guard let stored, stored.grant.client == client else {
            return .refuse(OAuthFault(.invalidGrant, "the refresh token is not known; it may have been revoked"))
        }
        let scope = scope ?? stored.grant.scope
        guard scope.isWithin(stored.grant.scope) else {
            return .refuse(
                OAuthFault(.invalidScope, "scope must not go beyond what was granted; ask the person again for more"))
        }
        guard let spent = stored.spent else { return rotates ? .rotate(scope) : .renew(scope) }
        if let sealed = stored.successor, now.seconds - spent.seconds < AuthorizationDesk.retryWindow {
            return .again(sealed: sealed)
        }
        return .endFamily
    }
}

extension AuthorizationDesk {
    /// A fresh access token.
    /// - Throws: `OAuthFault`.
    public func refresh(_ refresh: Refresh) async throws -> TokenAnswer {
        let (fresh, now) = (TokenPair(), accounts.now())
        let successor = accounts.key.seal(
            Secret(fresh.access.reveal() + " " + fresh.refresh.reveal()), for: Purpose.successor)
        let key = accounts.key
        let result = try await accounts.database.write { session -> Result<TokenAnswer, OAuthFault> in
            let hash = Self.hash(refresh.token)
            var stored = try Self.refreshToken(hash, in: session)
            if case .rotate = refresh.decide(stored, now: now) {
                // One statement decides which of two who come at once replaces it; the other reads its answer.
                let spent = try session.execute(
                    "UPDATE tokens SET spent_at = ?, successor = ? WHERE hash = ? AND spent_at IS NULL",
                    [.integer(now.seconds), .blob(successor), hash])
                if spent == 0 { stored = try Self.refreshToken(hash, in: session) }
            }
            guard let grant = stored?.grant else { return .failure(Self.unknown) }
            switch refresh.decide(stored, now: now) {
            case .renew(let scope):
                let tokens = TokenPair(access: fresh.access, refresh: refresh.token)
                try tokens.storeAccess(grant.narrowed(to: scope), now: now, in: session)
                return .success(TokenAnswer(tokens, grant, scope: scope))
            case .rotate(let scope):
                try fresh.storeAccess(grant.narrowed(to: scope), now: now, in: session)
                try fresh.storeRefresh(grant, now: now, in: session)
                return .success(TokenAnswer(fresh, grant, scope: scope))
            case .again(let sealed):
                let halves = try key.open(sealed, for: Purpose.successor).reveal().split(separator: " ")
                guard halves.count == 2 else { return .failure(Self.unknown) }
                let tokens = TokenPair(access: Secret(String(halves[0])), refresh: Secret(String(halves[1])))
                return .success(TokenAnswer(tokens, grant))
            case .endFamily:
                try session.execute("DELETE FROM tokens WHERE family = ?", [SQLValue(grant.family)])
                return .failure(
                    OAuthFault(
                        .invalidGrant, "the refresh token had been replaced; all that came from it has been revoked"))
            case .refuse(let fault): return .failure(fault)
            }
        }
        return try result.get()
    }

    private static let unknown = OAuthFault(
        .invalidGrant, "the refresh token is not known; it may have been revoked")

    private static func refreshToken(_ hash: SQLValue, in session: any ReadSession) throws -> StoredRefresh? {
        try session.first(
            """
            SELECT t.account_id, t.client_id, t.scope, t.family, t.spent_at, t.successor FROM tokens t
            JOIN grants g ON g.account_id = t.account_id AND g.client_id = t.client_id
            WHERE t.hash = ? AND t.kind = 'refresh'
            """, [hash]
        ) { row in
            StoredRefresh(
                grant: TokenGrant(
                    account: AccountID(try row.text(0)), client: ClientID(try row.text(1)),
                    scope: Scope(try row.text(2)), family: try row.optionalText(3)),
                spent: try row.optionalInteger(4).map { Instant(seconds: $0) }, successor: try row.optionalBlob(5))
        }
    }
}

extension TokenGrant {
    func narrowed(to scope: Scope) -> TokenGrant {
        TokenGrant(account: account, client: client, scope: scope, family: family)
    }
}
