extension Component {
    /// The component as iCalendar text: CRLF, lines folded at 75 octets on character bounds (RFC 5545 §3.1).
    public var icalendarText: String {
        var writer = ICalendarWriter()
        writer.write(self)
        return String(decoding: writer.takeBytes(), as: UTF8.self)
    }
}

/// Writes components as they come; takes no more memory than what was not taken from it yet.
///
///     var writer = ICalendarWriter()
///     writer.begin(calendar)                    // its properties, and no END
///     for event in events { writer.write(event); send(writer.takeBytes()) }
///     writer.end(calendar)
public struct ICalendarWriter {
    private var bytes: [UInt8] = []

    public init() {}

    /// BEGIN, the properties and the components that `component` holds already.
    public mutating func begin(_ component: Component) {
        line(Array("BEGIN:\(component.spelling)".utf8)[...])
        for property in component.properties { line(property.bytes) }
        for child in component.components { write(child) }
    }

    public mutating func end(_ component: Component) { line(Array("END:\(component.spelling)".utf8)[...]) }

    /// A whole component; without recursion, for it may be as deep as whoever made it pleased.
    public mutating func write(_ component: Component) {
        // A stack of what is still to be written: a component, or the end of one.
        var rest: [(component: Component, isBegun: Bool)] = [(component, false)]
        while let (next, isBegun) = rest.popLast() {
            if isBegun {
                end(next)
                continue
            }
            line(Array("BEGIN:\(next.spelling)".utf8)[...])
            for property in next.properties { line(property.bytes) }
            rest.append((next, true))
            for child in next.components.reversed() { rest.append((child, false)) }
        }
    }

    /// What was written since the last time.
    public mutating func takeBytes() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    /// At most 75 octets a line, the space of a fold included, and no character cut in two.
    private mutating func line(_ text: ArraySlice<UInt8>) {
        var rest = text
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
