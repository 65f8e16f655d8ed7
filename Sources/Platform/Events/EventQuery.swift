public import Accounts
public import CivilTime

/// Which occurrences a read asks for. Bounds are instants: the edge has resolved dates in the caller's zone.
public struct EventQuery: Hashable, Sendable {
    public var account: AccountID
    /// Events of this application count as managed; those of others look external.
    public var client: ClientID
    /// Occurrences ending after this. Nil: no bound.
    public var from: Instant?
    /// Occurrences starting before this. Nil: no bound.
    public var to: Instant?
    /// Nil: every calendar of the account.
    public var calendars: Set<CalendarID>?
    public var managed: Managed = .excluded
    /// Managed events are read over all time; the bounds hold for the others.
    public var managedIsUnbounded = false
    public var includesDeleted = false
    /// Also occurrences that were ever inside the bounds and have moved out.
    public var includesMoved = false
    /// Only those that changed at or after this.
    public var changedSince: Instant?
    /// Free-busy reads: leave out what does not take time.
    public var busyOnly = false

    public enum Managed: Hashable, Sendable { case excluded, included, only }

    public init(account: AccountID, client: ClientID) { (self.account, self.client) = (account, client) }
}

/// Where a page ends: the next begins after it. Order is start, then item, then recurrence, which an event that does
/// not change keeps: so whatever changes between two pages, it is neither skipped nor repeated.
public struct EventPosition: Hashable, Sendable {
    public let start: Int64
    public let item: Int64
    public let recurrence: Int64
    public init(start: Int64, item: Int64, recurrence: Int64) {
        (self.start, self.item, self.recurrence) = (start, item, recurrence)
    }
}

/// Where a read stands: after which record, and how many records there were when it began.
public struct EventProgress: Hashable, Sendable {
    public let after: EventPosition
    public let total: Int
    public init(after: EventPosition, total: Int) { (self.after, self.total) = (after, total) }
}

/// One page of a read. `total` counts all records of the whole read, as of its first page.
public struct EventPage<Record: Hashable & Sendable>: Hashable, Sendable {
    public let records: [Record]
    public let total: Int
    /// Nil on the last page.
    public let next: EventPosition?
    public init(records: [Record], total: Int, next: EventPosition?) {
        (self.records, self.total, self.next) = (records, total, next)
    }
}
