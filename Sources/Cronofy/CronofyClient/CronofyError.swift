/// Why a call has no result. Each case is one that callers answer differently.
public enum CronofyError: Error, Hashable, Sendable {
    /// 401: the token is unknown, expired beyond renewal or revoked: have the person link again.
    case unauthorized
    /// 400 of the token endpoints (RFC 6749 §5.2): `invalid_grant`, `invalid_client` and the like.
    case refusedGrant(code: String, description: String?)
    /// 402: the plan lacks the feature.
    case notInPlan
    /// 403: the token's scope or the calendar's permission does not reach.
    case forbidden
    /// 404
    case notFound
    /// 410
    case gone
    /// 422: what is wrong, by field.
    case invalid([String: [FieldFault]])
    /// 423: the provider does not let us in; the profile must be linked again.
    case locked
    /// 429, and waiting as long as the retry policy allows did not help.
    case rateLimited(retryAfter: Duration?)
    /// 5xx, after the last attempt.
    case server(status: Int)
    case unreachable(TransportFailure)
    /// An answer that is not what the API promises. `path` is where, such as `events[3].start`.
    case unexpectedAnswer(path: String, wanted: String)
    /// A status that none of the above covers.
    case status(Int)

    /// One fault of one field: `key` for programs, `description` for people.
    public struct FieldFault: Hashable, Sendable {
        public let key: String
        public let description: String

        public init(key: String, description: String) { (self.key, self.description) = (key, description) }
    }
}
