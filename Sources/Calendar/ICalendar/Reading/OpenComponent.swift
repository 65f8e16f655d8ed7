/// A component whose END has not come yet.
struct OpenComponent {
    let name: String
    let spelling: String
    let line: Int
    /// It is not in the text, but what it holds is.
    let isImplied: Bool
    var components: [Component] = []
    var damage: Component.Damage?
    /// Bits of the known names that were met, and of those met again.
    private var seen: UInt64 = 0
    private var repeated: UInt64 = 0

    init(name: String, spelling: String, line: Int, isImplied: Bool) {
        (self.name, self.spelling, self.line, self.isImplied) = (name, spelling, line, isImplied)
    }

    @inline(__always)
    mutating func see(_ name: KnownName) {
        let bit = Self.bit(name)
        repeated |= seen & bit
        seen |= bit
    }

    consuming func component(_ properties: [Property]) -> Component {
        // An array of its own, exactly as long as it must be.
        let own = properties.withUnsafeBufferPointer { Array($0) }
        return spelling == name
            ? Component(upper: name, properties: own, components: components, line: line, damage: damage)
            : Component(spelling: spelling, properties: own, components: components, line: line, damage: damage)
    }

    /// What RFC 5545 §3.6 asks for and is not there, or is there twice.
    func omissions() -> [(Diagnostic.Severity, String, String)] {
        guard let rule = Self.rules[name], !isImplied else { return [] }
        let missing = rule.required & ~seen
        let twice = rule.once & repeated
        guard missing | twice != 0 else { return [] }
        return KnownName.allCases.filter { missing & Self.bit($0) != 0 }.map {
            (.warning, $0.spelling, "it is missing")
        }
            + KnownName.allCases.filter { twice & Self.bit($0) != 0 }.map {
                (.warning, $0.spelling, "it may stand only once; the first one counts")
            }
    }

    private static func bit(_ name: KnownName) -> UInt64 { name == .other ? 0 : 1 << UInt64(name.rawValue) }
    private static func bits(_ names: [KnownName]) -> UInt64 { names.reduce(0) { $0 | bit($1) } }

    private struct Rule {
        let required: UInt64
        let once: UInt64
        init(_ required: [KnownName], once: [KnownName]) {
            (self.required, self.once) = (OpenComponent.bits(required), OpenComponent.bits(required + once))
        }
    }

    private static let rules: [String: Rule] = [
        "VCALENDAR": Rule([.version, .prodid], once: [.calscale, .method]),
        "VEVENT": Rule(
            [.uid, .dtstamp],
            once: [
                .dtstart, .dtend, .duration, .recurrenceID, .sequence, .status, .transp, .class, .created,
                .lastModified, .location, .organizer, .priority, .summary, .description, .url, .geo,
            ]),
        "VTODO": Rule([.uid, .dtstamp], once: [.dtstart, .due, .duration, .recurrenceID, .sequence, .status]),
        "VJOURNAL": Rule([.uid, .dtstamp], once: [.dtstart, .recurrenceID, .sequence, .status]),
        "VFREEBUSY": Rule([.uid, .dtstamp], once: [.dtstart, .dtend, .organizer]),
        "VTIMEZONE": Rule([.tzid], once: []),
        "STANDARD": Rule([.dtstart, .tzoffsetfrom, .tzoffsetto], once: []),
        "DAYLIGHT": Rule([.dtstart, .tzoffsetfrom, .tzoffsetto], once: []),
        "VALARM": Rule([.action, .trigger], once: [.duration]),
    ]
}
