/// Percent-encoding brought to one spelling (RFC 3986 §2.1, §6.2.2).
public enum PercentEncoding {
    /// `text` as one path segment: every byte outside the unreserved set is encoded.
    public static func segment(_ text: String) -> String {
        normalized(Array(text.utf8).flatMap { isUnreserved($0) ? [$0] : triplet($0) }, keeping: isUnreserved)
    }

    /// `text` with every triplet undone; nil where the result is not UTF-8.
    public static func decoded(_ text: String) -> String? {
        String(validating: decoded(Array(text.utf8), keepingSlash: false), as: UTF8.self)
    }

    /// Triplets of unreserved bytes undone, the others in upper case, stray bytes encoded.
    static func normalized(_ bytes: [UInt8], keeping isLiteral: (UInt8) -> Bool) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if let value = tripletValue(in: bytes, at: index) {
                result += isUnreserved(value) ? [value] : triplet(value)
                index += 3
            } else {
                result += isLiteral(bytes[index]) ? [bytes[index]] : triplet(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    static func comparable(_ path: String) -> String {
        String(decoding: decoded(Array(path.utf8), keepingSlash: true), as: UTF8.self)
    }

    static func decoded(_ bytes: [UInt8], keepingSlash: Bool) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if let value = tripletValue(in: bytes, at: index) {
                result += keepingSlash && value == UInt8(ascii: "/") ? triplet(value) : [value]
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    static func isPathByte(_ byte: UInt8) -> Bool {
        isUnreserved(byte) || "!$&'()*+,;=:@/".utf8.contains(byte)
    }

    static func isQueryByte(_ byte: UInt8) -> Bool { isPathByte(byte) || byte == UInt8(ascii: "?") }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || "-._~".utf8.contains(byte)
    }

    private static func tripletValue(in bytes: [UInt8], at index: Int) -> UInt8? {
        guard bytes[index] == UInt8(ascii: "%"), bytes.count - index >= 3, let high = digit(bytes[index + 1]),
            let low = digit(bytes[index + 2])
        else { return nil }
        return high << 4 | low
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    private static func triplet(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}
