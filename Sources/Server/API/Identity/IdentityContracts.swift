// What the endpoints of this folder take and give, for openapi.json.

enum ProfileSchema {
    private static let required: [Schema.Member] = members([
        "provider_name": .text, "provider_service": .text, "profile_id": .text, "profile_name": .text,
        "profile_connected": .flag, "profile_initial_sync_required": .flag,
        "profile_sync_state": .oneOf("connected", "failing", "disconnected", "paused"),
    ])
    private static let optional: [Schema.Member] = members(
        ["profile_sync_cause": .text, "profile_relink_url": .text(.uri)], isRequired: false)

    static let profile = Schema.named("Profile", .object(required + optional))
    static let withCalendars = Schema.named(
        "ProfileWithCalendars",
        .object(required + optional + members(["profile_calendars": .array(CalendarSchema.calendar)])))

    private static func members(_ pairs: KeyValuePairs<String, Schema>, isRequired: Bool = true) -> [Schema.Member] {
        pairs.map { Schema.Member(name: $0.key, schema: $0.value, isRequired: isRequired) }
    }
}

extension UserInfo {
    static let contract = EndpointContract(
        success: .json(
            .object(
                [
                    "sub": .text, "zoneinfo": .text,
                    "cronofy.type": .oneOf("account", "application_calendar", "service_account"),
                    "cronofy.data": .object(
                        [
                            "authorization": .object(
                                ["scope": .text, "status": .text], optional: ["delegated_scope": .text]),
                            "profiles": .array(ProfileSchema.withCalendars), "conferencing_profiles": .array(.anything),
                        ],
                        optional: [
                            "application_calendar": .object(["application_calendar_id": .text]),
                            "service_account": .object(["provider_name": .text, "domain": .text]),
                        ]),
                ], optional: ["email": .text, "name": .text, "application_calendar_id": .text])))
}

extension AccountInfo {
    static let contract = EndpointContract(
        success: .json(
            .object([
                "account": .object(
                    ["account_id": .text, "email": .text, "scope": .text, "default_tzid": .text],
                    optional: ["name": .text])
            ])))
}

extension ListProfiles {
    static let contract = EndpointContract(
        success: .json(.object(["profiles": .array(ProfileSchema.profile)])))
}

extension RevokeProfile {
    static let contract = EndpointContract(success: .accepted)
}

extension AskPermissions {
    static let contract = EndpointContract(
        body: .object(
            [
                "permissions": .array(
                    .object(["calendar_id": .text, "permission_level": .oneOf("unrestricted", "sandbox")]), atLeast: 1,
                    most: 50)
            ], optional: ["redirect_uri": .text(.uri)]),
        success: .json(
            .object(["permissions_request": .object([:], optional: ["url": .text(.uri), "accepted": .flag])])))
}

extension CreateElementToken {
    static let contract = EndpointContract(
        body: .object(
            ["permissions": .array(.text, atLeast: 1), "origin": .text],
            optional: ["version": .oneOf("1"), "subs": .array(.text, most: 100)]),
        success: .json(
            .object([
                "element_token": .object([
                    "permissions": .array(.text), "origin": .text, "token": .text, "expires_in": .integer,
                ])
            ])))
}

extension AskVerification {
    static let contract = EndpointContract(
        body: .object(
            [
                "redirect_uris": .array(.text(.uri), atLeast: 1, most: 50),
                "contact": .object(["email": .text(.email, most: 320)], optional: ["display_name": .text(most: 255)]),
            ]), success: .other(202, .object([:])))
}

extension ProvisionApplication {
    static let contract = EndpointContract(
        body: .object(["name": .text(most: 200)], optional: ["url": .text(.uri, most: 2000)]),
        success: .json(.object(["oauth_client": .object(["client_id": .text, "client_secret": .text])])))
}
