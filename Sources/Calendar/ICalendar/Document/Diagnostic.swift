/// Something that was not as it should be, and what was made of it.
public struct Diagnostic: Hashable, Sendable {
    public enum Severity: String, Hashable, Sendable, CaseIterable {
        /// Read as it was surely meant.
        case repaired
        /// Against the standard; nothing is lost for it.
        case warning
        /// Something was left out.
        case error
    }
    public var severity: Severity
    /// The physical line, from 1; 0 where the component was not read from text.
    public var line: Int
    /// The component it stands in; nil outside of all.
    public var component: String?
    public var property: String?
    /// What was wrong.
    public var problem: String
    /// What was done about it; nil where nothing had to be.
    public var action: String?

    public init(
        _ severity: Severity, line: Int, component: String? = nil, property: String? = nil, _ problem: String,
        action: String? = nil
    ) {
        (self.severity, self.line, self.component, self.property) = (severity, line, component, property)
        (self.problem, self.action) = (problem, action)
    }
}

extension Diagnostic: CustomStringConvertible {
    /// `line 12, VEVENT DTEND, repaired: is before DTSTART; …`
    public var description: String {
        let place = [component, property].compactMap { $0 }.joined(separator: " ")
        return "line \(line)" + (place.isEmpty ? "" : ", " + place) + ", \(severity.rawValue): \(problem)"
            + (action.map { "; " + $0 } ?? "")
    }
}

/// Diagnostics with a bound, so that a hostile file cannot fill the memory with complaints.
struct DiagnosticList {
    private(set) var all: [Diagnostic] = []
    private var counts: [Diagnostic.Severity: Int] = [:]
    private static let mostOfEach = 1_000

    mutating func add(_ diagnostic: @autoclosure () -> Diagnostic, _ severity: Diagnostic.Severity) {
        let count = counts[severity, default: 0]
        counts[severity] = count + 1
        if count < Self.mostOfEach { all.append(diagnostic()) }
    }
}
