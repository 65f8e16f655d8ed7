public import Accounts
public import CivilTime
public import ICalendar
import Sync

/// One occurrence with its details.
public struct EventRecord: Hashable, Sendable {
    public var calendar: CalendarID
    public var uid: EventUID
    /// The application's own id, only on events it manages.
    public var eventID: String?
    /// Shared by the occurrences of one series; nil for a single event.
    public var series: String?
    public var span: EventSpan
    public var weight: Weight
    public var isDeleted: Bool
    public var summary: String?
    public var description: String?
    public var location: String?
    public var url: String?
    public var status: EventStatus
    public var transparency: Transparency
    public var isPrivate: Bool
    /// The account's own answer.
    public var participation: ParticipationStatus
    public var organizer: Participant?
    public var attendees: [Participant]
    public var categories: [String]
    public var created: Instant?
    public var updated: Instant?
    public var geo: GeoPoint?
    public var joinURL: String?
    public var canUpdate: Bool
    public var canDelete: Bool
    public var canAnswer = false
    /// What became of the last write of an application; nil where none was made.
    public var writing: WriteState?
}

/// How far a write of an application has come. `overruled` names fields in which it stood against a change made in the
/// calendar at the same time.
public enum WriteState: Hashable, Sendable {
    case written(overruled: [String])
    /// On its way; `reason` says why the provider has not taken it yet.
    case pending(reason: String?)
    /// The provider refused it for good.
    case refused(reason: String)

    /// The word of the API.
    public var name: String {
        switch self {
        case .written: "written"
        case .pending: "pending"
        case .refused: "refused"
        }
    }
}

/// An occurrence as others may see it: there is no field for text.
public struct FreeBusyRecord: Hashable, Sendable {
    public var calendar: CalendarID
    public var uid: EventUID
    public var eventID: String?
    public var span: EventSpan
    public var weight: Weight
    public var isDeleted: Bool
}

/// When an occurrence is. Dates stay dates; `end` is exclusive.
public enum EventSpan: Hashable, Sendable {
    case dates(CivilDate, CivilDate)
    case instants(Instant, Instant, startZone: ZoneID?, endZone: ZoneID?)
}

/// How an occurrence weighs on its owner's time.
public enum Weight: Int64, Hashable, Sendable, CaseIterable {
    case free = 0
    case tentative = 1
    case busy = 2
}

/// `evt_external_…` and the like: an item's number and which of its occurrences, in 24 hex digits.
public struct EventUID: Hashable, Sendable {
    public let item: ItemNumber
    /// The original start in seconds since 1970 (all-day: its midnight in UTC), or `single`.
    public let recurrence: Int64
    /// Stands for the one occurrence of an event that does not repeat.
    public static let single = OccurrenceKey.single

    public init(item: ItemNumber, recurrence: Int64) { (self.item, self.recurrence) = (item, recurrence) }

    /// The uid without its prefix; the account is not part of it and must be checked apart.
    public var hex: String {
        let word = Self.hex(item.value) + Self.hex(recurrence &- Self.single)
        return word
    }

    /// Twelve hex digits: 48 bits hold any second within four million years and any item number given out.
    private static func hex(_ value: Int64) -> String {
        let text = String(UInt64(bitPattern: value) & 0xffff_ffff_ffff, radix: 16)
        return String(repeating: "0", count: 12 - text.utf8.count) + text
    }

    /// Nil where `text` is not a uid given out by `external` or `managed`.
    public init?(parsing text: String) {
        guard let digits = text.split(separator: "_").last, digits.utf8.count == 24,
            let item = Int64(digits.prefix(12), radix: 16), let bits = Int64(digits.suffix(12), radix: 16)
        else { return nil }
        // Both halves are below 2^48, so neither sum can overflow.
        self.init(item: ItemNumber(item), recurrence: bits &+ Self.single)
    }

    public var external: String { "evt_external_" + hex }
    public var managed: String { "evt_managed_" + hex }
}
