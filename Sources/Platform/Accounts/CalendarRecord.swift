public import CivilTime

/// A calendar of an account, as the platform keeps it.
public struct CalendarRecord: Hashable, Sendable {
    public let account: AccountID
    public let number: CalendarNumber
    public let id: CalendarID
    public let profile: ProfileID
    /// The calendar's address at its provider.
    public let remoteID: String
    public let name: String
    public let isReadOnly: Bool
    public let isPrimary: Bool
    public let isDeleted: Bool
    public let color: String?
    public let zone: ZoneID?
    /// Whether its events take its owner's time: the owner's choice, at first the provider's.
    public let isCounted: Bool
    /// When it was last known to be in step; nil before the first read ends. Its age is the freshness people see.
    public let syncedAt: Instant?
    /// Why the picture is not whole, where it is not.
    public let incomplete: String?
}
