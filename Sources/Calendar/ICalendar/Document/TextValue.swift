/// TEXT values (RFC 5545 §3.3.11).
enum TextValue {
    static func escape(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 8)
        var isAfterReturn = false
        for byte in text.utf8 {
            switch byte {
            case ASCII.backslash, ASCII.semicolon, ASCII.comma: bytes += [ASCII.backslash, byte]
            case 10 where isAfterReturn: break
            case 10, 13: bytes += [ASCII.backslash, UInt8(ascii: "n")]
            default: if ASCII.isText(byte) { bytes.append(byte) }
            }
            isAfterReturn = byte == 13
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A backslash before anything that needs none stays: it is part of a path, not an escape. `\"` and `\:` are no
    /// escapes either, but are written as such.
    static func unescape(_ value: ArraySlice<UInt8>) -> String {
        guard value.contains(ASCII.backslash) else { return String(decoding: value, as: UTF8.self) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(value.count)
        var isEscaped = false
        for byte in value {
            switch (isEscaped, byte) {
            case (true, UInt8(ascii: "n")), (true, UInt8(ascii: "N")): bytes.append(10)
            case (true, ASCII.backslash), (true, ASCII.semicolon), (true, ASCII.comma), (true, ASCII.quote),
                (true, ASCII.colon):
                bytes.append(byte)
            case (true, _): bytes += [ASCII.backslash, byte]
            case (false, ASCII.backslash): break
            case (false, _): bytes.append(byte)
            }
            isEscaped = !isEscaped && byte == ASCII.backslash
        }
        if isEscaped { bytes.append(ASCII.backslash) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The values between commas that are not escaped.
    static func list(_ value: ArraySlice<UInt8>) -> [String] {
        var items: [String] = []
        var (start, isEscaped) = (value.startIndex, false)
        for index in value.indices {
            if value[index] == ASCII.comma && !isEscaped {
                items.append(unescape(value[start..<index]))
                start = index + 1
            }
            isEscaped = value[index] == ASCII.backslash && !isEscaped
        }
        items.append(unescape(value[start...]))
        return items
    }
}

extension String {
    /// Without spaces and tabs at its ends.
    var trimmed: String {
        let isBlank = { (byte: UInt8) in byte == 32 || byte == 9 }
        guard let first = utf8.first, let last = utf8.last, isBlank(first) || isBlank(last) else { return self }
        let part = utf8.drop(while: isBlank)
        let tail = part.reversed().prefix(while: isBlank).count
        return String(decoding: part.dropLast(tail), as: UTF8.self)
    }
}
