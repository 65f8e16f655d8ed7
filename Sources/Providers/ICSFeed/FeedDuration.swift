/// DURATION as feeds use it to say how often they change (RFC 5545 §3.3.6): weeks, days, hours, minutes and seconds.
enum FeedDuration {
    static func parse(_ text: String) -> Duration? {
        guard text.uppercased().hasPrefix("P") else { return nil }
        var total: Int64 = 0
        var number: Int64?
        for letter in text.uppercased().dropFirst() where letter != "T" {
            if let digit = letter.wholeNumberValue, letter.isASCII {
                let (shifted, overflow) = (number ?? 0).multipliedReportingOverflow(by: 10)
                guard !overflow, shifted < 1_000_000_000 else { return nil }
                number = shifted + Int64(digit)  // below 10⁹ + 10
                continue
            }
            guard let count = number, let unit = seconds[letter] else { return nil }
            total += count * unit  // each below 6.1·10¹⁴, and a text has few parts
            guard total < 1_000_000_000_000_000 else { return nil }
            number = nil
        }
        return number == nil && total > 0 ? .seconds(total) : nil
    }

    private static let seconds: [Character: Int64] = ["W": 604_800, "D": 86_400, "H": 3600, "M": 60, "S": 1]
}
