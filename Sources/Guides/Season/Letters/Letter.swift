public import CivilTime
public import Trips

/// A letter to somebody. It may hold a link that signs in, so it is sealed where it is kept.
public struct Letter: Hashable, Sendable {
    public let id: String
    /// The service whose office may see that it exists; nil: nobody's.
    public let service: ServiceID?
    public let to, subject, body: String
    /// iCalendar text that goes with it.
    public let calendar: String?
    public let created: Instant
    public let state: State
    /// What went wrong at the last try, in the mail server's words or ours.
    public let trouble: String?

    public enum State: Hashable, Sendable {
        case waiting
        /// A mail server took it.
        case sent(Instant)
        /// Nobody tries it again by itself.
        case refused(Instant)
    }
}

/// A letter to be written.
public struct LetterDraft: Hashable, Sendable {
    public var to, subject, body: String
    public var calendar: String?
    public var service: ServiceID?

    public init(to: String, subject: String, body: String, calendar: String? = nil, of service: ServiceID? = nil) {
        (self.to, self.subject, self.body) = (to, subject, body)
        (self.calendar, self.service) = (calendar, service)
    }
}
