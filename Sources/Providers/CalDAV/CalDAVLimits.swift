/// How much one CalDAV request asks for, and how often everything is compared. Counts are at least 1.
public struct CalDAVLimits: Hashable, Sendable {
    /// Items in one calendar-multiget.
    public var multiget = 50 { didSet { multiget = max(multiget, 1) } }
    /// Items fetched for one page, rounded up to whole multigets.
    public var fetchedPerPage = 200 { didSet { fetchedPerPage = max(fetchedPerPage, 1) } }
    /// Items named by one page, fetched or not.
    public var namedPerPage = 2000 { didSet { namedPerPage = max(namedPerPage, 1) } }
    /// Between complete listings of a calendar.
    public var completeListingEvery: Duration = .seconds(86_400)

    public init() {}
}
