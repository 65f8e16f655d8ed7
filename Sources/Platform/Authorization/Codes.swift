public import Accounts
import CivilTime
import StorageKit

/// Who consented.
public enum Granter: Hashable, Sendable {
    /// The person, on a page of ours.
    case person
    /// The application, about a calendar of its own.
    case application
    /// The account through which it was opened: a service account, or somebody whom the calendars are shared with.
    case account(AccountID)

    init(text: String) {
        switch text {
        case "person": self = .person
        case "application": self = .application
        default: self = .account(AccountID(text))
        }
    }

    var text: String {
        switch self {
        case .person: "person"
        case .application: "application"
        case .account(let id): id.value
        }
    }
}

/// What a code will give.
public struct CodeGrant: Hashable, Sendable {
    public let client: ClientID
    public let account: AccountID
    /// What the exchange must name again, byte for byte.
    public let redirectURI: String
    public let scope: Scope
    public var delegatedScope: Scope?
    public var challenge: CodeChallenge?
    public var profile: ProfileID?
    public var granter = Granter.person

    public init(client: ClientID, account: AccountID, redirectURI: String, scope: Scope) {
        (self.client, self.account, self.redirectURI, self.scope) = (client, account, redirectURI, scope)
    }

    /// What consenting to `request` gives for `account`.
    public init(_ request: AuthorizationRequest, account: AccountID, profile: ProfileID?) {
        self.init(
            client: request.application.id, account: account, redirectURI: request.returning.redirect.text,
            scope: request.scope)
        (delegatedScope, challenge, self.profile) = (request.delegatedScope, request.challenge, profile)
    }
}

extension AuthorizationDesk {
    /// Records the consent and gives a code for it: single use, ten minutes, for that client and address only.
    public func issueCode(_ grant: CodeGrant) async throws -> Secret {
        let code = Secret(Crypto.token(32))
        let now = accounts.now()
        try await accounts.database.write { try Self.store(code, grant, now: now, in: $0) }
        return code
    }

    static func store(_ code: Secret, _ grant: CodeGrant, now: Instant, in session: any WriteSession) throws {
        try record(grant, now: now, in: session)
        // Used codes are kept for a day, so that one that comes again is known for what it is.
        try session.execute(
            "DELETE FROM authorization_codes WHERE account_id = ? AND expires_at <= ?",
            [.text(grant.account.value), .integer(now.seconds - 86_400)])
        try session.execute(
            """
            INSERT INTO authorization_codes (hash, client_id, account_id, redirect_uri, scope, challenge, profile_id,
                family, expires_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                hash(code), .text(grant.client.value), .text(grant.account.value), .text(grant.redirectURI),
                .text(grant.scope.description), SQLValue(grant.challenge?.value), SQLValue(grant.profile?.value),
                .text(Crypto.token(16)), .integer(now.seconds + codeLife),
            ])
    }

    /// The grant and the consent it stands on.
    static func record(_ grant: CodeGrant, now: Instant, in session: any WriteSession) throws {
        try session.execute(
            """
            INSERT INTO grants (account_id, client_id, scope, granted_by, delegated_scope, created_at)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (account_id, client_id) DO UPDATE SET scope = excluded.scope, granted_by = excluded.granted_by,
                delegated_scope = excluded.delegated_scope
            """,
            [
                .text(grant.account.value), .text(grant.client.value), .text(grant.scope.description),
                .text(grant.granter.text), SQLValue(grant.delegatedScope?.description), .integer(now.seconds),
            ])
        try session.execute(
            """
            INSERT INTO consents (account_id, client_id, given_at, scope, given_by) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (account_id, client_id, given_at) DO UPDATE SET scope = excluded.scope,
                given_by = excluded.given_by, withdrawn_at = NULL
            """,
            [
                .text(grant.account.value), .text(grant.client.value), .integer(now.seconds),
                .text(grant.scope.description), .text(grant.granter.text),
            ])
    }

    static func hash(_ token: Secret) -> SQLValue { .blob(Crypto.sha256(token.reveal())) }
}
