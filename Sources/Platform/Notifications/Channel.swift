public import Accounts
public import CivilTime

/// `chn_…`: a push subscription of one application to one account.
public struct ChannelID: Hashable, Sendable {
    public let value: String
    public init(_ value: String) { self.value = value }
}

/// Where an application wants to hear of an account's changes, and of which.
public struct Channel: Hashable, Sendable {
    public let account: AccountID
    public let id: ChannelID
    public let client: ClientID
    /// As the application wrote it.
    public let callbackURL: String
    public let filters: ChannelFilters
    public let state: State

    public enum State: Hashable, Sendable {
        case open
        /// Tries fail since then; they go on for `RetrySchedule.life`.
        case failing(since: Instant)
        case closed(CloseReason, at: Instant)
    }

    /// Why nothing is sent any more.
    public enum CloseReason: String, Hashable, Sendable {
        case byApplication = "closed_by_application"
        /// The receiver answered 410.
        case gone = "receiver_gone"
        /// No try succeeded for a day.
        case undeliverable
        /// The application may no longer read the account.
        case revoked = "authorization_revoked"
    }

    public init(
        account: AccountID, id: ChannelID, client: ClientID, callbackURL: String, filters: ChannelFilters, state: State
    ) {
        (self.account, self.id, self.client) = (account, id, client)
        (self.callbackURL, self.filters, self.state) = (callbackURL, filters, state)
    }
}

/// Which changes a channel hears of. Nil: not set, and then not shown either.
public struct ChannelFilters: Hashable, Sendable {
    /// Only changes in these calendars.
    public var calendars: [CalendarID]?
    /// Only changes to events that the channel's application manages.
    public var onlyManaged: Bool?

    public init(calendars: [CalendarID]? = nil, onlyManaged: Bool? = nil) {
        (self.calendars, self.onlyManaged) = (calendars, onlyManaged)
    }

    /// Whether a channel of `client` hears of a change in `calendar` to events managed by `managers`.
    func admit(_ change: CalendarChange, in calendar: CalendarID?, client: ClientID) -> Bool {
        guard change.author != client else { return false }
        if onlyManaged ?? false, !change.managers.contains(client) { return false }
        guard let calendars, let calendar else { return true }
        return calendars.contains(calendar)
    }
}
