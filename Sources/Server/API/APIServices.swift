public import Accounts
public import Authorization
public import CivilTime
public import Events
public import GuardedHTTP
public import Logging
public import Notifications
public import Scheduling
public import StorageKit
public import Sync

/// What the endpoints need. A class, for each request hands it on several times.
public final class APIServices: Sendable {
    public let profiles: ProfileStore
    public let authorization: AuthorizationDesk
    /// Makes the calendar of an application's own account, with its profile, in the transaction it is handed.
    public let makeOwnCalendar: @Sendable (AccountID, String, any WriteSession) throws -> Void
    public let creation: CalendarCreation
    public let reader: any EventReading
    public let writer: any EventWriting
    public let desk: AvailabilityDesk
    public let source: any ProviderSource
    public let zones: ZoneDatabase
    public let channels: ChannelStore
    /// Which addresses may be called back.
    public let callbacks: AddressPolicy
    /// Where applications reach this server, without a slash at its end.
    public let publicURL: String
    public let logger: Logger
    let limiter: RequestLimiter
    /// The answers of `GET /v1/userinfo`.
    let identities: CommitCache<IdentityKey, [UInt8]?>
    let requestLog: RequestLog?
    let nowMilliseconds: @Sendable () -> Int64

    public init(
        profiles: ProfileStore, authorization: AuthorizationDesk,
        makeOwnCalendar: @escaping @Sendable (AccountID, String, any WriteSession) throws -> Void,
        creation: CalendarCreation, reader: any EventReading, writer: any EventWriting, desk: AvailabilityDesk,
        source: any ProviderSource, zones: ZoneDatabase, callbacks: AddressPolicy, publicURL: String, logger: Logger,
        rate: RequestRate = .standard, requestLog: RequestLog? = nil,
        nowMilliseconds: @escaping @Sendable () -> Int64 = { 0 }
    ) {
        (self.profiles, self.authorization, self.makeOwnCalendar) = (profiles, authorization, makeOwnCalendar)
        self.creation = creation
        (self.reader, self.writer, self.desk) = (reader, writer, desk)
        (self.source, self.zones, self.callbacks) = (source, zones, callbacks)
        (self.publicURL, self.logger) = (publicURL, logger)
        channels = ChannelStore(accounts: profiles.accounts)
        identities = CommitCache(profiles.accounts.database)
        let start = ContinuousClock.now
        limiter = RequestLimiter(rate) { (ContinuousClock.now - start).milliseconds }
        (self.requestLog, self.nowMilliseconds) = (requestLog, nowMilliseconds)
    }

    /// For the server's own application, which is asked by nobody but the server.
    public var withoutLimits: APIServices {
        APIServices(
            profiles: profiles, authorization: authorization, makeOwnCalendar: makeOwnCalendar, creation: creation,
            reader: reader, writer: writer, desk: desk, source: source, zones: zones, callbacks: callbacks,
            publicURL: publicURL, logger: logger, rate: .unlimited, requestLog: requestLog,
            nowMilliseconds: nowMilliseconds)
    }

    var accounts: AccountStore { profiles.accounts }
    var attachments: AttachmentStore { AttachmentStore(accounts: accounts) }
    var neighbours: NeighbourListing { NeighbourListing(profiles: profiles, source: source) }
    var openHours: ManagedAvailability { ManagedAvailability(accounts: accounts) }
    func now() -> Instant { accounts.now() }
}
