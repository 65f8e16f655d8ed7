/// JSON as it came. Read by our own parser and not JSONDecoder, because requests of the official SDKs need a reading
/// that tells absent, null and empty apart, bounds the depth, and says where a fault is.
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// Whole numbers that fit.
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }
}

/// Where and why a text is not JSON (RFC 8259). `offset` counts bytes from 0.
public enum JSONFault: Error, Hashable, Sendable {
    case unexpected(offset: Int, wanted: String)
    case tooDeep(limit: Int)
}

extension JSONValue {
    public static let deepest = 64

    /// Reads one value with nothing after it. Of members with one name the last stands.
    public init(parsing bytes: [UInt8], deepest: Int = JSONValue.deepest) throws(JSONFault) {
        var parser = JSONParser(bytes: bytes, deepest: deepest)
        self = try parser.document()
    }
}

/// Keeps the open arrays and objects on a stack of its own: nothing recurs on the input.
private struct JSONParser {
    private let bytes: [UInt8]
    private let deepest: Int
    private var position = 0
    private var open: [Container] = []

    /// What is open; changed in place, so that a long array costs no more per element than a short one.
    private struct Container {
        let isArray: Bool
        var values: [JSONValue] = []
        var members: [String: JSONValue] = [:]
        /// Of the member whose value comes next.
        var name = ""
    }

    init(bytes: [UInt8], deepest: Int) { (self.bytes, self.deepest) = (bytes, deepest) }

    mutating func document() throws(JSONFault) -> JSONValue {
        while true {
            guard var value = try begin() else { continue }
            // A finished value goes into what is open, which may be finished by that.
            while true {
                guard !open.isEmpty else {
                    skipSpace()
                    guard position == bytes.count else { throw fault("the end of the text") }
                    return value
                }
                guard let finished = try add(value) else { break }
                value = finished
            }
        }
    }

    /// A scalar, an empty container, or nil where a container was opened.
    private mutating func begin() throws(JSONFault) -> JSONValue? {
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"):
            try deepen()
            if take("}") { return .object([:]) }
            open.append(Container(isArray: false, name: try name()))
            return nil
        case UInt8(ascii: "["):
            try deepen()
            if take("]") { return .array([]) }
            open.append(Container(isArray: true))
            return nil
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func deepen() throws(JSONFault) {
        guard open.count < deepest else { throw .tooDeep(limit: deepest) }
        position += 1
        skipSpace()
    }

    /// Puts a value into the innermost container; gives that where it ends here, nil where it goes on.
    private mutating func add(_ value: JSONValue) throws(JSONFault) -> JSONValue? {
        skipSpace()
        let last = open.count - 1
        if open[last].isArray {
            open[last].values.append(value)
            if take("]") { return .array(open.removeLast().values) }
            guard take(",") else { throw fault("',' or ']'") }
        } else {
            let name = open[last].name
            open[last].members[name] = value
            if take("}") { return .object(open.removeLast().members) }
            guard take(",") else { throw fault("',' or '}'") }
            skipSpace()
            open[last].name = try self.name()
        }
        return nil
    }

    private mutating func name() throws(JSONFault) -> String {
        guard peek == UInt8(ascii: "\"") else { throw fault("a name in quotes") }
        let name = try string()
        skipSpace()
        guard take(":") else { throw fault("':'") }
        return name
    }

    private mutating func string() throws(JSONFault) -> String {
        let start = position
        position += 1
        var text: [UInt8] = []
        while true {
            // Most strings are one stretch with nothing to unfold.
            let plain = position
            while let byte = peek, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { position += 1 }
            let stretch = bytes[plain..<position]
            switch peek {
            case UInt8(ascii: "\""):
                position += 1
                let string =
                    text.isEmpty
                    ? String(validating: stretch, as: UTF8.self) : String(validating: text + stretch, as: UTF8.self)
                guard let string else { throw .unexpected(offset: start, wanted: "a string in UTF-8") }
                return string
            case UInt8(ascii: "\\"):
                position += 1
                text += stretch
                try escape(into: &text)
            case nil: throw fault("the end of a string")
            default: throw fault("no control character in a string")
            }
        }
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONFault) {
        guard let byte = peek else { throw fault("an escape") }
        position += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "u"):
            var unit = try hexUnit()
            if (0xd800..<0xdc00).contains(unit), bytes[position...].starts(with: Array("\\u".utf8)) {
                position += 2
                let low = try hexUnit()
                unit = (0xdc00..<0xe000).contains(low) ? 0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00) : 0xfffd
            }
            text += Array(String(Character(Unicode.Scalar(unit) ?? "\u{fffd}")).utf8)
        default: throw .unexpected(offset: position - 1, wanted: "an escape")
        }
    }

    private mutating func hexUnit() throws(JSONFault) -> UInt32 {
        // Four digits: below 2¹⁶.
        let digits = String(decoding: bytes[position...].prefix(4), as: UTF8.self)
        guard digits.utf8.count == 4, digits.allSatisfy(\.isHexDigit), let unit = UInt32(digits, radix: 16) else {
            throw fault("four hexadecimal digits")
        }
        position += 4
        return unit
    }

    /// RFC 8259 §6.
    private mutating func number() throws(JSONFault) -> JSONValue {
        let start = position
        _ = take("-")
        // A zero stands alone in front.
        let hasDigits = take("0") ? true : skipDigits()
        guard hasDigits else {
            position = start
            throw fault("a value")
        }
        var isWhole = true
        if take(".") {
            isWhole = false
            guard skipDigits() else { throw fault("a digit") }
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            guard skipDigits() else { throw fault("a digit") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        // Any that fits is kept; `Fields.integer` asks for a range where it is used.
        if isWhole, let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else {
            position = start
            throw fault("a number up to 10³⁰⁸")
        }
        return .number(number)
    }

    /// Whether there was one.
    private mutating func skipDigits() -> Bool {
        let start = position
        while let byte = peek, (48...57).contains(byte) { position += 1 }
        return position > start
    }

    private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONFault) -> JSONValue {
        let word = Array(text.description.utf8)
        guard bytes[position...].starts(with: word) else { throw fault("a value") }
        position += word.count
        return value
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 32 || byte == 10 || byte == 13 || byte == 9 { position += 1 }
    }

    private func fault(_ wanted: String) -> JSONFault { .unexpected(offset: position, wanted: wanted) }
}
