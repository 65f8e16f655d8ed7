public import CivilTime
import CronofyWire

/// One occurrence in a calendar.
public struct Event: Hashable, Sendable, AnswerReadable {
    public let calendarID: String
    /// The application's own id, of events that it made.
    public let id: String?
    /// The service's id; an external event is changed and deleted by it.
    public let uid: String
    public let summary: String
    public let description: String
    public let start, end: EventTime?
    public let isDeleted: Bool
    public let created, updated: Instant?
    public let location: Location?
    public let participation: Participation
    public let attendees: [Attendee]
    public let organizer: Attendee?
    public let transparency: Transparency
    public let status: Status
    public let categories: [String]
    public let isRecurring: Bool
    /// Shared by the occurrences of one series.
    public let seriesID: String?
    public let isPrivate: Bool
    public let meetingURL: String?
    public let options: Options

    /// A place; coordinates only where `EventQuery.includesCoordinates` asked for them.
    public struct Location: Hashable, Sendable, AnswerReadable {
        public var description: String?
        /// Decimal degrees as text, as the API has them.
        public var latitude, longitude: String?

        public init(_ description: String?, latitude: String? = nil, longitude: String? = nil) {
            (self.description, self.latitude, self.longitude) = (description, latitude, longitude)
        }

        init(reading answer: AnswerReader) throws(CronofyError) {
            description = try answer.optionalText("description")
            (latitude, longitude) = (try answer.optionalText("lat"), try answer.optionalText("long"))
        }

        var json: JSONValue {
            .members([
                "description": description.map(JSONValue.string), "lat": latitude.map(JSONValue.string),
                "long": longitude.map(JSONValue.string),
            ])
        }
    }

    public struct Attendee: Hashable, Sendable, AnswerReadable {
        public let email: String?
        public let displayName: String?
        public let participation: Participation

        init(reading answer: AnswerReader) throws(CronofyError) {
            email = try answer.optionalText("email")
            displayName = try answer.optionalText("display_name")
            participation = Participation(rawValue: try answer.optionalText("status") ?? "unknown")
        }
    }

    public struct Participation: OpenValue {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        public static let accepted: Self = "accepted"
        public static let declined: Self = "declined"
        public static let tentative: Self = "tentative"
        public static let needsAction: Self = "needs_action"
        public static let unknown: Self = "unknown"
    }

    public struct Transparency: OpenValue {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        public static let opaque: Self = "opaque"
        public static let transparent: Self = "transparent"
        public static let tentative: Self = "tentative"
        public static let outOfOffice: Self = "out_of_office"
        public static let workingElsewhere: Self = "working_elsewhere"
        public static let unknown: Self = "unknown"
    }

    public struct Status: OpenValue {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        public static let confirmed: Self = "confirmed"
        public static let tentative: Self = "tentative"
        public static let cancelled: Self = "cancelled"
        public static let unknown: Self = "unknown"
    }

    /// What the application may do with it.
    public struct Options: Hashable, Sendable {
        public let canDelete, canUpdate, canChangeParticipation: Bool
    }

    init(reading answer: AnswerReader) throws(CronofyError) {
        calendarID = try answer.text("calendar_id")
        id = try answer.optionalText("event_id")
        uid = try answer.text("event_uid")
        summary = try answer.optionalText("summary") ?? ""
        description = try answer.optionalText("description") ?? ""
        (start, end) = (try answer.optionalTime("start"), try answer.optionalTime("end"))
        isDeleted = try answer.optionalFlag("deleted") ?? false
        (created, updated) = (try answer.optionalInstant("created"), try answer.optionalInstant("updated"))
        location = try answer.optionalObject("location")
        participation = Participation(rawValue: try answer.optionalText("participation_status") ?? "unknown")
        attendees = try answer.list("attendees")
        organizer = try answer.optionalObject("organizer")
        // The finer of the two where both stand.
        let plain = try answer.optionalText("transparency")
        transparency = Transparency(
            rawValue: try answer.optionalText("extended_transparency") ?? plain ?? "unknown")
        // Older servers call it `event_status`.
        let olderStatus = try answer.optionalText("event_status")
        let status = try answer.optionalText("status") ?? olderStatus
        self.status = Status(rawValue: status ?? "unknown")
        categories = try answer.texts("categories")
        isRecurring = try answer.optionalFlag("recurring") ?? false
        seriesID = try answer.optionalText("series_identifier")
        isPrivate = try answer.optionalFlag("event_private") ?? false
        meetingURL = try answer.optionalText("meeting_url")
        let options = answer.nested("options")
        self.options = Options(
            canDelete: try options.optionalFlag("delete") ?? false,
            canUpdate: try options.optionalFlag("update") ?? false,
            canChangeParticipation: try options.optionalFlag("change_participation_status") ?? false)
    }
}
