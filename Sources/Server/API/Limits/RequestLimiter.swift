import Accounts
import HTTPTypes
import Synchronization

/// The allowances of this process's applications, in memory: each process of several counts for itself.
final class RequestLimiter: Sendable {
    private let rate: RequestRate
    private let now: @Sendable () -> Int64
    private let allowances = Mutex<[ClientID: RequestAllowance]>([:])

    /// Applications remembered at once, before those that are idle are forgotten.
    private static let most = 10_000

    /// `now`: milliseconds of a clock that only goes forward.
    init(_ rate: RequestRate, now: @escaping @Sendable () -> Int64) { (self.rate, self.now) = (rate, now) }

    /// Nil where there is no limit.
    func take(_ client: ClientID) -> RequestAllowance.Verdict? {
        guard rate.perSecond > 0 || rate.perMinute > 0 else { return nil }
        let instant = now()
        return allowances.withLock { allowances in
            if allowances.count >= Self.most { allowances = allowances.filter { !$0.value.isFull(at: instant) } }
            var allowance = allowances[client] ?? RequestAllowance(rate, at: instant)
            let verdict = allowance.take(at: instant)
            allowances[client] = allowance
            return verdict
        }
    }
}

extension RequestAllowance.Verdict {
    /// For every answer, so that a client can slow down before it is refused.
    var fields: HTTPFields {
        var fields: HTTPFields = [
            Self.limitName: String(limit), Self.remainingName: String(remaining), Self.resetName: String(resetAfter),
        ]
        if !isAllowed { fields[.retryAfter] = String(retryAfter) }
        return fields
    }

    private static let limitName = name("RateLimit-Limit")
    private static let remainingName = name("RateLimit-Remaining")
    private static let resetName = name("RateLimit-Reset")
    /// The fallback is never used: the names above are tokens (RFC 9110 §5.1).
    private static func name(_ text: String) -> HTTPField.Name { HTTPField.Name(text) ?? .retryAfter }
}
