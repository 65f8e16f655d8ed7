public import Accounts
public import Authorization
public import CivilTime
public import Events
import Notifications

/// What the pages stand on.
public struct WebServices: Sendable {
    let accounts: AccountStore
    let profiles: ProfileStore
    let events: any EventReading
    let connecting: any CalendarConnecting
    let vendors: any VendorSigningIn
    let signIns: SignIns
    let authorization: AuthorizationDesk
    let mailDomains: any MailDomainLooking
    let api: any APIWindow
    let tries: TryLimiter
    let networks: NetworkName
    let zones: ZoneDatabase
    /// Where people reach the server, without a slash at the end: `https://calendars.example.com`.
    let publicURL: String

    public init(
        profiles: ProfileStore, events: any EventReading, connecting: any CalendarConnecting,
        vendors: any VendorSigningIn, signIns: SignIns,
        authorization: AuthorizationDesk, mailDomains: any MailDomainLooking, api: any APIWindow,
        signInTries: Int = 10, trustedProxies: Set<String> = [], zones: ZoneDatabase = .system, publicURL: String
    ) {
        (self.accounts, self.profiles, self.events) = (profiles.accounts, profiles, events)
        self.vendors = vendors
        (self.connecting, self.signIns, self.zones) = (connecting, signIns, zones)
        (self.authorization, self.mailDomains) = (authorization, mailDomains)
        self.api = api
        tries = TryLimiter(limit: signInTries, now: profiles.accounts.now)
        networks = NetworkName(trustedProxies: trustedProxies)
        self.publicURL = publicURL
    }

    var channels: ChannelStore { ChannelStore(accounts: accounts) }
    var deliveries: DeliveryLog { DeliveryLog(accounts: accounts) }
    var now: Instant { accounts.now() }
}
