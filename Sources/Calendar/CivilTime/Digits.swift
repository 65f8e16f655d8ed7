/// Decimal numbers of fixed width, read and written without a formatter.
enum Digits {
    /// `value` in at least `width` digits; `value` is not negative.
    static func text(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
}
