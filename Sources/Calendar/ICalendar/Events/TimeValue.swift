import CivilTime

/// A DATE or DATE-TIME value as it is written (RFC 5545 §3.3.4, §3.3.5), before a zone gives it its meaning.
enum TimeValue: Hashable {
    case date(CivilDate)
    case local(CivilDateTime)
    case utc(Instant)

    /// Reads `20310405`, `20310405T060708`, `20310405T060708Z`, and forms that are written though no standard has them:
    /// no seconds, dashes and colons, an offset at the end, a date in UTC. `isStrict` is false for those. Nil for anything else.
    static func parse(_ text: ArraySlice<UInt8>) -> (value: TimeValue, isStrict: Bool)? {
        if let value = strict(text) { return (value, true) }
        return lenient(text).map { ($0, false) }
    }

    private static func strict(_ text: ArraySlice<UInt8>) -> TimeValue? {
        guard text.count == 8 || text.count == 15 || text.count == 16 else { return nil }
        let start = text.startIndex
        guard let date = date(text.prefix(8)) else { return nil }
        if text.count == 8 { return .date(date) }
        guard text[start + 8] == UInt8(ascii: "T"), let time = time(date, text[(start + 9)..<(start + 15)]) else {
            return nil
        }
        if text.count == 15 { return .local(time) }
        return text[start + 15] == UInt8(ascii: "Z") ? .utc(Zone.utc.instant(of: time)) : nil
    }

    private static func date(_ digits: ArraySlice<UInt8>) -> CivilDate? {
        guard let number = number(digits) else { return nil }
        return CivilDate(year: number / 10_000, month: number / 100 % 100, day: number % 100)
    }

    private static func time(_ date: CivilDate, _ digits: ArraySlice<UInt8>) -> CivilDateTime? {
        guard let number = number(digits) else { return nil }
        if number == 240_000 { return date.adding(days: 1)?.midnight }
        return CivilDateTime(date: date, hour: number / 10_000, minute: number / 100 % 100, second: number % 100)
    }

    /// At most eight digits.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard digit >= 48, digit <= 57 else { return nil }
            value = value * 10 + Int(digit - 48)
        }
        return value
    }

    private static func lenient(_ text: ArraySlice<UInt8>) -> TimeValue? {
        guard text.count <= 40 else { return nil }
        var letters = text.map(ASCII.upper).filter { $0 != 32 && $0 != 9 && $0 != ASCII.quote && $0 != ASCII.colon }
        var offset: Int?
        if letters.contains(UInt8(ascii: "T")), let sign = letters.lastIndex(where: { $0 == 43 || $0 == 45 }),
            let mark = letters.firstIndex(of: UInt8(ascii: "T")), sign > mark
        {
            let digits = letters[(sign + 1)...]
            guard digits.count == 4, let number = number(digits), number % 100 < 60, number < 2400 else { return nil }
            offset = (number / 100 * 3600 + number % 100 * 60) * (letters[sign] == 45 ? -1 : 1)
            letters.removeSubrange(sign...)
        }
        letters.removeAll { $0 == UInt8(ascii: "-") }
        // Fractions of a second are left out.
        if let point = letters.firstIndex(of: UInt8(ascii: ".")) {
            let isUTC = letters.last == UInt8(ascii: "Z")
            letters.removeSubrange(point...)
            if isUTC { letters.append(UInt8(ascii: "Z")) }
        }
        if letters.count == 13 || letters.count == 14, letters[8] == UInt8(ascii: "T") {
            letters.insert(contentsOf: [48, 48], at: 13)
        }
        if letters.count == 9, letters[8] == UInt8(ascii: "T") || letters[8] == UInt8(ascii: "Z") {
            letters.removeLast()
        }
        guard let value = strict(letters[...]) else { return nil }
        guard let offset, case .local(let time) = value else { return value }
        return Zone.utc.instant(of: time).advanced(bySeconds: -Int64(offset)).map { .utc($0) }
    }
}
