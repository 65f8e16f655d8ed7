import CivilTime

/// What an application holds for one account. Store all of it, sealed: the refresh token does not expire.
public struct AccountTokens: Hashable, Sendable, CustomStringConvertible {
    public let accessToken: String
    /// Nil for a token that cannot be renewed, such as a developer's personal one.
    public let refreshToken: String?
    /// What may be done, space separated, as it was granted.
    public let scope: String

    public init(accessToken: String, refreshToken: String?, scope: String = "") {
        (self.accessToken, self.refreshToken, self.scope) = (accessToken, refreshToken, scope)
    }

    public var description: String { "AccountTokens(<redacted>, scope: \(scope))" }
}

/// The answer to a code or a refresh token (RFC 6749 §5.1).
public struct TokenGrant: Hashable, Sendable, AnswerReadable {
    public let tokens: AccountTokens
    /// How long the access token lasts, about.
    public let lifetime: Duration
    /// The account, `acc_…`, `apc_…` or `ser_…`; absent where a refresh token was used.
    public let sub: String?
    /// The profile that was just linked.
    public let linkingProfile: LinkingProfile?
    /// The application's own name of an application calendar.
    public let applicationCalendarID: String?

    init(reading answer: AnswerReader) throws(CronofyError) {
        tokens = AccountTokens(
            accessToken: try answer.text("access_token"), refreshToken: try answer.optionalText("refresh_token"),
            scope: try answer.optionalText("scope") ?? "")
        lifetime = .seconds(try answer.integer("expires_in"))
        let olderSub = try answer.optionalText("account_id")
        sub = try answer.optionalText("sub") ?? olderSub
        linkingProfile = try answer.optionalObject("linking_profile")
        applicationCalendarID = try answer.optionalText("application_calendar_id")
    }
}

/// The calendar account that a person has just linked.
public struct LinkingProfile: Hashable, Sendable, AnswerReadable {
    public let id: String
    public let name: String
    public let providerName: ProviderName

    init(reading answer: AnswerReader) throws(CronofyError) {
        id = try answer.text("profile_id")
        name = try answer.text("profile_name")
        providerName = ProviderName(rawValue: try answer.text("provider_name"))
    }
}
