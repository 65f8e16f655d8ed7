import ICalendar

/// Organizer, attendees and categories as the JSON kept in `components`. Written by hand: it is on the path of every
/// event read from a provider.
enum PeopleText {
    /// `{"organizer":{…},"attendees":[…]}`, or nil where there is nobody.
    static func write(organizer: Participant?, attendees: [Participant]) -> String? {
        guard organizer != nil || !attendees.isEmpty else { return nil }
        var text = "{"
        if let organizer { text += "\"organizer\":" + person(organizer) + "," }
        return text + "\"attendees\":[" + attendees.map(person).joined(separator: ",") + "]}"
    }

    /// `["…"]`, or nil where there are none.
    static func write(_ categories: [String]) -> String? {
        categories.isEmpty ? nil : "[" + categories.map(quoted).joined(separator: ",") + "]"
    }

    private static func person(_ person: Participant) -> String {
        let name = person.displayName.map { ",\"name\":" + quoted($0) } ?? ""
        return "{\"email\":\(quoted(person.email))\(name),\"status\":\"\(person.status.rawValue)\"}"
    }

    /// A JSON string (RFC 8259 §7).
    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0..<0x20:
                bytes += Array("\\u00".utf8)
                bytes += Array((byte < 16 ? "0" : "").utf8) + Array(String(byte, radix: 16).utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
        return String(decoding: bytes, as: UTF8.self)
    }
}
