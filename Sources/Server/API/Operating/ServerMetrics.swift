import Synchronization

/// What this process has counted since it began.
public final class ServerMetrics: Sendable {
    private let counts = Mutex(Counts())

    struct Counts: Sendable {
        /// By the first digit of the status.
        var answers = Array(repeating: 0, count: 10)
        var answerMilliseconds: Int64 = 0
        /// By outcome: acknowledged, failed, gone.
        var deliveries: [String: Int] = [:]
        var deliveryMilliseconds: Int64 = 0
        var unloggedRequests = 0
    }

    public init() {}

    public func answered(_ status: Int, took: Duration) {
        counts.withLock {
            $0.answers[min(max(status / 100, 0), 9)] += 1
            $0.answerMilliseconds += took.milliseconds
        }
    }

    public func delivered(_ outcome: String, took: Duration) {
        counts.withLock {
            $0.deliveries[outcome, default: 0] += 1
            $0.deliveryMilliseconds += took.milliseconds
        }
    }

    func didNotLog() { counts.withLock { $0.unloggedRequests += 1 } }

    var snapshot: Counts { counts.withLock { $0 } }
}
