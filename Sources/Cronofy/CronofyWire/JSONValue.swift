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

    private enum Container {
        case array([JSONValue])
        case object([String: JSONValue], name: String)
    }

    init(bytes: [UInt8], deepest: Int) { (self.bytes, self.deepest) = (bytes, deepest) }

    mutating func document() throws(JSONFault) -> JSONValue {
        while true {
            guard var value = try begin() else { continue }
            // A finished value goes into what is open, which may be finished by that.
            while true {
                guard let container = open.popLast() else {
                    skipSpace()
                    guard position == bytes.count else { throw fault("the end of the text") }
                    return value
                }
                guard let finished = try add(value, to: container) else { break }
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
            open.append(.object([:], name: try name()))
            return nil
        case UInt8(ascii: "["):
            try deepen()
            if take("]") { return .array([]) }
            open.append(.array([]))
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

    /// Nil where the container goes on.
    private mutating func add(_ value: JSONValue, to container: Container) throws(JSONFault) -> JSONValue? {
        skipSpace()
        switch container {
        case .array(var values):
            values.append(value)
            if take("]") { return .array(values) }
            guard take(",") else { throw fault("',' or ']'") }
            open.append(.array(values))
        case .object(var members, let memberName):
            members[memberName] = value
            if take("}") { return .object(members) }
            guard take(",") else { throw fault("',' or '}'") }
            skipSpace()
            open.append(.object(members, name: try name()))
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
        position += 1
        var text: [UInt8] = []
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw .unexpected(offset: position - 1, wanted: "no control character in a string")
            default: text.append(byte)
            }
        }
        throw fault("the end of a string")
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
            if (0xd800..<0xdc00).contains(unit), take("\\"), take("u") {
                let low = try hexUnit()
                unit = (0xdc00..<0xe000).contains(low) ? 0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00) : 0xfffd
            }
            text += Array(String(Character(Unicode.Scalar(unit) ?? "\u{fffd}")).utf8)
        default: throw .unexpected(offset: position - 1, wanted: "an escape")
        }
    }

    private mutating func hexUnit() throws(JSONFault) -> UInt32 {
        guard position + 4 <= bytes.count,
            let unit = UInt32(String(decoding: bytes[position..<(position + 4)], as: UTF8.self), radix: 16)
        else { throw fault("four hexadecimal digits") }
        position += 4
        return unit
    }

    private mutating func number() throws(JSONFault) -> JSONValue {
        let start = position
        while let byte = peek, (48...57).contains(byte) || "+-.eE".utf8.contains(byte) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if let integer = Int64(text), !text.hasPrefix("+") { return .integer(integer) }
        guard let number = Double(text), number.isFinite, text.first?.isNumber == true || text.hasPrefix("-") else {
            position = start
            throw fault("a value")
        }
        return .number(number)
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
