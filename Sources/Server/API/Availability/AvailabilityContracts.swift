// What the endpoints of this folder take and give, for openapi.json.

enum AvailabilitySchema {
    static let duration = Schema.object(
        [:], optional: ["hours": .integer(0...100_000), "minutes": .integer(0...6_000_000)])
    private static let constraint = Schema.object(
        ["period": .oneOf("day", "week"), "limit": .integer(1...10_000)], optional: ["tzid": .text])
    private static let members = Schema.array(
        .object(
            ["sub": .text], optional: ["calendar_ids": .array(.text), "availability_constraints": .array(constraint)]),
        atLeast: 1)
    static let participants = Schema.array(
        .object(["members": members], optional: ["required": .either([.oneOf("all"), .integer])]), atLeast: 1)
    static let periods = Schema.array(.object(["start": .time, "end": .time]), atLeast: 1)
    static let option = Schema.object([
        "start": .time, "end": .time, "participants": .array(.object(["sub": .text])),
    ])
}

extension QueryAvailability {
    static let contract = EndpointContract(
        body: .object(
            [
                "participants": AvailabilitySchema.participants, "required_duration": AvailabilitySchema.duration,
                "query_periods": AvailabilitySchema.periods,
            ],
            optional: [
                "response_format": .oneOf("periods", "slots", "overlapping_slots"), "max_results": .integer(1...512),
                "start_interval": AvailabilitySchema.duration, "include_member_statuses": .flag,
            ]),
        success: .json(
            .object(
                [:],
                optional: [
                    "available_periods": .array(AvailabilitySchema.option),
                    "available_slots": .array(AvailabilitySchema.option),
                    "member_statuses": .array(
                        .object(["sub": .text, "sync_status": .oneOf("active", "pending", "disconnected")])),
                ])))
}

extension QuerySequence {
    static let contract = EndpointContract(
        body: .object(
            [
                "sequence": .array(
                    .object([
                        "sequence_id": .text, "participants": AvailabilitySchema.participants,
                        "required_duration": AvailabilitySchema.duration,
                    ]), atLeast: 1, most: mostSteps), "query_periods": AvailabilitySchema.periods,
            ], optional: ["max_results": .integer(1...512)]),
        success: .json(
            .object([
                "sequences": .array(
                    .object([
                        "sequence": .array(
                            .object([
                                "sequence_id": .anything, "start": .time, "end": .time,
                                "participants": .array(.object(["sub": .text])),
                            ]))
                    ]))
            ])))
}
