// What the endpoints of this folder take and give, for openapi.json.

enum CalendarSchema {
    static let members: KeyValuePairs<String, Schema> = [
        "calendar_id": .text, "calendar_name": .text, "calendar_readonly": .flag, "calendar_deleted": .flag,
        "calendar_primary": .flag, "calendar_integrated_conferencing_available": .flag,
        "calendar_attachments_available": .flag, "permission_level": .oneOf("unrestricted", "sandbox"),
        "calendar_counted": .flag,
    ]
    private static let optional: KeyValuePairs<String, Schema> = [
        "calendar_synced_at": .time, "calendar_incomplete": .text,
    ]

    /// Within its profile.
    static let calendar = Schema.named("ProfileCalendar", .object(members, optional: optional))
    /// With its profile's members.
    static let withProfile = Schema.named(
        "Calendar",
        .object(
            [
                "provider_name": .text, "profile_id": .text, "profile_name": .text, "calendar_id": .text,
                "calendar_name": .text, "calendar_readonly": .flag, "calendar_deleted": .flag,
                "calendar_primary": .flag, "permission_level": .oneOf("unrestricted", "sandbox"),
            ], optional: optional))
}

extension ListCalendars {
    static let contract = EndpointContract(
        success: .json(.object(["sub": .text, "calendars": .array(CalendarSchema.withProfile)])))
}

extension CreateCalendar {
    static let contract = EndpointContract(
        body: .object(["profile_id": .text, "name": .text(most: 255)], optional: ["color": .text]),
        success: .json(.object(["calendar": CalendarSchema.withProfile])))
}

extension ApplicationCalendars {
    static let contract = EndpointContract(
        body: .object([
            "client_id": .text, "client_secret": .text, "application_calendar_id": .text(most: 255),
        ]), success: .json(TokenSchema.answer))
}
