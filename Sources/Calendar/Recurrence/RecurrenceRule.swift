/// An RRULE (RFC 5545 §3.3.10), valid by construction.
public struct RecurrenceRule: Hashable, Sendable {
    /// The rule in canonical spelling, parts in the RFC's order.
    public let text: String
}
