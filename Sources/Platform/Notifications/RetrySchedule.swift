public import CivilTime

/// When a failed notification is tried again, and when its channel is given up.
public enum RetrySchedule {
    /// Seconds for which tries go on (part 1, §10.4).
    public static let life: Int64 = 86_400
    /// Longest pause between tries, in seconds.
    static let longest: Int64 = 3600
    static let first: Int64 = 5

    public enum Decision: Hashable, Sendable {
        case again(after: Int64)
        case giveUp
    }

    /// After `failures` tries in a row have failed, the first of them at `since`. `spread` is from 0 to 1; pauses differ
    /// by it, so that receivers that come back are not met by all at once. `retryAfter` is what the receiver asked for, in
    /// seconds; it lengthens a pause, up to the end of `life`, and never shortens one.
    public static func decide(
        failures: Int64, since: Instant, now: Instant, retryAfter: Int64?, spread: Double
    ) -> Decision {
        let left = since.seconds + life - now.seconds  // Both are instants of this server's clock.
        guard left > 0 else { return .giveUp }
        let pause = min(first << min(max(failures - 1, 0), 12), longest)
        let jittered = Int64(Double(pause) * (0.75 + 0.5 * spread))
        return .again(after: min(max(jittered, retryAfter ?? 0), left))
    }
}
