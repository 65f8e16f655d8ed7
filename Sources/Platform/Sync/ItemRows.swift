import Accounts
import CivilTime

/// A row of `components`: the details of a master (-1) or of the override with that index.
struct ComponentRow: Hashable, Sendable {
    var component: Int64
    var summary: String?
    var description: String?
    var location: String?
    var url: String?
    var status: String
    var transparency: String
    var isPrivate: Bool
    var participation: String
    var people: String?
    var categories: String?
    var geo: String?
    var joinURL: String?
    var created: Int64?
    var updated: Int64?
}

/// A row of `occurrences` before it is compared with what is stored.
struct OccurrenceRow: Hashable, Sendable {
    var recurrence: Int64
    var component: Int64
    var start: Int64
    var end: Int64
    var startDay: Int64?
    var endDay: Int64?
    var startZone: String?
    var endZone: String?
    var weight: Int64
}

/// What one item becomes in the store, worked out before the transaction begins.
struct PreparedItem: Hashable, Sendable {
    var remoteID: String
    var version: String?
    var uid: String
    var hash: [UInt8]
    var body: String
    var repeats: Bool
    /// Why the item takes part in nothing, or only in part; nil for a good one.
    var fault: String?
    var components: [ComponentRow]
    var occurrences: [OccurrenceRow]
}
