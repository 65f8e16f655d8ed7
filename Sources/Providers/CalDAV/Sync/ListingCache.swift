internal import ProviderKit

/// Listings whose pages are being given out, and what was learned about the server. Only saves work: everything here
/// can be asked again.
actor ListingCache {
    private struct Key: Hashable {
        let calendar: RemoteCalendarID
        let position: CalDAVCursor.Position
    }

    private var listings: [(key: Key, listing: Listing)] = []
    private(set) var isMultigetUseless = false
    /// Calendars of one account that are read at the same time.
    private let capacity = 8

    func listing(of calendar: RemoteCalendarID, upTo position: CalDAVCursor.Position) -> Listing? {
        listings.first { $0.key == Key(calendar: calendar, position: position) }?.listing
    }

    func keep(_ listing: Listing, of calendar: RemoteCalendarID) {
        drop(calendar)
        listings.append((Key(calendar: calendar, position: listing.position), listing))
        if listings.count > capacity { listings.removeFirst() }
    }

    func drop(_ calendar: RemoteCalendarID) { listings.removeAll { $0.key.calendar == calendar } }

    func noteMultigetIsUseless() { isMultigetUseless = true }
}
