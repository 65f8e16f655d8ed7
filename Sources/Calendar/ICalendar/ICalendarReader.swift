/// How large and how deep a calendar may be. The sum of all bytes is the caller's to bound.
public struct ReadLimits: Hashable, Sendable {
    /// Bytes of one unfolded line.
    public var line = 1 << 20
    public var depth = 8
    public var components = 200_000
    public var properties = 5_000
    public var parameters = 100
    public init() {}
}

/// Why a text cannot be read as calendars at all.
public enum ICalendarReadError: Error, Hashable, Sendable {
    /// Nothing in it begins a VCALENDAR: a web page, an empty answer.
    case notACalendar
    /// It ends before END:VCALENDAR: a failed transfer, not a short list.
    case truncated
    case tooManyComponents(limit: Int)
}

/// Something that was not as it should be, and what was made of it.
public struct Diagnostic: Hashable, Sendable {
    public enum Severity: String, Hashable, Sendable { case repaired, warning, error }
    public var severity: Severity
    /// From 1; 0 where no single line is meant.
    public var line: Int
    public var message: String
    public init(_ severity: Severity, line: Int, _ message: String) {
        (self.severity, self.line, self.message) = (severity, line, message)
    }
}

/// The calendars of one text.
public struct ICalendarDocument: Hashable, Sendable {
    public var calendars: [Component]
    public var diagnostics: [Diagnostic]

    public init(calendars: [Component], diagnostics: [Diagnostic] = []) {
        (self.calendars, self.diagnostics) = (calendars, diagnostics)
    }

    /// Reads `text`; linear in its length.
    public init(reading text: String, limits: ReadLimits = .init()) throws(ICalendarReadError) {
        try self.init(reading: Array(text.utf8), limits: limits)
    }

    public init(reading bytes: [UInt8], limits: ReadLimits = .init()) throws(ICalendarReadError) {
        var reader = ICalendarReader(bytes, limits: limits)
        self = try reader.document()
    }
}

/// One pass over the bytes, with a stack of open components; nothing recurs on the input.
struct ICalendarReader {
    private var lines: LineUnfolder
    private let limits: ReadLimits
    private var diagnostics: [Diagnostic] = []
    private var open: [Component] = []
    private var done: [Component] = []
    private var count = 0
    /// Components being skipped: opened beyond the depth that is read.
    private var skipped = 0

    private static let mostDiagnostics = 1_000

    init(_ bytes: [UInt8], limits: ReadLimits) {
        lines = LineUnfolder(bytes, limit: limits.line)
        self.limits = limits
    }

    mutating func document() throws(ICalendarReadError) -> ICalendarDocument {
        while let line = lines.next() {
            switch line {
            case .tooLong(let number): note(.error, number, "a line longer than \(limits.line) bytes was left out")
            case .line(let bytes, let number): try take(bytes, number)
            }
        }
        guard open.isEmpty, !done.isEmpty else { throw open.isEmpty ? .notACalendar : .truncated }
        return ICalendarDocument(calendars: done, diagnostics: diagnostics)
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>, _ number: Int) throws(ICalendarReadError) {
        guard !bytes.isEmpty else { return }
        guard let property = PropertyParser.parse(bytes, mostParameters: limits.parameters) else {
            if !open.isEmpty { note(.warning, number, "a line that is no property was left out") }
            return
        }
        switch property.name {
        case "BEGIN": try begin(property.value.uppercased().trimmed, number)
        case "END": end(property.value.uppercased().trimmed, number)
        default:
            guard skipped == 0, !open.isEmpty else { return }
            guard open[open.count - 1].properties.count < limits.properties else {
                note(.error, number, "a component with more than \(limits.properties) properties was cut")
                return
            }
            open[open.count - 1].properties.append(property)
        }
    }

    private mutating func begin(_ name: String, _ number: Int) throws(ICalendarReadError) {
        if open.isEmpty && name != "VCALENDAR" { return }
        // A new calendar or event inside an open event: the END before it is missing.
        if name == "VCALENDAR" || name == "VEVENT" {
            while open.count > (name == "VCALENDAR" ? 0 : 1) {
                note(.repaired, number, "END:\(open[open.count - 1].name) was missing")
                close()
            }
        }
        guard open.count < limits.depth, skipped == 0 else {
            if skipped == 0 { note(.error, number, "components nested deeper than \(limits.depth) were left out") }
            skipped += 1
            return
        }
        count += 1
        guard count <= limits.components else { throw .tooManyComponents(limit: limits.components) }
        open.append(Component(name))
    }

    private mutating func end(_ name: String, _ number: Int) {
        if skipped > 0 {
            skipped = name == "VCALENDAR" ? 0 : skipped - 1
            if name != "VCALENDAR" { return }
        }
        guard open.contains(where: { $0.name == name }) else {
            note(.repaired, number, "END:\(name.prefix(40)) without its BEGIN was left out")
            return
        }
        while let last = open.last {
            close()
            if last.name == name { return }
            note(.repaired, number, "END:\(last.name) was missing")
        }
    }

    private mutating func close() {
        let component = open.removeLast()
        if open.isEmpty { done.append(component) } else { open[open.count - 1].components.append(component) }
    }

    private mutating func note(_ severity: Diagnostic.Severity, _ line: Int, _ message: String) {
        guard diagnostics.count < Self.mostDiagnostics else { return }
        diagnostics.append(Diagnostic(severity, line: line, message))
    }
}
