public import Accounts
import CivilTime
import StorageKit

extension AuthorizationDesk {
    /// A token that lets the next authorization add a calendar to `account`.
    public func issueLinkToken(for account: AccountID, client: ClientID) async throws -> Secret {
        let (token, now) = (Secret(Crypto.token(40)), accounts.now().seconds)
        try await accounts.database.write { session in
            try session.execute("DELETE FROM link_tokens WHERE expires_at <= ?", [.integer(now)])
            try session.execute(
                "INSERT INTO link_tokens (hash, account_id, client_id, expires_at) VALUES (?, ?, ?, ?)",
                [
                    Self.hash(token), .text(account.value), .text(client.value),
                    .integer(now + Self.linkTokenLife),
                ])
        }
        return token
    }

    /// The account that `token` links to; nil where it is unknown, spent, expired or another application's.
    public func linkTarget(_ token: Secret, client: ClientID) async throws -> AccountID? {
        let now = accounts.now().seconds
        return try await accounts.database.read { session in
            try session.first(
                "SELECT account_id FROM link_tokens WHERE hash = ? AND client_id = ? AND expires_at > ?",
                [Self.hash(token), .text(client.value), .integer(now)]
            ) { AccountID(try $0.text(0)) }
        }
    }

    /// Ends `token`. False where somebody else was faster.
    public func spendLinkToken(_ token: Secret) async throws -> Bool {
        try await accounts.database.write { session in
            try session.execute("DELETE FROM link_tokens WHERE hash = ?", [Self.hash(token)]) > 0
        }
    }
}
