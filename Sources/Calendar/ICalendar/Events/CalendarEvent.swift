public import CivilTime
public import Recurrence

/// When something happens. Each case carries only what its meaning needs (RFC 5545 §3.3.4, §3.3.5).
public enum EventTime: Hashable, Sendable {
    /// No zone, by definition: it means that date wherever it is read.
    case allDay(CivilDate)
    /// Local time wherever it is read: evaluated in the calendar's zone, then the account's.
    case floating(CivilDateTime)
    case zoned(CivilDateTime, ZoneID)
    case utc(Instant)
}

/// STATUS of an event (RFC 5545 §3.8.1.11).
public enum EventStatus: String, Hashable, Sendable { case confirmed, tentative, cancelled }

/// How an event weighs on its owner's time: TRANSP, refined by X-MICROSOFT-CDO-BUSYSTATUS where it is given.
public enum Transparency: String, Hashable, Sendable {
    case opaque, transparent, tentative
    case outOfOffice = "out_of_office"
    case workingElsewhere = "working_elsewhere"
}

/// PARTSTAT (RFC 5545 §3.2.12); values outside it read as `unknown`.
public enum ParticipationStatus: String, Hashable, Sendable {
    case accepted, declined, tentative, unknown
    case needsAction = "needs_action"
}

/// An ORGANIZER or ATTENDEE. `email` has no `mailto:` and keeps the case it came with.
public struct Participant: Hashable, Sendable {
    public var email: String
    public var displayName: String?
    public var status: ParticipationStatus
    public init(email: String, displayName: String? = nil, status: ParticipationStatus = .needsAction) {
        (self.email, self.displayName, self.status) = (email, displayName, status)
    }
}

/// One VEVENT with its meaning resolved: the end is explicit and after or at the start, and the same kind as the start.
public struct CalendarEvent: Hashable, Sendable {
    public var uid: String
    /// Which instance of the series this replaces (RFC 5545 §3.8.4.4); nil for the master.
    public var recurrenceID: EventTime?
    /// RANGE=THISANDFUTURE on the recurrence id.
    public var thisAndFuture = false
    public var start: EventTime { didSet { duration = nil } }
    public var end: EventTime { didSet { duration = nil } }
    /// What DURATION said, where the end came from it: every instance has the same days on the wall and the same seconds
    /// after them. Nil where DTEND gave the end: every instance is exactly as long (RFC 5545 §3.8.5.3).
    public private(set) var duration: EventDuration?
    public var rules: [RecurrenceRule] = []
    public var recurrenceDates: [RecurrenceDate] = []
    public var exceptionDates: [EventTime] = []
    public var summary: String?
    public var description: String?
    public var location: String?
    public var url: String?
    public var status: EventStatus = .confirmed
    public var transparency: Transparency = .opaque
    /// CLASS is PRIVATE or CONFIDENTIAL.
    public var isPrivate = false
    public var organizer: Participant?
    public var attendees: [Participant] = []
    public var categories: [String] = []
    public var geo: GeoPoint?
    /// Where the meeting can be joined (CONFERENCE, RFC 7986 §5.11).
    public var joinURL: String?
    /// A CSS3 colour name (RFC 7986 §5.9).
    public var color: String?
    public var created: Instant?
    public var lastModified: Instant?
    public var sequence: Int = 0

    public init(uid: String, start: EventTime, end: EventTime) {
        (self.uid, self.start, self.end) = (uid, start, end)
    }

    /// The end as a duration after the start.
    mutating func setDuration(_ duration: EventDuration, end: EventTime) {
        self.end = end
        self.duration = duration
    }

    /// An RDATE: a start, and an end where the value was a PERIOD (RFC 5545 §3.8.5.2).
    public struct RecurrenceDate: Hashable, Sendable {
        public var start: EventTime
        public var end: EventTime?
        public init(start: EventTime, end: EventTime? = nil) { (self.start, self.end) = (start, end) }
    }
}

/// All VEVENTs of one UID in one resource: the master, if it is there, and the overrides of single instances.
public struct EventSeries: Hashable, Sendable {
    public var uid: String
    public var master: CalendarEvent?
    public var overrides: [CalendarEvent]
    /// Zones that the document defines and the system's database does not know, by the name they have in it.
    public var customZones: [ZoneID: Zone] = [:]
    public init(uid: String, master: CalendarEvent?, overrides: [CalendarEvent] = []) {
        (self.uid, self.master, self.overrides) = (uid, master, overrides)
    }

    /// Has more than one occurrence, or stands for an instance of something that has.
    public var isRecurring: Bool {
        guard let master else { return true }
        return !overrides.isEmpty || !master.rules.isEmpty || !master.recurrenceDates.isEmpty
    }
}
