import CivilTime

/// How long ago something was, in words.
enum Age {
    /// `4 minutes ago`.
    static func text(of instant: Instant, at now: Instant) -> String {
        let span = span(of: instant, at: now)
        return span == lessThanAMinute ? "just now" : span + " ago"
    }

    private static let lessThanAMinute = "less than a minute"

    /// `4 minutes`.
    static func span(of instant: Instant, at now: Instant) -> String {
        // A clock that was set back can leave instants in the future.
        let seconds = max(0, now.seconds.subtractingReportingOverflow(instant.seconds).partialValue)
        switch seconds {
        case ..<60: return lessThanAMinute
        case ..<3600: return count(seconds / 60, "minute")
        case ..<172_800: return count(seconds / 3600, "hour")
        default: return count(seconds / 86_400, "day")
        }
    }

    private static func count(_ number: Int64, _ unit: String) -> String {
        "\(number) \(unit)\(number == 1 ? "" : "s")"
    }
}
