public import CivilTime

/// The time for which occurrences are kept: from 42 days back to 24 months ahead, in whole UTC days, rolling.
public struct SyncWindow: Hashable, Sendable {
    public let period: Period

    public static let daysBack: Int64 = 42
    /// 24 months of 365.2425 / 12 days, rounded up.
    public static let daysAhead: Int64 = 731

    /// The window around `now`; nil only where `now` is at the edge of time itself.
    public init?(around now: Instant) {
        let day: Int64 = 86_400
        let today = now.seconds / day
        let (start, under) = (today - Self.daysBack).multipliedReportingOverflow(by: day)
        let (end, over) = (today + Self.daysAhead).multipliedReportingOverflow(by: day)
        guard !under, !over, let period = Period(from: Instant(seconds: start), to: Instant(seconds: end)) else {
            return nil
        }
        self.period = period
    }
}
