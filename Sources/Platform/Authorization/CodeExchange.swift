public import Accounts
import CivilTime
import StorageKit

/// A code as it is stored.
struct StoredCode: Hashable, Sendable {
    let client: ClientID
    let account: AccountID
    let redirectURI: String
    let scope: Scope
    let challenge: CodeChallenge?
    let profile: ProfileID?
    let family: String
    let expires: Instant
    let isUsed: Bool
}

/// What somebody who holds a code says about it (RFC 6749 §4.1.3).
public struct CodeExchange: Hashable, Sendable {
    public let code: Secret
    public let client: ClientID
    public let redirectURI: String?
    public let verifier: String?

    public init(code: Secret, client: ClientID, redirectURI: String?, verifier: String?) {
        (self.code, self.client, self.redirectURI, self.verifier) = (code, client, redirectURI, verifier)
    }

    enum Decision: Hashable, Sendable {
        case give
        case refuse(OAuthFault)
        /// Used before: whoever came first may have stolen it, so what it gave ends (RFC 6749 §4.1.2).
        case revoke
    }

    /// All mismatches look alike but those a developer can act on, who holds the right code for the right client.
    func decide(_ stored: StoredCode?, now: Instant) -> Decision {
        let unknown = OAuthFault(
            .invalidGrant, "the code is not known, has been used, has expired, or is another application's")
        guard let stored, stored.client == client else { return .refuse(unknown) }
        if stored.isUsed { return .revoke }
        guard now < stored.expires else { return .refuse(unknown) }
        guard let redirectURI, Array(redirectURI.utf8) == Array(stored.redirectURI.utf8) else {
            return .refuse(
                OAuthFault(.invalidGrant, "redirect_uri must be the one of the authorization request, byte for byte"))
        }
        switch (stored.challenge, verifier) {
        case (nil, nil): return .give
        // RFC 9700 §2.1.1: a verifier without a challenge is a downgrade.
        case (nil, _?): return .refuse(OAuthFault(.invalidGrant, "the authorization request had no code_challenge"))
        case (_?, nil): return .refuse(OAuthFault(.invalidGrant, "code_verifier is missing"))
        case (let challenge?, let verifier?):
            return challenge.matches(verifier)
                ? .give : .refuse(OAuthFault(.invalidGrant, "code_verifier does not fit the code_challenge"))
        }
    }
}

extension AuthorizationDesk {
    /// Tokens for a code.
    /// - Throws: `OAuthFault`.
    public func exchange(_ exchange: CodeExchange) async throws -> TokenAnswer {
        let (tokens, now) = (TokenPair(), accounts.now())
        let result = try await accounts.database.write { session -> Result<TokenAnswer, OAuthFault> in
            let hash = Self.hash(exchange.code)
            // One statement decides: of two who come at once, the second finds the code used.
            let used = try session.execute(
                "UPDATE authorization_codes SET used_at = ? WHERE hash = ? AND used_at IS NULL",
                [.integer(now.seconds), hash])
            let stored = try Self.code(hash, wasUsed: used == 0, in: session)
            switch exchange.decide(stored, now: now) {
            case .give:
                guard let stored else { return .failure(Self.usedCode) }
                let grant = TokenGrant(
                    account: stored.account, client: stored.client, scope: stored.scope, family: stored.family)
                try tokens.store(grant, now: now, in: session)
                return .success(TokenAnswer(tokens, grant, linkedProfile: stored.profile))
            case .refuse(let fault):
                // A mistake does not spend the code: its holder may try again.
                if used > 0 {
                    try session.execute("UPDATE authorization_codes SET used_at = NULL WHERE hash = ?", [hash])
                }
                return .failure(fault)
            case .revoke:
                try session.execute("DELETE FROM tokens WHERE family = ?", [SQLValue(stored?.family)])
                return .failure(Self.usedCode)
            }
        }
        return try result.get()
    }

    private static let usedCode = OAuthFault(
        .invalidGrant, "the code has been used before; the tokens it gave have been revoked")

    private static func code(_ hash: SQLValue, wasUsed: Bool, in session: any ReadSession) throws -> StoredCode? {
        try session.first(
            """
            SELECT client_id, account_id, redirect_uri, scope, challenge, profile_id, family, expires_at
            FROM authorization_codes WHERE hash = ?
            """, [hash]
        ) { row in
            StoredCode(
                client: ClientID(try row.text(0)), account: AccountID(try row.text(1)), redirectURI: try row.text(2),
                scope: Scope(try row.text(3)), challenge: try row.optionalText(4).map(CodeChallenge.init(stored:)),
                profile: try row.optionalText(5).map { ProfileID($0) }, family: try row.text(6),
                expires: Instant(seconds: try row.integer(7)), isUsed: wasUsed)
        }
    }
}
