import CronofyWire

/// An event as an application writes it. What is nil stays as it is, or takes the provider's default on creation.
public struct EventDraft: Hashable, Sendable {
    public var summary: String
    public var description: String?
    public var start, end: EventTime
    /// The zone of ends that carry none.
    public var zone: String?
    public var location: Event.Location?
    /// Minutes before the start, the most wanted first; an empty list: none.
    public var reminders: [Int]?
    /// Reminders are set when the event is made and left alone afterwards.
    public var remindersOnCreationOnly = false
    public var url: String?
    public var transparency: Event.Transparency?
    /// `#RRGGBB`.
    public var color: String?
    public var isPrivate: Bool?
    public var invited: [Invitee] = []
    public var uninvited: [Invitee] = []
    public var conferencing: Conferencing?
    public var recurrence: Recurrence?
    public var attachments: [String] = []

    public init(summary: String, start: EventTime, end: EventTime) {
        (self.summary, self.start, self.end) = (summary, start, end)
    }

    public struct Invitee: Hashable, Sendable {
        public var email: String
        public var displayName: String?

        public init(email: String, displayName: String? = nil) { (self.email, self.displayName) = (email, displayName) }

        var json: JSONValue {
            .members(["email": .string(email), "display_name": displayName.map(JSONValue.string)])
        }
    }

    /// How the event gets a link to meet by.
    public enum Conferencing: Hashable, Sendable {
        /// The account's own choice.
        case standard
        /// What the calendar itself offers.
        case integrated
        /// A conferencing profile of the account.
        case profile(String)
        case link(url: String, description: String)
        case none

        var json: JSONValue {
            switch self {
            case .standard: .object(["profile_id": .string("default")])
            case .integrated: .object(["profile_id": .string("integrated")])
            case .profile(let id): .object(["profile_id": .string(id)])
            case .link(let url, let description):
                .object([
                    "profile_id": .string("explicit"), "join_url": .string(url),
                    "provider_description": .string(description),
                ])
            case .none: .object(["profile_id": .string("none")])
            }
        }
    }

    /// How it repeats; no `frequency`: not any more.
    public struct Recurrence: Hashable, Sendable {
        public enum Frequency: String, Hashable, Sendable { case daily, weekly, monthly, yearly }

        public var frequency: Frequency?
        public var interval = 1
        /// `monday` to `sunday`, weekly only.
        public var days: [String] = []
        public var count: Int?

        public init(_ frequency: Frequency?) { self.frequency = frequency }

        var json: JSONValue {
            guard let frequency else { return .object(["rules": .array([])]) }
            let rule = JSONValue.members([
                "frequency": .string(frequency.rawValue), "interval": .integer(Int64(interval)),
                "by_day": days.isEmpty ? nil : .texts(days), "count": count.map { .integer(Int64($0)) },
            ])
            return .object(["rules": .array([rule])])
        }
    }

    func json(id name: String, _ id: String) -> JSONValue {
        var members: [String: JSONValue] = [
            name: .string(id), "summary": .string(summary), "start": start.json, "end": end.json,
        ]
        members["description"] = description.map(JSONValue.string)
        members["tzid"] = zone.map(JSONValue.string)
        members["location"] = location?.json
        members["reminders"] = reminders.map { .array($0.map { .object(["minutes": .integer(Int64($0))]) }) }
        if remindersOnCreationOnly { members["reminders_create_only"] = .bool(true) }
        members["url"] = url.map(JSONValue.string)
        members[transparency == .opaque || transparency == .transparent ? "transparency" : "extended_transparency"] =
            transparency.map { .string($0.rawValue) }
        members["color"] = color.map(JSONValue.string)
        members["event_private"] = isPrivate.map(JSONValue.bool)
        if !invited.isEmpty || !uninvited.isEmpty {
            members["attendees"] = .object([
                "invite": .array(invited.map(\.json)), "remove": .array(uninvited.map(\.json)),
            ])
        }
        members["conferencing"] = conferencing?.json
        members["recurrence"] = recurrence?.json
        if !attachments.isEmpty {
            members["attachments"] = .array(attachments.map { .object(["attachment_id": .string($0)]) })
        }
        return .object(members)
    }
}
