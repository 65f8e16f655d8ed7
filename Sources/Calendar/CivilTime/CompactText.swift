extension CivilDate {
    /// `20310405` (RFC 5545 §3.3.4); nil for anything else.
    public init?(compact text: some StringProtocol) {
        let digits = Array(text.utf8)
        guard digits.count == 8, let year = Digits.number(digits[0..<4]), let month = Digits.number(digits[4..<6]),
            let day = Digits.number(digits[6..<8])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// `2031-04-05` (RFC 3339); nil for anything else.
    public init?(extended text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
        self.init(compact: String(decoding: bytes[0..<4] + bytes[5..<7] + bytes[8..<10], as: UTF8.self))
    }
}

extension CivilDateTime {
    /// `date` with a time as in `060708`, or `0607` (RFC 5545 §3.3.12); nil for anything else.
    public init?(date: CivilDate, compact text: some StringProtocol) {
        let digits = Array(text.utf8)
        guard digits.count == 6 || digits.count == 4, let hour = Digits.number(digits[0..<2]),
            let minute = Digits.number(digits[2..<4]), let second = digits.count == 6 ? Digits.number(digits[4..<6]) : 0
        else { return nil }
        self.init(date: date, hour: hour, minute: minute, second: second)
    }
}
