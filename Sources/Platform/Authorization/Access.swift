public import Accounts
public import StorageKit

/// What one application holds of one account, beside the scope of its token.
public struct Access: Hashable, Sendable {
    public let delegatedScope: Scope?
    /// The application's own name for a calendar of its own.
    public let applicationCalendar: String?
    /// The domain of a service account.
    public let domain: String?
}

extension Access {
    public init(to account: AccountID, for client: ClientID, in session: any ReadSession) throws {
        let delegated = try session.first(
            "SELECT delegated_scope FROM grants WHERE account_id = ? AND client_id = ?",
            [.text(account.value), .text(client.value)]
        ) { try $0.optionalText(0).map { Scope($0) } }
        delegatedScope = delegated ?? nil
        applicationCalendar = try session.first(
            "SELECT application_calendar_id FROM application_calendars WHERE account_id = ?", [.text(account.value)]
        ) { try $0.text(0) }
        domain = try session.first("SELECT domain FROM service_accounts WHERE account_id = ?", [.text(account.value)]) {
            try $0.text(0)
        }
    }
}

extension AuthorizationDesk {
    public func access(to account: AccountID, for client: ClientID) async throws -> Access {
        try await accounts.database.read { try Access(to: account, for: client, in: $0) }
    }
}

extension AuthorizationDesk {
    /// Whether the account was opened through a service account or somebody else's calendars, not by its own person.
    public func isOpenedByAnother(_ account: AccountID, for client: ClientID) async throws -> Bool {
        try await accounts.database.read { try Self.granter(of: account, client, in: $0) } != nil
    }

    /// Whether a service account that may give a free hand opened what `request` is about.
    public func isUnrestrictedByAdministrator(_ request: PermissionRequest) async throws -> Bool {
        try await accounts.database.read { session in
            guard let granter = try Self.granter(of: request.account, request.client, in: session) else { return false }
            let scope = try session.first(
                "SELECT scope FROM grants WHERE account_id = ? AND client_id = ?",
                [.text(granter.value), .text(request.client.value)]
            ) { Scope(try $0.text(0)) }
            let permission: Scope.Permission =
                request.account.kind == .resource ? .unrestrictedResources : .unrestrictedAccounts
            return scope?.allows(permission) ?? false
        }
    }

    private static func granter(
        of account: AccountID, _ client: ClientID, in session: any ReadSession
    ) throws -> AccountID? {
        let text = try session.first(
            "SELECT granted_by FROM grants WHERE account_id = ? AND client_id = ?",
            [.text(account.value), .text(client.value)]
        ) { try $0.text(0) }
        guard let text, ![Granter.person.text, Granter.application.text].contains(text) else { return nil }
        return AccountID(text)
    }
}
