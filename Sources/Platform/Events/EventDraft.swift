public import ICalendar
public import Recurrence

/// What an application wants an event to be. `keep` leaves a field as it is.
public struct EventDraft: Hashable, Sendable {
    public enum Field<Value: Hashable & Sendable>: Hashable, Sendable {
        case keep, clear
        case set(Value)
    }
    public enum Target: Hashable, Sendable {
        /// The application's own id: create or update.
        case managed(eventID: String)
        /// An event it does not manage: update only.
        case external(EventUID)
    }

    public var target: Target
    public var summary: String
    public var description: Field<String> = .keep
    public var start: EventTime
    public var end: EventTime
    public var location: Field<String> = .keep
    public var url: Field<String> = .keep
    public var transparency: Transparency?
    public var isPrivate: Bool?
    public var geo: Field<GeoPoint> = .keep
    /// Where the meeting can be joined.
    public var joinURL: Field<String> = .keep
    /// A CSS3 colour name.
    public var color: String?
    /// Links to files, in place of those this server gave before; nil keeps them.
    public var attachments: [AttachmentLink]?
    public var rule: Field<RecurrenceRule> = .keep
    public var inviting: [Participant] = []
    public var removing: [String] = []
    /// Minutes before the start; nil keeps what is there.
    public var reminders: [Int]?
    public var remindersOnCreateOnly = false

    public init(target: Target, summary: String, start: EventTime, end: EventTime) {
        (self.target, self.summary, self.start, self.end) = (target, summary, start, end)
    }
}

/// Why a write was not accepted.
public enum EventWriteError: Error, Hashable, Sendable {
    /// Not there, or not the caller's: both look alike.
    case unknownCalendar
    case readOnlyCalendar
    /// The profile cannot be written to until its owner reconnects it.
    case disconnected
    /// An `event_uid` that names nothing this may change.
    case unknownEvent
    case notExternal
    case recurringExternal
    /// The calendar's permission does not reach events of others.
    case sandboxed
    /// The account is not invited to it, or it cannot be written.
    case notAnswerable
    /// Calendars that the account does not have.
    case invalidCalendars
    case invalid(field: String, reason: String)
}
