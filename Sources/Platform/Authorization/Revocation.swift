public import Accounts
public import CivilTime
import Notifications
public import StorageKit
import Sync

/// Whose access ends.
public enum Revocation: Hashable, Sendable {
    /// The account of an access or a refresh token (RFC 7009).
    case token(Secret)
    case account(AccountID)
}

extension AuthorizationDesk {
    /// Ends the application's access to an account, and that of everyone whom it opened through it. What no application
    /// may see any more is deleted here, with a receipt. Unknown tokens and accounts are no error (RFC 7009 §2.2).
    /// - Parameter erases: the person's name and address go too.
    public func revoke(_ revocation: Revocation, by client: ClientID, erases: Bool = false) async throws {
        let now = accounts.now()
        try await accounts.database.write { session in
            guard let account = try Self.account(of: revocation, client, in: session) else { return }
            try Self.revoke(account, client: client, erases: erases, now: now, in: session)
        }
    }

    /// Ends the application's access to `account`. False where it has none.
    public func withdraw(_ account: AccountID, from client: ClientID) async throws -> Bool {
        let now = accounts.now()
        return try await accounts.database.write { session in
            guard try Self.hasGrant(account, client, in: session) else { return false }
            try Self.revoke(account, client: client, erases: false, now: now, in: session)
            return true
        }
    }

    /// Ends all access that was opened through a person's connections, since one of them, whose credential it goes on
    /// using, is gone. What another connection reaches can be asked for again.
    public static func endOpened(through account: AccountID, now: Instant, in session: any WriteSession) throws {
        let opened = try session.all(
            "SELECT account_id, client_id FROM grants WHERE granted_by = ?", [.text(account.value)]
        ) { (AccountID(try $0.text(0)), ClientID(try $0.text(1))) }
        for (account, client) in opened { try end(account, client: client, erases: false, now: now, in: session) }
    }

    private static func account(
        of revocation: Revocation, _ client: ClientID, in session: any ReadSession
    ) throws -> AccountID? {
        switch revocation {
        case .account(let id): return try hasGrant(id, client, in: session) ? id : nil
        case .token(let token):
            return try session.first(
                "SELECT account_id FROM tokens WHERE hash = ? AND client_id = ?", [hash(token), .text(client.value)]
            ) { AccountID(try $0.text(0)) }
        }
    }

    static func hasGrant(_ account: AccountID, _ client: ClientID, in session: any ReadSession) throws -> Bool {
        try session.first(
            "SELECT 1 FROM grants WHERE account_id = ? AND client_id = ?", [.text(account.value), .text(client.value)]
        ) { try $0.integer(0) } != nil
    }

    private static func revoke(
        _ account: AccountID, client: ClientID, erases: Bool, now: Instant, in session: any WriteSession
    ) throws {
        // Whoever was opened by another opens nobody in turn: this ends after one step.
        let opened = try session.all(
            "SELECT account_id FROM grants WHERE granted_by = ? AND client_id = ?",
            [.text(account.value), .text(client.value)]
        ) { AccountID(try $0.text(0)) }
        for account in opened + [account] {
            try end(account, client: client, erases: erases, now: now, in: session)
        }
    }

    private static func end(
        _ account: AccountID, client: ClientID, erases: Bool, now: Instant, in session: any WriteSession
    ) throws {
        let key: [SQLValue] = [.text(account.value), .text(client.value)]
        let tables = [
            "tokens", "authorization_codes", "link_tokens", "calendar_permissions", "available_periods",
            "availability_rules", "grants",
        ]
        for table in tables {
            try session.execute("DELETE FROM \(table) WHERE account_id = ? AND client_id = ?", key)
        }
        try ChannelStore.closeAll(of: account, client: client, now: now, in: session)
        try session.execute(
            "UPDATE consents SET withdrawn_at = ? WHERE account_id = ? AND client_id = ? AND withdrawn_at IS NULL",
            [.integer(now.seconds)] + key)
        let isShared =
            try session.first("SELECT 1 FROM grants WHERE account_id = ?", [.text(account.value)]) {
                try $0.integer(0)
            } != nil
        guard !isShared else { return }
        let keepsOwn = account.kind == .person && !erases
        for profile in try ProfileStore.profiles(of: account, in: session) {
            // What lives here lives nowhere else: a person's own calendar outlasts the applications that read it.
            if keepsOwn, profile.provider.value == "native" { continue }
            _ = try ProfileLinker.remove(profile.id, of: account, cause: .revoked, now: now, in: session)
        }
        if account.kind == .applicationCalendar {
            try session.execute("DELETE FROM application_calendars WHERE account_id = ?", [.text(account.value)])
        }
        // An administrator's password is not kept for an application that may not use it.
        try session.execute("DELETE FROM service_accounts WHERE account_id = ?", [.text(account.value)])
        if erases {
            try session.execute(
                "UPDATE accounts SET email = '', name = NULL WHERE account_id = ?", [.text(account.value)])
            try session.execute("DELETE FROM sign_ins WHERE account_id = ?", [.text(account.value)])
        }
    }
}
