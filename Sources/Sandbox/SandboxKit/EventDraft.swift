/// An event as the page shows and edits it.
public struct EventDraft: Hashable, Sendable {
    public enum Repeat: String, Hashable, Sendable, CaseIterable { case never, daily, weekly }

    /// Nil for a new one.
    public var id: String?
    public var title: String
    /// `2026-05-04`, or `2026-05-04T09:00:00`; then in `zone`.
    public var start: String
    /// Exclusive, in the same form.
    public var end: String
    public var zone: String
    /// Nil where it repeats in a way that the page leaves as it is.
    public var repeats: Repeat?

    public var isAllDay: Bool { start.utf8.count == 10 }

    public init(id: String? = nil, title: String, start: String, end: String, zone: String, repeats: Repeat?) {
        (self.id, self.title, self.start, self.end) = (id, title, start, end)
        (self.zone, self.repeats) = (zone, repeats)
    }
}
