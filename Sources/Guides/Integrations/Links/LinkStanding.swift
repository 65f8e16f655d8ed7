public import CivilTime
import CronofyClient

/// How a link or one of its profiles stands, why, and since when.
public struct LinkStanding: Hashable, Sendable {
    public enum State: String, Hashable, Sendable, CaseIterable {
        case connected
        /// Something goes wrong that may end by itself.
        case failing
        /// Only the guide can mend it, by linking again.
        case disconnected
    }

    public enum Cause: String, Hashable, Sendable, CaseIterable {
        /// Access was withdrawn: the platform does not know the token any more.
        case revoked
        /// The platform cannot reach the provider with what the guide gave.
        case profileDisconnected = "profile_disconnected"
        /// The token allows less than it did.
        case scopeShrunk = "scope_shrunk"
        /// The platform has not read it once yet.
        case firstRead = "first_read"
        case throttled
        case unreachable
        /// The platform answers what its API does not promise.
        case unexpectedAnswer = "unexpected_answer"
        /// The token was sealed with a key that is not here.
        case keyMissing = "key_missing"

        /// For people.
        public var sentence: String {
            switch self {
            case .revoked: "Access was withdrawn. Link the calendar again."
            case .profileDisconnected: "The calendar's provider refuses the connection. Link it again."
            case .scopeShrunk: "Less is allowed than we need. Link the calendar again and allow it."
            case .firstRead: "Being read for the first time. Nothing to do."
            case .throttled: "The calendar platform asks us to wait. Nothing to do."
            case .unreachable: "The calendar platform does not answer. Nothing to do; we keep trying."
            case .unexpectedAnswer: "The calendar platform answers in a way we do not understand. We keep trying."
            case .keyMissing: "The key that opens this calendar's token is missing. The operator has to restore it."
            }
        }
    }

    public let state: State
    public let cause: Cause?
    public let since: Instant

    public init(state: State, cause: Cause?, since: Instant) {
        (self.state, self.cause, self.since) = (state, cause, since)
    }

    /// The standing after something was learned; `since` moves only when state or cause do.
    public func after(_ news: News, now: Instant) -> LinkStanding {
        let (state, cause): (State, Cause?) =
            switch news {
            case .works: (.connected, nil)
            case .trouble(.firstRead): (.failing, .firstRead)
            // Trouble of the moment says nothing new of what is already cut off.
            case .trouble(let cause) where self.state == .disconnected: (.disconnected, self.cause ?? cause)
            case .trouble(let cause): (.failing, cause)
            case .cut(let cause): (.disconnected, cause)
            }
        return state == self.state && cause == self.cause ? self : LinkStanding(state: state, cause: cause, since: now)
    }

    /// What a call, or a look at the profile, taught.
    public enum News: Hashable, Sendable {
        case works
        case trouble(Cause)
        case cut(Cause)
    }
}

extension LinkStanding.News {
    init(_ error: CronofyError) {
        self =
            switch error {
            case .unauthorized, .refusedGrant: .cut(.revoked)
            case .forbidden, .notInPlan: .cut(.scopeShrunk)
            case .locked: .cut(.profileDisconnected)
            case .rateLimited: .trouble(.throttled)
            case .server, .unreachable: .trouble(.unreachable)
            case .notFound, .gone, .invalid, .unexpectedAnswer, .status: .trouble(.unexpectedAnswer)
            }
    }
}
