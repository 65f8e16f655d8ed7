import Accounts
import Authorization
import StorageKit

/// Whose identity, as which application sees it by a token of which scope.
struct IdentityKey: Hashable, Sendable {
    let account: AccountID
    let client: ClientID
    let scope: Scope

    /// An application has few scopes of one account.
    func hash(into hasher: inout Hasher) {
        hasher.combine(account)
        hasher.combine(client)
    }
}

/// What `GET /v1/userinfo` tells of an account, read at once.
struct Identity: Sendable {
    let account: Account
    let access: Access
    let profiles: [Profile]
    let calendars: [CalendarRecord]
    /// The calendars in which the application has a free hand.
    let granted: Set<CalendarNumber>

    /// Nil where there is no such account.
    init?(_ key: IdentityKey, in session: any ReadSession) throws {
        guard let account = try AccountStore.account(key.account, in: session) else { return nil }
        self.account = account
        access = try Access(to: key.account, for: key.client, in: session)
        profiles = try ProfileStore.profiles(of: key.account, in: session)
        calendars = try ProfileStore.calendars(of: key.account, in: session)
        granted = try CalendarPermissions.unrestricted(for: key.client, of: key.account, in: session)
    }
}
