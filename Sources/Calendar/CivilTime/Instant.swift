/// A moment in time: whole seconds since 1970-01-01T00:00:00Z, leap seconds ignored as in POSIX.
public struct Instant: Hashable, Comparable, Sendable {
    public let seconds: Int64

    public init(seconds: Int64) { self.seconds = seconds }

    public static func < (left: Instant, right: Instant) -> Bool { left.seconds < right.seconds }

    /// This instant moved by `seconds`, or nil where the result cannot be represented.
    public func advanced(bySeconds delta: Int64) -> Instant? {
        let (sum, overflow) = seconds.addingReportingOverflow(delta)
        return overflow ? nil : Instant(seconds: sum)
    }
}
