extension Property {
    /// `;NAME=value,value` of a content line (RFC 5545 §3.2).
    public struct Parameter: Hashable, Sendable {
        /// In upper case.
        public let name: String
        /// The name in the case it came with.
        public let spelling: String
        /// Decoded (RFC 6868), without quotes; never empty.
        public var values: [String]

        public init(_ name: String, _ values: [String]) {
            self.init(spelling: String(decoding: ASCII.name(name), as: UTF8.self), values)
        }

        init(spelling: String, _ values: [String]) {
            (self.spelling, self.values) = (spelling, values.isEmpty ? [""] : values)
            name = spelling.uppercased()
        }

        public static func == (left: Parameter, right: Parameter) -> Bool {
            left.name == right.name && left.values == right.values
        }

        public func hash(into hasher: inout Hasher) {
            hasher.combine(name)
            hasher.combine(values)
        }

        /// As it stands in a line, the semicolon before it included; in quotes where they are needed, or always.
        func encoded(quoted: Bool = false) -> [UInt8] {
            var bytes = [ASCII.semicolon] + Array(spelling.utf8) + [ASCII.equals]
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(ASCII.comma) }
                bytes += Self.encoded(value, quoted: quoted)
            }
            return bytes
        }

        /// RFC 6868 for what quotes cannot hold, and quotes where the grammar asks for them.
        private static func encoded(_ value: String, quoted: Bool) -> [UInt8] {
            var result: [UInt8] = []
            var needsQuotes = quoted
            for byte in value.utf8 {
                switch byte {
                case ASCII.quote: result += [ASCII.caret, UInt8(ascii: "'")]
                case ASCII.caret: result += [ASCII.caret, ASCII.caret]
                case 10: result += [ASCII.caret, UInt8(ascii: "n")]
                case ASCII.semicolon, ASCII.colon, ASCII.comma:
                    needsQuotes = true
                    result.append(byte)
                default: if ASCII.isText(byte) { result.append(byte) }
                }
            }
            return needsQuotes ? [ASCII.quote] + result + [ASCII.quote] : result
        }

        /// RFC 6868 §3.1: `^n`, `^'` and `^^`; a caret before anything else stays.
        static func decoded(_ bytes: ArraySlice<UInt8>) -> String {
            guard bytes.contains(ASCII.caret) else { return String(decoding: bytes, as: UTF8.self) }
            var result: [UInt8] = []
            var isEscaped = false
            for byte in bytes {
                switch (isEscaped, byte) {
                case (true, UInt8(ascii: "n")), (true, UInt8(ascii: "N")): result.append(10)
                case (true, UInt8(ascii: "'")): result.append(ASCII.quote)
                case (true, ASCII.caret): result.append(byte)
                case (true, _): result += [ASCII.caret, byte]
                case (false, ASCII.caret): break
                case (false, _): result.append(byte)
                }
                isEscaped = !isEscaped && byte == ASCII.caret
            }
            if isEscaped { result.append(ASCII.caret) }
            return String(decoding: result, as: UTF8.self)
        }
    }
}

/// Walks over the parameters of a line that is known to be well formed.
struct ParameterScanner {
    private let bytes: [UInt8]
    /// At the semicolon before a parameter, or at the end.
    private var index: Int
    private let end: Int

    init(_ property: Property) {
        bytes = property.buffer.bytes
        index = Int(property.start) + Int(property.nameLength)
        end = Int(property.valueStart) - 1
    }

    /// The name of the next parameter, whose values were not asked for are passed over.
    mutating func nextName() -> ArraySlice<UInt8>? {
        while index < end, bytes[index] != ASCII.semicolon { skipValue() }
        guard index < end else { return nil }
        let start = index + 1
        index = start
        while index < end, bytes[index] != ASCII.equals { index += 1 }
        return bytes[start..<index]
    }

    /// The values of the parameter whose name came last.
    mutating func values() -> [String] {
        var found: [String] = []
        repeat {
            let start = index + 1
            skipValue()
            let value = bytes[start..<max(start, index)]
            found.append(
                Property.Parameter.decoded(
                    value.first == ASCII.quote ? value.dropFirst().dropLast() : value))
        } while index < end && bytes[index] == ASCII.comma
        return found
    }

    /// From the sign before a value to the sign after it.
    private mutating func skipValue() {
        index += 1
        if index < end, bytes[index] == ASCII.quote {
            index += 1
            while index < end, bytes[index] != ASCII.quote { index += 1 }
            index += 1
        }
        while index < end, bytes[index] != ASCII.comma, bytes[index] != ASCII.semicolon { index += 1 }
    }
}
