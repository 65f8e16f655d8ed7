/// Lengths as people type them.
public enum DurationText {
    /// Minutes in `45m`, `2h`, `1h30m`, `1d` or `90` (minutes); nil for anything else, nothing, or over ten years.
    public static func minutes(_ text: String) -> Int? {
        var (total, number) = (0, Int?.none)
        for character in text {
            if let digit = character.wholeNumberValue, character.isASCII {
                let next = (number ?? 0) * 10 + digit  // Cannot overflow: bounded below before each step.
                guard next <= 5_256_000 else { return nil }
                number = next
            } else {
                guard let count = number, let unit = ["m": 1, "h": 60, "d": 1440][character] else { return nil }
                total += count * unit  // At most 5 256 000 × 1440 per unit.
                number = nil
            }
        }
        total += number ?? 0
        return (1...5_256_000).contains(total) ? total : nil
    }
}
