/// What a grant allows, in Cronofy's scope names.
public struct Scope: Hashable, Sendable, CustomStringConvertible {
    /// As granted, in the order they came.
    public let names: [String]

    public init(_ text: String) { names = text.split(separator: " ").map(String.init) }
    public var description: String { names.joined(separator: " ") }

    /// Everything a person can grant to an application.
    public static let all = Scope(
        "read_account list_calendars read_events create_event delete_event create_calendar read_free_busy "
            + "change_participation_status")

    private static let known: Set<String> = Set(all.names).union([
        "read_write", "read_only", "free_busy", "free_busy_write", "event_reminders", "full_access",
    ])

    /// The names that no scope has; empty for a scope that can be granted.
    public var unknownNames: [String] { names.filter { !Self.known.contains($0) } }

    /// Whether this allows `permission`, directly or through a name that implies it.
    public func allows(_ permission: Permission) -> Bool {
        names.contains { $0 == permission.rawValue || permission.impliedBy.contains($0) }
    }

    public enum Permission: String, Hashable, Sendable, CaseIterable {
        case readEvents = "read_events"
        case createEvent = "create_event"
        case deleteEvent = "delete_event"
        case createCalendar = "create_calendar"
        case readFreeBusy = "read_free_busy"
        case changeParticipationStatus = "change_participation_status"

        fileprivate var impliedBy: Set<String> {
            switch self {
            case .readEvents: ["read_write", "read_only"]
            case .createEvent, .deleteEvent: ["read_write", "free_busy_write"]
            case .createCalendar, .changeParticipationStatus: ["read_write"]
            case .readFreeBusy: ["read_events", "read_write", "read_only", "free_busy", "free_busy_write"]
            }
        }
    }
}
