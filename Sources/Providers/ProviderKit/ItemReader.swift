public import CivilTime
internal import ICalendar

/// Turns the text of one resource into what the platform keeps of it. Made once, where the zones are known, and handed
/// to each provider, so that all of them read alike.
public struct ItemReader: Sendable {
    private let reading: @Sendable (String) -> RemoteItem.Content

    public init(_ reading: @escaping @Sendable (String) -> RemoteItem.Content) { self.reading = reading }

    /// Reads iCalendar text; `zones` give a meaning to the zones it names.
    public init(zones: ZoneDatabase) {
        self.init { Self.read($0, zones: zones) }
    }

    /// The content of one resource; never throws, for one bad item stops nothing.
    public func content(of text: String) -> RemoteItem.Content { reading(text) }

    private static func read(_ text: String, zones: ZoneDatabase) -> RemoteItem.Content {
        do {
            let document = try ICalendarDocument(reading: text)
            // A transfer that broke off is no short calendar.
            guard !document.isTruncated else { return .unreadable(reason: "It ends in the middle.") }
            let found = document.series(zones: zones)
            guard let first = found.first else { return .irrelevant }
            // RFC 4791 §4.1: one UID in one resource. Taking one of several would offer the time of the others.
            guard found.count == 1 else {
                return .unreadable(reason: "One resource holds \(found.count) different events.")
            }
            switch first {
            case .series(let series): return .events(series, text: text)
            case .setAside(_, let reason): return .unreadable(reason: reason)
            }
        } catch { return .unreadable(reason: reason(for: error)) }
    }

    private static func reason(for error: ICalendarReadError) -> String {
        switch error {
        case .notACalendar: "It is not a calendar event."
        case .tooManyComponents(let limit): "It has more than \(limit) parts."
        case .tooLarge(let limit): "It is larger than \(limit >> 20) MB."
        }
    }
}
