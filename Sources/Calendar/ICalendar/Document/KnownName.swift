/// Names of properties that are met often or have a meaning here, so that finding one compares a byte and not a text.
enum KnownName: UInt8, CaseIterable {
    case other
    case begin, end
    case action, attendee, calscale, categories, `class`, color, comment, conference, created, description, dtend,
        dtstamp, dtstart
    case due, duration, exdate, freebusy, geo, lastModified, location, method, organizer, percentComplete, priority
    case prodid, rdate, recurrenceID, relatedTo, rrule, sequence, status, summary, transp, trigger, tzid, tzname
    case tzoffsetfrom, tzoffsetto, uid, url, version, xLicLocation, xMicrosoftAllDay, xMicrosoftBusyStatus
    case xMicrosoftZone, xWRCalendarName, xWRTimezone

    /// As it stands in a file, in upper case.
    var spelling: String { Self.spellings[Int(rawValue)] }

    private static let spellings = allCases.map { name -> String in
        switch name {
        case .other: ""
        case .class: "CLASS"
        case .lastModified: "LAST-MODIFIED"
        case .percentComplete: "PERCENT-COMPLETE"
        case .recurrenceID: "RECURRENCE-ID"
        case .relatedTo: "RELATED-TO"
        case .xLicLocation: "X-LIC-LOCATION"
        case .xMicrosoftAllDay: "X-MICROSOFT-CDO-ALLDAYEVENT"
        case .xMicrosoftBusyStatus: "X-MICROSOFT-CDO-BUSYSTATUS"
        case .xMicrosoftZone: "X-MICROSOFT-CDO-TZID"
        case .xWRCalendarName: "X-WR-CALNAME"
        case .xWRTimezone: "X-WR-TIMEZONE"
        default: "\(name)".uppercased()
        }
    }

    /// Values that are a date, a time, a period or a list of them: they never hold a colon.
    var isTime: Bool {
        switch self {
        case .dtstart, .dtend, .due, .exdate, .rdate, .recurrenceID, .created, .dtstamp, .lastModified: true
        default: false
        }
    }

    /// Values that are a calendar address.
    var isAddress: Bool { self == .attendee || self == .organizer }

    /// What decides when an event is: an event that lost one of these cannot be trusted.
    var decidesTime: Bool {
        switch self {
        case .dtstart, .dtend, .duration, .exdate, .rdate, .recurrenceID, .rrule: true
        default: false
        }
    }
}

/// Finds known names by the hash of their letters; a name counts as known only if every letter agrees.
struct NameTable: Sendable {
    static let shared = NameTable()
    private let slots: [KnownName]
    private let letters: [[UInt8]]
    private static let size = 512

    private init() {
        var slots = [KnownName](repeating: .other, count: Self.size)
        letters = KnownName.allCases.map { Array($0.spelling.utf8) }
        for name in KnownName.allCases where name != .other {
            var slot = Self.slot(letters[Int(name.rawValue)].reduce(0, Self.mix))
            while slots[slot] != .other { slot = (slot + 1) % Self.size }
            slots[slot] = name
        }
        self.slots = slots
    }

    /// The hash of a name is `mix` over its bytes, whatever their case.
    @inline(__always)
    static func mix(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
        // A hash wraps by design; the case of letters is left out.
        (hash &* 37) ^ UInt64(byte & 0xdf)
    }

    private static func slot(_ hash: UInt64) -> Int {
        // A hash wraps by design; the upper bits are the best mixed.
        Int(truncatingIfNeeded: (hash &* 0x9e37_79b9_7f4a_7c15) >> 55) % size
    }

    /// The name whose letters are `bytes`, which hash to `hash`.
    func name(_ bytes: UnsafeBufferPointer<UInt8>, hash: UInt64) -> KnownName {
        var slot = Self.slot(hash)
        while slots[slot] != .other {
            let found = slots[slot]
            if agree(letters[Int(found.rawValue)], bytes) { return found }
            slot = (slot + 1) % Self.size
        }
        return .other
    }

    func name(_ text: String) -> KnownName {
        var text = text
        return text.withUTF8 { bytes in name(bytes, hash: bytes.reduce(0, Self.mix)) }
    }

    private func agree(_ letters: [UInt8], _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard letters.count == bytes.count else { return false }
        for index in 0..<bytes.count where letters[index] != ASCII.upper(bytes[index]) { return false }
        return true
    }
}

/// Bytes of content lines.
enum ASCII {
    static let colon = UInt8(ascii: ":")
    static let semicolon = UInt8(ascii: ";")
    static let comma = UInt8(ascii: ",")
    static let equals = UInt8(ascii: "=")
    static let quote = UInt8(ascii: "\"")
    static let caret = UInt8(ascii: "^")
    static let backslash = UInt8(ascii: "\\")

    @inline(__always)
    static func upper(_ byte: UInt8) -> UInt8 { byte >= 97 && byte <= 122 ? byte - 32 : byte }

    /// What names are made of (RFC 5545 §3.1); the underscore and the full stop are not allowed, but are written.
    @inline(__always)
    static func isNameByte(_ byte: UInt8) -> Bool { nameBytes[Int(byte)] }

    private static let nameBytes: [Bool] = (0...255).map { (byte: Int) in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45 || byte == 46
            || byte == 95
    }

    /// `text` as a name: what cannot stand in one is left out.
    static func name(_ text: String) -> [UInt8] {
        let bytes = text.utf8.filter(isNameByte)
        return bytes.isEmpty ? Array("X-UNNAMED".utf8) : bytes
    }

    /// No control characters but tabs.
    @inline(__always)
    static func isText(_ byte: UInt8) -> Bool { byte >= 32 && byte != 127 || byte == 9 }
}
