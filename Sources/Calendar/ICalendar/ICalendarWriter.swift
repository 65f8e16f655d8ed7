extension Component {
    /// The component as iCalendar text: CRLF, lines folded at 75 octets on character bounds (RFC 5545 §3.1).
    public var icalendarText: String {
        var writer = ICalendarWriter()
        writer.write(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// Writes components without recursion; what they hold cannot add lines or parameters.
private struct ICalendarWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ component: Component) {
        // A stack of what is still to be written: a component, or the end of one.
        var rest: [(component: Component?, end: String)] = [(component, "")]
        while let (next, end) = rest.popLast() {
            guard let next else {
                line(Array("END:\(end)".utf8))
                continue
            }
            line(Array("BEGIN:\(next.name)".utf8))
            for property in next.properties { write(property) }
            rest.append((nil, next.name))
            for child in next.components.reversed() { rest.append((child, "")) }
        }
    }

    private mutating func write(_ property: Property) {
        var text = Array(property.name.utf8)
        for parameter in property.parameters {
            text += [UInt8(ascii: ";")] + Array(parameter.name.utf8) + [UInt8(ascii: "=")]
            for (index, value) in parameter.values.enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                text += encoded(value)
            }
        }
        text.append(UInt8(ascii: ":"))
        // Line breaks cannot stand in a value; whatever put one there does not get a line of its own.
        text += property.value.utf8.filter { $0 != 10 && $0 != 13 && $0 != 0 }
        line(text)
    }

    /// RFC 6868 for what quotes cannot hold, and quotes where the grammar asks for them (RFC 5545 §3.2).
    private func encoded(_ value: String) -> [UInt8] {
        var result: [UInt8] = []
        var needsQuotes = false
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""): result += Array("^'".utf8)
            case UInt8(ascii: "^"): result += Array("^^".utf8)
            case 10: result += Array("^n".utf8)
            case 0..<32 where byte != 9, 127: break
            case UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: ","):
                needsQuotes = true
                result.append(byte)
            default: result.append(byte)
            }
        }
        return needsQuotes ? [UInt8(ascii: "\"")] + result + [UInt8(ascii: "\"")] : result
    }

    /// At most 75 octets a line, the space of a fold included, and no character cut in two.
    private mutating func line(_ text: [UInt8]) {
        var rest = text[...]
        var room = 75
        while rest.count > room {
            var cut = rest.startIndex + room
            while cut > rest.startIndex + 1, rest[cut] & 0xc0 == 0x80 { cut -= 1 }
            bytes += rest[..<cut]
            bytes += [13, 10, 32]
            rest = rest[cut...]
            room = 74
        }
        bytes += rest
        bytes += [13, 10]
    }
}
