/// The calendars of one text, complete: what has no meaning here is kept and written again.
public struct ICalendarDocument: Hashable, Sendable {
    public var calendars: [Component]
    /// What was not as it should be, in the order of the text; of each severity the first thousand.
    public var diagnostics: [Diagnostic]
    /// It ended inside a calendar: a failed transfer, not a short list. What was there until then is in `calendars`.
    public var isTruncated: Bool

    public init(calendars: [Component], diagnostics: [Diagnostic] = [], isTruncated: Bool = false) {
        (self.calendars, self.diagnostics, self.isTruncated) = (calendars, diagnostics, isTruncated)
    }

    /// Reads `text`; linear in its length.
    /// - Throws: what is no calendar at all, or larger than `limits` allow; everything else is repaired and told.
    public init(reading text: String, limits: ReadLimits = .init()) throws(ICalendarReadError) {
        try self.init(reading: Array(text.utf8), limits: limits)
    }

    /// Reads UTF-8, with or without a byte order mark, or UTF-16.
    public init(reading bytes: [UInt8], limits: ReadLimits = .init()) throws(ICalendarReadError) {
        self = try bytes.withUnsafeBufferPointer { bytes throws(ICalendarReadError) in
            try Self.read(bytes, limits: limits)
        }
    }

    private static func read(
        _ bytes: UnsafeBufferPointer<UInt8>, limits: ReadLimits
    ) throws(ICalendarReadError) -> ICalendarDocument {
        var reader = LineReader(limits: limits, builder: ComponentBuilder(limits: limits, keepsChildren: true))
        // Blocks that stay in the processor's cache while they are copied and taken apart.
        let step = 1 << 16
        for start in stride(from: 0, to: bytes.count, by: step) {
            try reader.read(UnsafeBufferPointer(rebasing: bytes[start..<min(start + step, bytes.count)]))
        }
        try reader.finish()
        return try reader.builder.document()
    }

    /// The text of all calendars, one after another.
    public var icalendarText: String { calendars.map(\.icalendarText).joined() }
}
