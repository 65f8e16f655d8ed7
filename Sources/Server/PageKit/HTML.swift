/// Text that is HTML already. Made only from literals, in which every value put in is escaped, and from other HTML: what
/// a person typed cannot become markup.
///
///     let row: HTML = "<td>\(guide.name)</td>"
public struct HTML: ExpressibleByStringInterpolation, Hashable, Sendable {
    public private(set) var text: String

    public init(stringLiteral value: String) { text = value }
    public init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    /// One after the other.
    public init(_ parts: some Sequence<HTML>) {
        text = ""
        for part in parts { text += part.text }
    }

    public static let nothing: HTML = ""

    public static func += (left: inout HTML, right: HTML) { left.text += right.text }
    public static func + (left: HTML, right: HTML) -> HTML {
        var sum = left
        sum += right
        return sum
    }

    public mutating func reserveCapacity(_ bytes: Int) { text.reserveCapacity(bytes) }

    public struct StringInterpolation: StringInterpolationProtocol {
        var text = ""

        public init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        public mutating func appendLiteral(_ literal: String) { text += literal }
        public mutating func appendInterpolation(_ value: String) { HTML.escape(value, into: &text) }
        public mutating func appendInterpolation(_ value: Substring) { HTML.escape(String(value), into: &text) }
        public mutating func appendInterpolation(_ value: some BinaryInteger) { text += String(value) }
        public mutating func appendInterpolation(_ value: HTML) { text += value.text }
        /// Nothing where there is none.
        public mutating func appendInterpolation(_ value: HTML?) { text += value?.text ?? "" }
        public mutating func appendInterpolation(_ values: [HTML]) { for value in values { text += value.text } }
    }

    /// Good inside elements and inside quoted attributes alike.
    private static func escape(_ value: String, into text: inout String) {
        guard value.utf8.contains(where: { $0 == 38 || $0 == 60 || $0 == 62 || $0 == 34 || $0 == 39 }) else {
            text += value
            return
        }
        for scalar in value.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}

extension Sequence {
    /// Each as HTML, one after the other.
    public func html(_ part: (Element) throws -> HTML) rethrows -> HTML { HTML(try map(part)) }
}
