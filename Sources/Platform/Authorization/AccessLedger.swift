public import Accounts
public import CivilTime
import StorageKit
public import Sync

/// Who may use an account's calendars, who might before, and what was deleted.
public struct AccessLedger: Sendable {
    public struct Grant: Hashable, Sendable {
        public let client: ClientID
        public let name: String
        public let scope: Scope
        public let granter: Granter
        public let since: Instant
    }

    public struct Withdrawn: Hashable, Sendable {
        public let name: String
        public let scope: Scope
        public let at: Instant
    }

    public let grants: [Grant]
    public let withdrawn: [Withdrawn]
    public let receipts: [Receipt]
}

extension AuthorizationDesk {
    public func ledger(of account: AccountID) async throws -> AccessLedger {
        try await accounts.database.read { session in
            let grants = try session.all(
                """
                SELECT g.client_id, a.name, g.scope, g.granted_by, g.created_at FROM grants g
                JOIN applications a ON a.client_id = g.client_id WHERE g.account_id = ? ORDER BY a.name, g.client_id
                """, [.text(account.value)]
            ) { row in
                AccessLedger.Grant(
                    client: ClientID(try row.text(0)), name: try row.text(1), scope: Scope(try row.text(2)),
                    granter: Granter(text: try row.text(3)), since: Instant(seconds: try row.integer(4)))
            }
            let withdrawn = try session.all(
                """
                SELECT COALESCE(a.name, c.client_id), c.scope, c.withdrawn_at FROM consents c
                LEFT JOIN applications a ON a.client_id = c.client_id
                WHERE c.account_id = ? AND c.withdrawn_at IS NOT NULL ORDER BY c.withdrawn_at DESC LIMIT 50
                """, [.text(account.value)]
            ) { row in
                AccessLedger.Withdrawn(
                    name: try row.text(0), scope: Scope(try row.text(1)), at: Instant(seconds: try row.integer(2)))
            }
            return AccessLedger(
                grants: grants, withdrawn: withdrawn, receipts: try Receipt.all(of: account, in: session))
        }
    }
}
