import CivilTime
import CronofyWire

/// One calendar of an account.
public struct CalendarInfo: Hashable, Sendable, AnswerReadable {
    public let id: String
    public let name: String
    /// Absent where the calendar stands within its profile.
    public let profileID: String?
    public let isReadOnly: Bool
    /// Deleted calendars stay in the list.
    public let isDeleted: Bool
    public let isPrimary: Bool
    public let makesConferences: Bool
    public let takesAttachments: Bool
    public let permission: Permission

    /// What the application may do with events that it did not make.
    public struct Permission: OpenValue {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// Nothing.
        public static let sandbox: Self = "sandbox"
        /// Change and delete them.
        public static let unrestricted: Self = "unrestricted"
    }

    init(reading answer: AnswerReader) throws(CronofyError) {
        id = try answer.text("calendar_id")
        name = try answer.optionalText("calendar_name") ?? ""
        profileID = try answer.optionalText("profile_id")
        isReadOnly = try answer.optionalFlag("calendar_readonly") ?? false
        isDeleted = try answer.optionalFlag("calendar_deleted") ?? false
        isPrimary = try answer.optionalFlag("calendar_primary") ?? false
        makesConferences = try answer.optionalFlag("calendar_integrated_conferencing_available") ?? false
        takesAttachments = try answer.optionalFlag("calendar_attachments_available") ?? false
        permission = Permission(rawValue: try answer.optionalText("permission_level") ?? "sandbox")
    }
}

extension CronofyAccount {
    public func calendars() async throws(CronofyError) -> [CalendarInfo] {
        try await call(.get("/v1/calendars")).list("calendars")
    }

    /// Makes a calendar in a profile; `color` is `#RRGGBB`.
    /// - Throws: `.invalid` with the key `errors.duplicate_calendar_name` where the provider has one of that name;
    ///   `.locked` where the profile cannot be written.
    public func createCalendar(
        named name: String, in profile: String, color: String? = nil
    ) async throws(CronofyError) -> CalendarInfo {
        let body = JSONValue.members([
            "profile_id": .string(profile), "name": .string(name), "color": color.map(JSONValue.string),
        ])
        return try await call(.post("/v1/calendars", body, isRepeatable: false)).object("calendar")
    }
}
