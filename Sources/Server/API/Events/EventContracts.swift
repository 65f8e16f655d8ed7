// What the endpoints of this folder take and give, for openapi.json.

enum EventSchema {
    /// A time, a date, or either with its zone.
    static let when = Schema.named(
        "EventTime", .either([.time, .date, .object(["time": .text], optional: ["tzid": .text])]))
    static let pages = Schema.named(
        "Pages", .object(["current": .integer, "total": .integer], optional: ["next_page": .text(.uri)]))
    private static let person = Schema.object(["email": .text], optional: ["display_name": .text, "status": .text])

    static let event = Schema.named(
        "Event",
        .object(
            [
                "calendar_id": .text, "event_uid": .text, "summary": .text, "description": .text, "start": when,
                "end": when, "deleted": .flag,
                "participation_status": .text, "attendees": .array(person),
                "transparency": .oneOf("opaque", "transparent"), "status": .text, "categories": .array(.text),
                "recurring": .flag, "event_private": .flag,
                "options": .object(["delete": .flag, "update": .flag, "change_participation_status": .flag]),
            ],
            optional: [
                "event_id": .text, "created": .time, "updated": .time, "organizer": person, "series_identifier": .text,
                "url": .text, "meeting_url": .text,
                "location": .object(
                    [:],
                    optional: [
                        "description": .text, "lat": .either([.text, .number]), "long": .either([.text, .number]),
                    ]),
                "write": .object(["state": .text], optional: ["reason": .text, "overruled": .array(.text)]),
            ]))
    static let busy = Schema.named(
        "FreeBusy",
        .object(
            [
                "calendar_id": .text, "start": when, "end": when,
                "free_busy_status": .oneOf("free", "tentative", "busy"),
            ],
            optional: ["event_id": .text, "event_uid": .text, "deleted": .flag]))

    static let window: [EndpointContract.Parameter] = [
        .required("tzid", .text, "The zone of from and to where they are dates."),
        .optional("from", .either([.date, .time])), .optional("to", .either([.date, .time])),
        .optional("last_modified", .either([.date, .time])), .optional("include_managed", .flag),
        .optional("only_managed", .flag), .optional("include_deleted", .flag), .optional("include_moved", .flag),
        .optional("localized_times", .flag), .optional("calendar_ids[]", .array(.text)),
    ]

    /// Of an event to be written.
    static let draft = Schema.object(
        [:],
        optional: [
            "event_id": .text, "event_uid": .text, "summary": .text(most: 1024), "description": .text(most: 4096),
            "start": when, "end": when, "tzid": .text, "url": .text,
            "location": .object([:], optional: ["description": .text, "lat": .text, "long": .text]),
            "reminders": .array(.object([:], optional: ["minutes": .integer]), most: 5),
            "reminders_create_only": .flag, "transparency": .oneOf("opaque", "transparent", "unknown"),
            "event_private": .flag, "color": .text,
            "attendees": .object([:], optional: ["invite": .array(person), "remove": .array(person)]),
        ])
}

extension ReadEvents {
    static let contract = EndpointContract(
        query: EventSchema.window + [.optional("include_geo", .flag)], success: page)
    static let pageContract = EndpointContract(success: page)
    private static let page = EndpointContract.Success.json(
        .object(["pages": EventSchema.pages, "events": .array(EventSchema.event)]))
}

extension ReadFreeBusy {
    static let contract = EndpointContract(
        query: EventSchema.window + [.optional("include_free", .flag), .optional("include_ids", .flag)], success: page)
    static let pageContract = EndpointContract(success: page)
    private static let page = EndpointContract.Success.json(
        .object(["pages": EventSchema.pages, "free_busy": .array(EventSchema.busy)]))
}

extension UpsertEvent {
    static let contract = EndpointContract(body: EventSchema.draft, success: .accepted)
}

extension DeleteEvent {
    static let contract = EndpointContract(
        body: .object([:], optional: ["event_id": .text, "event_uid": .text]), success: .accepted)
}

extension DeleteAllEvents {
    static let contract = EndpointContract(
        body: .object([:], optional: ["delete_all": .flag, "calendar_ids": .array(.text, atLeast: 1)]),
        success: .accepted)
}

extension ChangeParticipation {
    static let contract = EndpointContract(
        body: .object(["status": .oneOf("accepted", "tentative", "declined")]), success: .accepted)
}

extension RunBatch {
    static let contract = EndpointContract(
        body: .object([
            "batch": .array(
                .object(["method": .oneOf("POST", "DELETE"), "relative_url": .text], optional: ["data": .object([:])]),
                atLeast: 1, most: mostEntries)
        ]),
        success: .other(
            207, .object(["batch": .array(.object(["status": .integer], optional: ["data": .anything]))])))
}

extension CreateAttachment {
    static let contract = EndpointContract(
        body: .object(["attachment": .object([:])]),
        success: .json(
            .object([
                "attachment": .object([
                    "attachment_id": .text, "file_name": .text, "content_type": .text, "md5": .text,
                ])
            ])))
}
