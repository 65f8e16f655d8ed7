public import ProviderKit

/// Where native calendars live; the platform keeps them in its own tables.
public protocol NativeStore: Sendable {
    /// The calendars of the account this store was opened for.
    func calendars() async throws(RemoteFailure) -> [RemoteCalendar]

    /// Makes an empty calendar.
    func createCalendar(named name: String) async throws(RemoteFailure) -> RemoteCalendar

    /// What changed in `calendar` with a sequence above `sequence`, lowest first, at most `limit`; one entry per item,
    /// its latest. Sequences grow with every change of the calendar, deletions included; 0 is before the first.
    /// - Throws: `.cursorExpired` where deletions since `sequence` are no longer known, `.gone` without the calendar.
    func changes(
        in calendar: RemoteCalendarID, after sequence: Int64, limit: Int
    ) async throws(RemoteFailure) -> [NativeChange]

    /// The item as it stands, or nil.
    func item(_ id: RemoteItemID, in calendar: RemoteCalendarID) async throws(RemoteFailure) -> NativeItem?

    /// Writes in one transaction with the check of `precondition`; gives the new version. `.conflict` where it fails.
    func put(
        _ text: String, at id: RemoteItemID, in calendar: RemoteCalendarID, if precondition: WritePrecondition
    ) async throws(RemoteFailure) -> String

    /// Deletes; an item that is not there is success. `.conflict` where `version` is given and another one stands.
    func delete(
        _ id: RemoteItemID, in calendar: RemoteCalendarID, ifVersion version: String?
    ) async throws(RemoteFailure)
}

/// A change in a native calendar; `item` is nil where it was deleted.
public struct NativeChange: Hashable, Sendable {
    public let id: RemoteItemID
    public let sequence: Int64
    public let item: NativeItem?
    public init(id: RemoteItemID, sequence: Int64, item: NativeItem?) {
        (self.id, self.sequence, self.item) = (id, sequence, item)
    }
}

/// The iCalendar text of one item and its version, which changes with every write.
public struct NativeItem: Hashable, Sendable {
    public let text: String
    public let version: String
    public init(text: String, version: String) { (self.text, self.version) = (text, version) }
}
