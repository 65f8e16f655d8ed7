extension FixedWidthInteger {
    /// The number that `text` writes, where it is one of `range`; nil for anything else, however many digits it has. This
    /// is the way by which numbers come in from text: what is computed with them afterwards cannot overflow, for the range
    /// says how large they are.
    ///
    ///     Int("9", in: 0...24)        // 9
    ///     Int("99999", in: 0...24)    // nil
    public init?(_ text: some StringProtocol, in range: ClosedRange<Self>, radix: Int = 10) {
        guard let value = Self(text, radix: radix), range.contains(value) else { return nil }
        self = value
    }
}
