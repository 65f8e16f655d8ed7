public import Accounts
public import CivilTime
public import Events
public import Logging
public import Scheduling
public import Sync

/// What the endpoints need.
public struct APIServices: Sendable {
    public let profiles: ProfileStore
    public let reader: any EventReading
    public let writer: any EventWriting
    public let desk: AvailabilityDesk
    public let source: any ProviderSource
    public let zones: ZoneDatabase
    /// Where applications reach this server, without a slash at its end.
    public let publicURL: String
    public let logger: Logger

    public init(
        profiles: ProfileStore, reader: any EventReading, writer: any EventWriting, desk: AvailabilityDesk,
        source: any ProviderSource, zones: ZoneDatabase, publicURL: String, logger: Logger
    ) {
        (self.profiles, self.reader, self.writer, self.desk) = (profiles, reader, writer, desk)
        (self.source, self.zones, self.publicURL, self.logger) = (source, zones, publicURL, logger)
    }

    var accounts: AccountStore { profiles.accounts }
    func now() -> Instant { accounts.now() }
}
