public import CivilTime

/// A Time or a Date as requests hold it: `2031-04-05T06:07:08Z`, with `T` or a space, `Z` or an offset, or
/// `2031-04-05`; also as `{"time": …, "tzid": …}`.
public enum WireTime: Hashable, Sendable {
    case instant(Instant)
    case date(CivilDate)

    public enum Fault: Error, Hashable, Sendable {
        case notATime
        /// Fractions of a second that are not zero are refused where events are written.
        case fraction
    }

    /// - Parameter allowsFractions: cut off instead of refused.
    public init(parsing text: String, allowsFractions: Bool = false) throws(Fault) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, let date = CivilDate(extended: String(decoding: bytes[0..<10], as: UTF8.self)) else {
            throw .notATime
        }
        if bytes.count == 10 {
            self = .date(date)
            return
        }
        guard bytes.count >= 17, "Tt ".utf8.contains(bytes[10]), bytes[13] == UInt8(ascii: ":") else { throw .notATime }
        var scanner = TimeScanner(bytes[11...])
        self = .instant(try scanner.instant(on: date, allowsFractions: allowsFractions))
    }
}

/// `hh:mm[:ss[.fff]]` and `Z` or `±hh[:]mm`.
private struct TimeScanner {
    private var rest: ArraySlice<UInt8>

    init(_ rest: ArraySlice<UInt8>) { self.rest = rest }

    mutating func instant(on date: CivilDate, allowsFractions: Bool) throws(WireTime.Fault) -> Instant {
        let hour = try two()
        try colon()
        let minute = try two()
        var second = 0
        if rest.first == UInt8(ascii: ":") {
            try colon()
            second = try two()
            try fraction(allowed: allowsFractions)
        }
        guard let time = CivilDateTime(date: date, hour: hour, minute: minute, second: second) else { throw .notATime }
        let seconds = time.wallSeconds - Int64(try offset())
        guard rest.isEmpty else { throw .notATime }
        return Instant(seconds: seconds)
    }

    private mutating func two() throws(WireTime.Fault) -> Int {
        guard rest.count >= 2, let tens = digit(), let ones = digit() else { throw .notATime }
        return tens * 10 + ones
    }

    private mutating func digit() -> Int? {
        guard let byte = rest.popFirst(), (48...57).contains(byte) else { return nil }
        return Int(byte - 48)
    }

    private mutating func colon() throws(WireTime.Fault) {
        guard rest.popFirst() == UInt8(ascii: ":") else { throw .notATime }
    }

    private mutating func fraction(allowed: Bool) throws(WireTime.Fault) {
        guard rest.first == UInt8(ascii: ".") || rest.first == UInt8(ascii: ",") else { return }
        rest.removeFirst()
        let digits = rest.prefix { (48...57).contains($0) }
        guard !digits.isEmpty else { throw .notATime }
        guard allowed || digits.allSatisfy({ $0 == 48 }) else { throw .fraction }
        rest = rest.dropFirst(digits.count)
    }

    /// Seconds east of UTC.
    private mutating func offset() throws(WireTime.Fault) -> Int {
        guard let sign = rest.popFirst() else { throw .notATime }
        if sign == UInt8(ascii: "Z") || sign == UInt8(ascii: "z") { return 0 }
        // A plus sign in a query may have become a space.
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") || sign == UInt8(ascii: " ") else {
            throw .notATime
        }
        let hours = try two()
        if rest.first == UInt8(ascii: ":") { try colon() }
        let minutes = rest.isEmpty ? 0 : try two()
        guard hours <= 23, minutes <= 59 else { throw .notATime }
        return (hours * 3600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }
}
