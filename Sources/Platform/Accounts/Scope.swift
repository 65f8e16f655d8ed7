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

    /// What an administrator can grant for a domain.
    public static let serviceAccount = Scope(
        "service_account/accounts/manage service_account/resources/manage "
            + "service_account/accounts/unrestricted_access service_account/resources/unrestricted_access")

    /// Names that stand for several of the others.
    public static let simplified = ["read_write", "read_only", "write_only", "free_busy", "free_busy_write"]

    /// Names that older clients send; accepted, and allowing nothing by themselves.
    private static let historic: Set<String> = ["event_reminders", "full_access", "read_account", "list_calendars"]

    private static let known: Set<String> = historic.union(all.names).union(simplified)

    /// The names that no scope of a person has; empty for a scope that can be granted.
    public var unknownNames: [String] { names.filter { !Self.known.contains($0) } }

    /// The same of a service account's scopes.
    public var unknownServiceAccountNames: [String] { names.filter { !Self.serviceAccount.names.contains($0) } }

    /// Whether everything this allows is allowed by `other`.
    public func isWithin(_ other: Scope) -> Bool {
        names.allSatisfy { name in
            if other.names.contains(name) || Self.historic.contains(name) { return true }
            let permissions = Permission.allCases.filter(Scope(name).allows)
            return !permissions.isEmpty && permissions.allSatisfy(other.allows)
        }
    }

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
        case manageAccounts = "service_account/accounts/manage"
        case manageResources = "service_account/resources/manage"
        case unrestrictedAccounts = "service_account/accounts/unrestricted_access"
        case unrestrictedResources = "service_account/resources/unrestricted_access"

        fileprivate var impliedBy: Set<String> {
            switch self {
            case .readEvents: ["read_write", "read_only"]
            case .createEvent, .deleteEvent: ["read_write", "write_only", "free_busy_write"]
            case .createCalendar, .changeParticipationStatus: ["read_write"]
            case .manageAccounts, .manageResources, .unrestrictedAccounts, .unrestrictedResources: []
            case .readFreeBusy: ["read_events", "read_write", "read_only", "free_busy", "free_busy_write"]
            }
        }
    }
}
