public import CivilTime

/// One instance of an event in time.
public struct Occurrence: Hashable, Sendable {
    /// Where the series put it before anybody moved it: stable across moves. Nil for an event that does not repeat.
    /// Dates stand for their midnight in UTC.
    public var originalStart: Instant?
    public var component: Source
    public var span: OccurrenceSpan
    /// Zones its ends are meant in; nil for dates, floating and UTC times.
    public var startZone: ZoneID?
    public var endZone: ZoneID?
    /// Cancelled: to be told, not to take time.
    public var isCancelled: Bool

    /// Which component of the series says what it is.
    public enum Source: Hashable, Sendable {
        case master
        case override(Int)
    }
}

/// When an occurrence is. `end` is exclusive; a span of instants may be empty (an event without length).
public enum OccurrenceSpan: Hashable, Sendable {
    case dates(CivilDate, CivilDate)
    case instants(Instant, Instant)
}

/// The occurrences of one series in a window.
public struct Expansion: Hashable, Sendable {
    /// By start.
    public var occurrences: [Occurrence]
    /// A limit was met: there is more than is listed.
    public var isIncomplete: Bool
}
