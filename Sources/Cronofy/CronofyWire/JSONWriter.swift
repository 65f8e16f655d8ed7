/// Writes JSON straight into bytes, in the order it is called: no dictionary in between.
public struct JSONWriter: Sendable {
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    public init() {}

    public mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
        try container("{", "}", body)
    }

    public mutating func array<Values: Sequence>(
        _ values: Values, _ body: (inout JSONWriter, Values.Element) throws -> Void
    ) rethrows {
        try container("[", "]") { for value in values { try body(&$0, value) } }
    }

    private mutating func container(
        _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout JSONWriter) throws -> Void
    ) rethrows {
        comma()
        bytes.append(UInt8(ascii: open))
        needsComma = false
        try body(&self)
        bytes.append(UInt8(ascii: close))
        needsComma = true
    }

    /// Begins a member; a value must follow.
    public mutating func name(_ name: StaticString) {
        comma()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    public mutating func name(text name: String) {
        value(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    public mutating func value(_ text: String) {
        comma()
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            if utf8.allSatisfy({ $0 >= 32 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
                bytes.append(contentsOf: utf8)
            } else {
                for byte in utf8 { escaped(byte) }
            }
        }
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    public mutating func value(_ flag: Bool) { raw(flag ? "true" : "false") }
    public mutating func value(_ number: Int64) { raw(String(number)) }
    public mutating func value(_ number: Int) { raw(String(number)) }
    public mutating func null() { raw("null") }

    public mutating func member(_ name: StaticString, _ text: String) {
        self.name(name)
        value(text)
    }

    /// Left out where there is none.
    public mutating func member(_ name: StaticString, ifPresent text: String?) {
        guard let text else { return }
        member(name, text)
    }

    public mutating func member(_ name: StaticString, orNull text: String?) {
        self.name(name)
        if let text { value(text) } else { null() }
    }

    public mutating func member(_ name: StaticString, _ flag: Bool) {
        self.name(name)
        value(flag)
    }

    public mutating func member(_ name: StaticString, _ number: Int) {
        self.name(name)
        value(number)
    }

    /// A value written before.
    public mutating func value(json: [UInt8]) {
        comma()
        bytes += json
        needsComma = true
    }

    /// A value as it was received.
    public mutating func value(_ json: JSONValue) {
        switch json {
        case .null: null()
        case .bool(let flag): value(flag)
        case .integer(let number): value(number)
        case .number(let number): raw(String(number))
        case .string(let text): value(text)
        // Received values are at most `JSONValue.deepest` deep, so this ends.
        case .array(let values): array(values) { $0.value($1) }
        case .object(let members):
            object { writer in
                for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                    writer.name(text: name)
                    writer.value(member)
                }
            }
        }
    }

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    private mutating func raw(_ text: String) { value(json: Array(text.utf8)) }

    private mutating func comma() { if needsComma { bytes.append(UInt8(ascii: ",")) } }

    /// RFC 8259 §7.
    private mutating func escaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
        case 10: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
        case 0..<0x20:
            bytes += Array("\\u00".utf8) + Array((byte < 16 ? "0" : "").utf8) + Array(String(byte, radix: 16).utf8)
        default: bytes.append(byte)
        }
    }
}
