import CivilTime

/// How long ago something was, in words.
enum Age {
    static func text(of instant: Instant, at now: Instant) -> String {
        // A clock that was set back can leave instants in the future.
        let seconds = max(0, now.seconds.subtractingReportingOverflow(instant.seconds).partialValue)
        switch seconds {
        case ..<60: return "just now"
        case ..<3600: return count(seconds / 60, "minute")
        case ..<172_800: return count(seconds / 3600, "hour")
        default: return count(seconds / 86_400, "day")
        }
    }

    private static func count(_ number: Int64, _ unit: String) -> String {
        "\(number) \(unit)\(number == 1 ? "" : "s") ago"
    }
}
