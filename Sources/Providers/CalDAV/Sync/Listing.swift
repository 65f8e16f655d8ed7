internal import GuardedHTTP
internal import ProviderKit

/// What a server says there is, or what changed: names and versions, no contents yet.
struct Listing: Sendable {
    struct Entry: Hashable, Sendable {
        let id: RemoteItemID
        let address: WebAddress
        let version: String?
        /// The server says it is no event, so that it need not be fetched.
        var isIrrelevant = false
    }

    /// By id, each once.
    var entries: [Entry]
    var removed: [RemoteItemID]
    /// Where the reading stands once all of this is in.
    var position: CalDAVCursor.Position
    /// Names everything that exists, or with `isTruncated` a part of everything.
    var isComplete: Bool
    /// The server has more from `position` on.
    var isTruncated = false

    init(
        entries: [Entry], removed: [RemoteItemID] = [], position: CalDAVCursor.Position, isComplete: Bool,
        isTruncated: Bool = false
    ) {
        // A change may be reported twice, and a removal beside a re-creation: fetching tells which holds.
        var latest: [RemoteItemID: Entry] = [:]
        for entry in entries { latest[entry.id] = entry }
        self.entries = latest.values.sorted { $0.id.value < $1.id.value }
        self.removed = Array(Set(removed).filter { latest[$0] == nil }).sorted { $0.value < $1.value }
        (self.position, self.isComplete, self.isTruncated) = (position, isComplete, isTruncated)
    }
}

/// A calendar collection and the names inside it.
struct Collection: Sendable {
    let address: WebAddress
    private let prefix: String

    /// Nil where `id` is not an address.
    init?(_ id: RemoteCalendarID) {
        do { address = try WebAddress(parsing: id.value) } catch { return nil }
        prefix = address.comparablePath
    }

    /// The id of the item at `other`, which keeps this collection's own spelling, so that one item has one id however
    /// an answer spells it. Nil for the collection itself, for collections inside it and for anything outside.
    func itemID(at other: WebAddress) -> RemoteItemID? {
        let path = other.comparablePath
        guard other.origin == address.origin, path.hasPrefix(prefix), path.utf8.count > prefix.utf8.count else {
            return nil
        }
        let name = path.dropFirst(prefix.count)
        guard !name.contains("/") else { return nil }
        // `%2F` is what remains encoded in a comparable path.
        let segments = name.split(separator: "%2F", omittingEmptySubsequences: false)
        return RemoteItemID(
            address.description + segments.map { PercentEncoding.segment(String($0)) }.joined(separator: "%2F"))
    }
}

/// ETags as they are compared and sent back (RFC 9110 §8.8.3).
enum EntityTag {
    /// Without the mark of weakness: the same version comes weak in one answer and strong in another.
    static func version(_ text: String?) -> String? {
        guard let text, !text.isEmpty else { return nil }
        return text.hasPrefix("W/") ? String(text.dropFirst(2)) : text
    }

    /// SOGo counts an object's versions from the start again when it is deleted and made anew: there an equal tag on
    /// an item reported as changed proves nothing.
    static func mayRepeat(_ version: String) -> Bool { version.hasPrefix("\"gcs") }
}
