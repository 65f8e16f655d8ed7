/// How much one CalDAV request asks for, and how often everything is compared.
public struct CalDAVLimits: Hashable, Sendable {
    /// Items in one calendar-multiget.
    public var multiget = 50
    /// Items fetched for one page, rounded up to whole multigets.
    public var fetchedPerPage = 200
    /// Items named by one page, fetched or not.
    public var namedPerPage = 2000
    /// Between complete listings of a calendar.
    public var completeListingEvery: Duration = .seconds(86_400)

    public init() {}
}
