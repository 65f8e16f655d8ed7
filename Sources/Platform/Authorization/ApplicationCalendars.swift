public import Accounts
import CivilTime
public import StorageKit

extension AuthorizationDesk {
    /// The account of the application's own calendar `name`, made where it is not there yet by `prepare`, which also
    /// makes its calendar; with fresh tokens.
    public func applicationCalendar(
        _ name: String, of client: ClientID,
        prepare: @escaping @Sendable (AccountID, any WriteSession) throws -> Void
    ) async throws -> TokenAnswer {
        let (tokens, fresh, now) = (TokenPair(), AccountID(fresh: .applicationCalendar), accounts.now())
        return try await accounts.database.write { session in
            let token = try Self.ownAccount(name, client, fresh, now: now, in: session, prepare)
            try tokens.store(token, now: now, in: session)
            return TokenAnswer(tokens, token)
        }
    }

    /// An access token, and no refresh token, for the account that the application's developers try calls with: a
    /// calendar of the application's own, so that nobody's data is touched.
    public func trialToken(
        of client: ClientID, prepare: @escaping @Sendable (AccountID, any WriteSession) throws -> Void
    ) async throws -> (account: AccountID, token: Secret) {
        let (tokens, fresh, now) = (TokenPair(), AccountID(fresh: .applicationCalendar), accounts.now())
        return try await accounts.database.write { session in
            let token = try Self.ownAccount("test-account", client, fresh, now: now, in: session, prepare)
            try tokens.storeAccess(token, now: now, in: session)
            return (token.account, tokens.access)
        }
    }

    private static func ownAccount(
        _ name: String, _ client: ClientID, _ fresh: AccountID, now: Instant, in session: any WriteSession,
        _ prepare: @Sendable (AccountID, any WriteSession) throws -> Void
    ) throws -> TokenGrant {
        // One statement decides which of two who ask at once makes it.
        try AccountStore.insert(fresh, email: "", name: name, zone: .utc, now: now, in: session)
        let made = try session.execute(
            """
            INSERT INTO application_calendars (client_id, application_calendar_id, account_id) VALUES (?, ?, ?)
            ON CONFLICT (client_id, application_calendar_id) DO NOTHING
            """, [.text(client.value), .text(name), .text(fresh.value)])
        var account = fresh
        if made > 0 {
            try prepare(fresh, session)
        } else {
            try session.execute("DELETE FROM accounts WHERE account_id = ?", [.text(fresh.value)])
            account =
                try session.first(
                    """
                    SELECT account_id FROM application_calendars
                    WHERE client_id = ? AND application_calendar_id = ?
                    """, [.text(client.value), .text(name)]
                ) { AccountID(try $0.text(0)) } ?? fresh
        }
        var grant = CodeGrant(client: client, account: account, redirectURI: "", scope: Scope("read_write"))
        grant.granter = .application
        try record(grant, now: now, in: session)
        return TokenGrant(account: account, client: client, scope: grant.scope, family: Crypto.token(16))
    }
}
