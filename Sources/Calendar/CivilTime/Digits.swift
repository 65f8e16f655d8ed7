/// Decimal numbers of fixed width, read and written without a formatter.
enum Digits {
    /// `value` in at least `width` digits; `value` is not negative.
    static func text(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }

    /// The number in at most nine digits; nil where one is not a digit.
    static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard digits.count <= 9 else { return nil }
        var value = 0
        for digit in digits {
            guard (48...57).contains(digit) else { return nil }
            value = value * 10 + Int(digit - 48)
        }
        return value
    }
}
