/// A stretch of wall-clock time in which one offset turns wall time into instants: `instant = wall - offset`.
///
/// All wall times from `start` to before `end` were shown on the clock, and in order. From `end` to before `gapEnd`
/// clocks jumped forward: those times were never shown, and are read with this `offset` too (RFC 5545 §3.3.5), so that
/// their instants lie among those of the following span. `gapEnd` equals `end` where clocks go back, or not at all.
@frozen
public struct OffsetSpan: Hashable, Sendable {
    /// Seconds east of UTC.
    public var offset: Int32
    /// Wall seconds, as in `CivilDateTime.wallSeconds`; `.min` and `.max` where there is no limit.
    public var start: Int64
    public var end: Int64
    public var gapEnd: Int64

    @inlinable
    public init(offset: Int32, start: Int64, end: Int64, gapEnd: Int64) {
        (self.offset, self.start, self.end, self.gapEnd) = (offset, start, end, gapEnd)
    }

    /// One offset for all time.
    @inlinable public static func always(_ offset: Int32) -> OffsetSpan {
        OffsetSpan(offset: offset, start: .min, end: .max, gapEnd: .max)
    }
}
