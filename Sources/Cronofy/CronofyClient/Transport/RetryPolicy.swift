/// How often, and after what pause, a request is sent again that was refused for the moment or not answered.
public struct RetryPolicy: Hashable, Sendable {
    /// In all, the first one included.
    public let attempts: Int
    /// Before the second attempt; doubled before each further one.
    public let firstPause: Duration
    /// No single pause is longer, a `Retry-After` included: a longer one is left to the caller.
    public let longestPause: Duration

    public static let standard = RetryPolicy(
        attempts: 4, firstPause: .milliseconds(250), longestPause: .seconds(30))
    public static let never = RetryPolicy(attempts: 1, firstPause: .zero, longestPause: .zero)

    /// Fewer than one attempt counts as one.
    public init(attempts: Int, firstPause: Duration, longestPause: Duration) {
        (self.attempts, self.firstPause, self.longestPause) = (max(1, attempts), firstPause, longestPause)
    }

    /// The pause after the attempt numbered `attempt` from 1, or nil where the failure stands.
    /// - Parameter spread: from 0 to 1; half of the pause is left to it, so that clients do not come back together.
    func pause(after attempt: Int, retryAfter: Duration?, spread: Double) -> Duration? {
        guard attempt < attempts else { return nil }
        if let retryAfter { return retryAfter <= longestPause ? retryAfter : nil }
        let doubled = firstPause * (1 << min(attempt - 1, 20))
        return min(doubled, longestPause) * (0.5 + spread / 2)
    }
}
