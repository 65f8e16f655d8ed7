/// Reads calendars from bytes as they arrive, in memory for one component and one block of bytes.
///
///     var stream = ICalendarStream()
///     for chunk in chunks { for item in try stream.read(chunk) { … } }
///     for item in try stream.finish() { … }
public struct ICalendarStream {
    public enum Item: Hashable, Sendable {
        /// A component that stood directly inside a VCALENDAR, complete.
        case component(Component)
        /// A VCALENDAR that has ended, with its own properties; its components came before.
        case calendar(Component)
    }

    private var reader: LineReader

    public init(limits: ReadLimits = .init()) {
        reader = LineReader(limits: limits, builder: ComponentBuilder(limits: limits, keepsChildren: false))
    }

    /// What was not as it should be until now.
    public var diagnostics: [Diagnostic] { reader.builder.diagnostics.all }

    /// Whether the end was met inside a calendar; known after `finish`.
    public var isTruncated: Bool { reader.builder.isTruncated }

    /// Takes the next bytes, cut anywhere; gives what they completed.
    public mutating func read(_ bytes: [UInt8]) throws(ICalendarReadError) -> [Item] {
        try bytes.withUnsafeBufferPointer { bytes throws(ICalendarReadError) in try reader.read(bytes) }
        return reader.builder.takeItems()
    }

    /// Ends the text.
    /// - Throws: `.notACalendar` where nothing in it began a calendar.
    public mutating func finish() throws(ICalendarReadError) -> [Item] {
        try reader.finish()
        return reader.builder.takeItems()
    }
}
