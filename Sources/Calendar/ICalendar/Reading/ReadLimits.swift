/// How large and how deep a calendar may be.
public struct ReadLimits: Hashable, Sendable {
    /// Bytes of the whole text.
    public var total = 50 << 20
    /// Bytes of one unfolded line.
    public var line = 1 << 20
    public var depth = 8
    /// Components of the whole text.
    public var components = 200_000
    /// Properties of one component.
    public var properties = 5_000
    /// Parameters of one property.
    public var parameters = 100
    public init() {}
}

/// Why a text cannot be read as calendars at all.
public enum ICalendarReadError: Error, Hashable, Sendable {
    /// Nothing in it begins a calendar or a component of one: a web page, an empty answer.
    case notACalendar
    case tooManyComponents(limit: Int)
    /// More bytes than `ReadLimits.total`.
    case tooLarge(limit: Int)
}
