/// The name behind BEGIN or END.
struct ComponentName {
    let upper: String
    let spelling: String

    /// What cannot stand in a name is left out.
    init(_ value: ArraySlice<UInt8>) {
        for name in Self.common where name.utf8.count == value.count && value.elementsEqual(name.utf8) {
            (upper, spelling) = (name, name)
            return
        }
        spelling = String(decoding: ASCII.name(String(decoding: value, as: UTF8.self)), as: UTF8.self)
        upper = spelling.uppercased()
    }

    init(upper: String) { (self.upper, spelling) = (upper, upper) }

    private static let common = [
        "VEVENT", "VALARM", "VCALENDAR", "VTIMEZONE", "STANDARD", "DAYLIGHT", "VTODO", "VJOURNAL", "VFREEBUSY",
    ]

    static func isKnown(_ name: String) -> Bool { common.contains(name) }

    /// What a component stands in (RFC 5545 §3.6); nil where that is not settled. Unknown components may hold any.
    static func parents(of name: String) -> [String]? {
        switch name {
        case "VCALENDAR": []
        case "VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE": ["VCALENDAR"]
        case "STANDARD", "DAYLIGHT": ["VTIMEZONE"]
        case "VALARM": ["VEVENT", "VTODO"]
        default: nil
        }
    }
}
