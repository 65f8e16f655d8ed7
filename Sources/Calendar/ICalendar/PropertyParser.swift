/// Takes one unfolded line apart. Broken UTF-8 becomes U+FFFD; NUL and other control characters are dropped.
enum PropertyParser {
    /// Nil where the line has no name or no colon, or more parameters than allowed.
    static func parse(_ line: ArraySlice<UInt8>, mostParameters: Int) -> Property? {
        var index = line.startIndex
        guard let name = token(line, &index), !name.isEmpty else { return nil }
        var parameters: [Property.Parameter] = []
        while index < line.endIndex, line[index] == UInt8(ascii: ";") {
            index += 1
            guard parameters.count < mostParameters, let parameter = parameter(line, &index) else { return nil }
            parameters.append(parameter)
        }
        guard index < line.endIndex, line[index] == UInt8(ascii: ":") else { return nil }
        return Property(name.uppercased(), text(line[(index + 1)...]), parameters: parameters)
    }

    private static func token(_ line: ArraySlice<UInt8>, _ index: inout Int) -> String? {
        let start = index
        while index < line.endIndex, ![UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "=")].contains(line[index]) {
            let byte = line[index]
            guard (48...57).contains(byte) || (65...90).contains(byte & 0xdf) || "-_.".utf8.contains(byte) else {
                return nil
            }
            index += 1
        }
        return String(decoding: line[start..<index], as: UTF8.self)
    }

    private static func parameter(_ line: ArraySlice<UInt8>, _ index: inout Int) -> Property.Parameter? {
        guard let name = token(line, &index), !name.isEmpty else { return nil }
        // A parameter without a value is not allowed, but it is written: it reads as empty.
        guard index < line.endIndex, line[index] == UInt8(ascii: "=") else { return .init(name.uppercased(), [""]) }
        var values: [String] = []
        repeat {
            index += 1
            values.append(decoded(value(line, &index)))
        } while index < line.endIndex && line[index] == UInt8(ascii: ",")
        return .init(name.uppercased(), values)
    }

    private static func value(_ line: ArraySlice<UInt8>, _ index: inout Int) -> ArraySlice<UInt8> {
        if index < line.endIndex, line[index] == UInt8(ascii: "\"") {
            let start = index + 1
            index = start
            while index < line.endIndex, line[index] != UInt8(ascii: "\"") { index += 1 }
            let value = line[start..<index]
            if index < line.endIndex { index += 1 }
            return value
        }
        let start = index
        while index < line.endIndex, ![UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: ",")].contains(line[index]) {
            index += 1
        }
        return line[start..<index]
    }

    /// RFC 6868 §3.1: `^n`, `^'` and `^^`.
    private static func decoded(_ bytes: ArraySlice<UInt8>) -> String {
        guard bytes.contains(UInt8(ascii: "^")) else { return text(bytes) }
        var result: [UInt8] = []
        var isEscaped = false
        for byte in bytes {
            if isEscaped {
                switch byte {
                case UInt8(ascii: "n"), UInt8(ascii: "N"): result.append(10)
                case UInt8(ascii: "'"): result.append(UInt8(ascii: "\""))
                case UInt8(ascii: "^"): result.append(byte)
                default: result += [UInt8(ascii: "^"), byte]
                }
                isEscaped = false
            } else if byte == UInt8(ascii: "^") {
                isEscaped = true
            } else {
                result.append(byte)
            }
        }
        if isEscaped { result.append(UInt8(ascii: "^")) }
        return text(result[...])
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        let isClean = bytes.allSatisfy { $0 >= 32 && $0 != 127 || $0 == 9 || $0 == 10 }
        return String(
            decoding: isClean ? bytes : bytes.filter { $0 >= 32 && $0 != 127 || $0 == 9 || $0 == 10 }[...],
            as: UTF8.self)
    }
}
