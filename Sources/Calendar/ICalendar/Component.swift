/// A component as it was read: everything is kept, so that everything can be written again.
public struct Component: Hashable, Sendable {
    /// In upper case.
    public var name: String
    public var properties: [Property]
    public var components: [Component]

    public init(_ name: String, properties: [Property] = [], components: [Component] = []) {
        (self.name, self.properties, self.components) = (name, properties, components)
    }

    /// The first property of this name.
    public func first(_ name: String) -> Property? { properties.first { $0.name == name } }

    public func all(_ name: String) -> [Property] { properties.filter { $0.name == name } }

    /// Puts `property` in place of those of its name, where the first of them stood; nil only takes them away.
    public mutating func replace(_ name: String, with new: [Property]) {
        let index = properties.firstIndex { $0.name == name } ?? properties.count
        properties.removeAll { $0.name == name }
        properties.insert(contentsOf: new, at: min(index, properties.count))
    }
}

/// A content line: `NAME;PARAMETER=value:value` (RFC 5545 §3.1).
public struct Property: Hashable, Sendable {
    /// In upper case.
    public var name: String
    public var parameters: [Parameter]
    /// As it stands in the file: TEXT values are still escaped.
    public var value: String

    public struct Parameter: Hashable, Sendable {
        /// In upper case.
        public var name: String
        /// Decoded (RFC 6868), without quotes.
        public var values: [String]
        public init(_ name: String, _ values: [String]) { (self.name, self.values) = (name, values) }
    }

    public init(_ name: String, _ value: String, parameters: [Parameter] = []) {
        (self.name, self.value, self.parameters) = (name, value, parameters)
    }

    /// A TEXT property; `text` is escaped, so it can add nothing to the file but itself.
    public init(_ name: String, text: String) { self.init(name, TextValue.escape(text)) }

    /// The first value of a parameter.
    public func parameter(_ name: String) -> String? {
        parameters.first { $0.name == name }?.values.first
    }

    /// The value read as TEXT (RFC 5545 §3.3.11).
    public var text: String { TextValue.unescape(value) }
}

/// TEXT values (RFC 5545 §3.3.11).
enum TextValue {
    static func escape(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 8)
        var isAfterReturn = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"), UInt8(ascii: ";"), UInt8(ascii: ","): bytes += [UInt8(ascii: "\\"), byte]
            case 10 where isAfterReturn: break
            case 10, 13: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case 0..<32 where byte != 9, 127: break
            default: bytes.append(byte)
            }
            isAfterReturn = byte == 13
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func unescape(_ value: String) -> String {
        guard value.utf8.contains(UInt8(ascii: "\\")) else { return value }
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in value.utf8 {
            if isEscaped {
                bytes.append(byte == UInt8(ascii: "n") || byte == UInt8(ascii: "N") ? 10 : byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Splits a value at commas that are not escaped.
    static func list(_ value: String) -> [String] {
        var items: [[UInt8]] = [[]]
        var isEscaped = false
        for byte in value.utf8 {
            if byte == UInt8(ascii: ",") && !isEscaped {
                items.append([])
            } else {
                items[items.count - 1].append(byte)
            }
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        }
        return items.map { unescape(String(decoding: $0, as: UTF8.self)) }
    }
}
