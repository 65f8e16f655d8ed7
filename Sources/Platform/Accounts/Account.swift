public import CivilTime

/// One person's linked calendars.
public struct Account: Hashable, Sendable {
    public let id: AccountID
    public let email: String
    public let name: String?
    /// Decides all-day and floating times where a calendar has no zone of its own.
    public let zone: ZoneID
    /// Rises with every change of the account's calendars, events or settings.
    public let version: Int64
}

/// A client of the platform. The secret is handed out once and kept sealed, since it also signs notifications.
public struct Application: Hashable, Sendable {
    public let id: ClientID
    public let name: String
    /// Where people may be sent back to, byte for byte.
    public let redirectURIs: [String]
    /// Cannot keep a secret (RFC 6749 §2.1): identified by its id, held to PKCE and rotating tokens.
    public let isPublic: Bool

    public init(id: ClientID, name: String, redirectURIs: [String], isPublic: Bool = false) {
        (self.id, self.name, self.redirectURIs, self.isPublic) = (id, name, redirectURIs, isPublic)
    }
}

/// What an application gets for an account.
public struct IssuedTokens: Sendable {
    public let account: AccountID
    public let accessToken: Secret
    public let refreshToken: Secret
    /// Seconds.
    public let expiresIn: Int64
    public let scope: Scope
}
