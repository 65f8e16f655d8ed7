public import ICalendar

/// One connection to one outside calendar account, with its credential inside. Values in, values out: a provider keeps
/// no sync state; cursors belong to the caller.
public protocol CalendarProvider: Sendable {
    /// Who this connects as, and the calendars there are. The first call after a person connects; also the check
    /// that a credential still works.
    func discover() async throws(RemoteFailure) -> RemoteAccount

    /// What changed in `calendar` since `cursor`; nil asks for everything. One page; `.more` says to ask again.
    /// Items whose version equals `known[id]` are left out where the provider can tell before transfer.
    func changes(
        in calendar: RemoteCalendarID, since cursor: SyncCursor?,
        known: @Sendable ([RemoteItemID]) async throws -> [RemoteItemID: String]
    ) async throws(RemoteFailure) -> ChangePage

    /// The item as it is now, or nil where it does not exist.
    func item(_ id: RemoteItemID, in calendar: RemoteCalendarID) async throws(RemoteFailure) -> RemoteItem?

    /// Creates or replaces an item. `precondition` decides what may be overwritten; `.conflict` where it does not hold.
    func put(
        _ text: String, at id: RemoteItemID, in calendar: RemoteCalendarID, if precondition: WritePrecondition
    ) async throws(RemoteFailure) -> WriteReceipt

    /// Deletes an item; one that is gone already is success.
    func delete(
        _ id: RemoteItemID, in calendar: RemoteCalendarID, ifVersion version: String?
    ) async throws(RemoteFailure)

    /// The id a new item with this UID gets in `calendar`.
    func newItemID(forUID uid: String, in calendar: RemoteCalendarID) -> RemoteItemID

    /// Makes an empty calendar for events, with `color` (`#RRGGBB`) where the provider keeps one.
    func createCalendar(named name: String, color: String?) async throws(RemoteFailure) -> RemoteCalendar

    /// The people and bookable things that the provider shows to this account beside itself; may leave some out.
    func neighbours() async throws(RemoteFailure) -> [RemoteNeighbour]
}

extension CalendarProvider {
    /// What providers answer that cannot make calendars.
    public func createCalendar(named name: String, color: String?) async throws(RemoteFailure) -> RemoteCalendar {
        throw .refused(status: 0, reason: "Calendars cannot be made there.")
    }

    /// What providers answer that know nobody else.
    public func neighbours() async throws(RemoteFailure) -> [RemoteNeighbour] { [] }
}

/// Somebody, or something that is booked, at the same provider.
public struct RemoteNeighbour: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// A room, a vehicle, a projector.
        case resource
        case other
    }

    /// As `RemoteAccount.identity`.
    public let identity: String
    public let email: String
    public let name: String
    public let kind: Kind

    public init(identity: String, email: String, name: String, kind: Kind) {
        (self.identity, self.email, self.name, self.kind) = (identity, email, name, kind)
    }
}

/// A calendar's address at its provider: for CalDAV the canonical absolute URL.
public struct RemoteCalendarID: Hashable, Sendable {
    public let value: String
    public init(_ value: String) { self.value = value }
}

/// An item's address inside its calendar: for CalDAV the canonical absolute URL of the resource.
public struct RemoteItemID: Hashable, Sendable {
    public let value: String
    public init(_ value: String) { self.value = value }
}

/// Where a read left off, in the provider's own words; opaque to everyone else.
public struct SyncCursor: Hashable, Sendable {
    public let value: String
    public init(_ value: String) { self.value = value }
}

public struct RemoteAccount: Hashable, Sendable {
    /// Names the account at the provider for good (CalDAV: the principal's URL): a relink must show the same.
    public var identity: String
    public var displayName: String
    /// The mail addresses that the provider knows the person by, the usual one first.
    public var addresses: [String]
    public var email: String? { addresses.first }
    public var calendars: [RemoteCalendar]
    public init(identity: String, displayName: String, addresses: [String] = [], calendars: [RemoteCalendar]) {
        (self.identity, self.displayName) = (identity, displayName)
        (self.addresses, self.calendars) = (addresses, calendars)
    }
}

public struct RemoteCalendar: Hashable, Sendable {
    public var id: RemoteCalendarID
    public var name: String
    public var isReadOnly = false
    public var isPrimary = false
    /// `#RRGGBB`.
    public var color: String?
    /// The calendar's own zone, as the provider spells it; decides all-day and floating times.
    public var zoneName: String?
    /// The provider's own switch for whether this calendar blocks time (CALDAV:schedule-calendar-transp).
    public var blocksTime = true
    /// A cheap mark that changes with any change (CS:getctag), where there is one.
    public var changeTag: String?
    public init(id: RemoteCalendarID, name: String) { (self.id, self.name) = (id, name) }
}

/// One page of changes. Deletions are known either one by one (`removed`) or by absence: where `isComplete` is true the
/// pages since the read began name everything that exists, and what they do not name is gone when the last page is in.
public struct ChangePage: Hashable, Sendable {
    public var changed: [RemoteItem]
    /// Named but left out because `known` had the same version.
    public var unchanged: [RemoteItemID]
    public var removed: [RemoteItemID]
    public var isComplete: Bool
    public var next: Next
    /// Bytes received for this page, for the record of what a sync cost.
    public var bytes: Int
    public enum Next: Hashable, Sendable {
        /// Ask again with this cursor.
        case more(SyncCursor)
        /// Up to date; keep this cursor for next time. `notBefore` is the provider's wish for when.
        case done(SyncCursor, pollAfter: Duration?)
    }
    public init(
        changed: [RemoteItem], unchanged: [RemoteItemID] = [], removed: [RemoteItemID] = [], isComplete: Bool,
        next: Next, bytes: Int = 0
    ) {
        (self.changed, self.unchanged, self.removed) = (changed, unchanged, removed)
        (self.isComplete, self.next, self.bytes) = (isComplete, next, bytes)
    }
}

/// One resource at the provider: one event, or one series with its overrides.
public struct RemoteItem: Hashable, Sendable {
    public var id: RemoteItemID
    /// The provider's version (CalDAV: the ETag without `W/`), or nil where it gives none.
    public var version: String?
    public var content: Content
    public enum Content: Hashable, Sendable {
        /// `text` is the iCalendar text as received, kept for the round trip; it stands for `series`.
        case events(EventSeries, text: String)
        /// Could not be read; the rest of the calendar goes on.
        case unreadable(reason: String)
        /// Holds nothing that takes time (a task, a journal).
        case irrelevant
    }
    public init(id: RemoteItemID, version: String?, content: Content) {
        (self.id, self.version, self.content) = (id, version, content)
    }
}

public enum WritePrecondition: Hashable, Sendable {
    case absent
    case version(String)
    /// Overwrite whatever is there.
    case none
}

public struct WriteReceipt: Hashable, Sendable {
    /// Where the item stands now; may differ from what was asked.
    public var id: RemoteItemID
    /// Nil where the provider changed the text or does not say: read it again before the next write.
    public var version: String?
    public init(id: RemoteItemID, version: String?) { (self.id, self.version) = (id, version) }
}

/// Why a remote call failed, in the only words the sync machine acts on.
public enum RemoteFailure: Error, Hashable, Sendable {
    /// The credential is refused: ask the person to reconnect.
    case authorizationLost(reason: String)
    /// Start over with a full read.
    case cursorExpired
    case throttled(retryAfter: Duration?)
    /// The provider understood and said no; the same request would fail again.
    case refused(status: Int, reason: String)
    /// The calendar or item is not there.
    case gone
    /// A write's precondition did not hold: read again and merge.
    case conflict
    /// Network, TLS, timeout, 5xx, or an answer that is not the protocol; try again later. `reason` is fit to show.
    case unreachable(reason: String)
}
