import CivilTime

/// Names that say nothing but an offset: `UTC+01`, `GMT-0530`, `(GMT +01:00)`. A place behind it would mean that place.
enum FixedOffset {
    static func zone(_ name: String) -> Zone? {
        let ignored = Array(" ():\t".utf8)
        var letters = name.utf8.map(ASCII.upper).filter { !ignored.contains($0) }[...]
        for prefix in ["UTC", "GMT"] where letters.starts(with: prefix.utf8) { letters = letters.dropFirst(3) }
        guard let sign = letters.popFirst(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
            (1...4).contains(letters.count), letters.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        // Up to four digits.
        let number = letters.reduce(0) { $0 * 10 + Int32($1 - 48) }
        let (hours, minutes) = letters.count > 2 ? (number / 100, number % 100) : (number, 0)
        guard hours <= 14, minutes < 60 else { return nil }
        let offset = (hours * 3600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
        return Zone(id: ZoneID(name), initialOffset: offset, changes: [])
    }
}
