/// A half-open span `[start, end)`; `start < end` always holds.
public struct Period: Hashable, Sendable {
    public let start, end: Instant

    /// Nil where `start` is not before `end`.
    public init?(from start: Instant, to end: Instant) {
        guard start < end else { return nil }
        (self.start, self.end) = (start, end)
    }
}
