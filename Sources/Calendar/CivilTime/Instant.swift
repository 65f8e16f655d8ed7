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

extension Instant: CustomStringConvertible {
    /// `2031-04-05T06:07:08Z` (RFC 3339); outside years 1 to 9999 `@` and the seconds.
    public var description: String {
        CivilDateTime(wallSeconds: seconds).map { "\($0)Z" } ?? "@\(seconds)"
    }
}
