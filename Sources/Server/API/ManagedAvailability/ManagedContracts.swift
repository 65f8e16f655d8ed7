// What the endpoints of this folder take and give, for openapi.json.

enum ManagedSchema {
    static let rule = Schema.named(
        "AvailabilityRule",
        .object(
            [
                "availability_rule_id": .text(most: 64), "tzid": .text,
                "weekly_periods": .array(
                    .object(["day": .text(.oneOf(RuleJSON.days)), "start_time": .text, "end_time": .text]), most: 200),
            ], optional: ["calendar_ids": .array(.text)]))
    static let one = EndpointContract.Success.json(.object(["availability_rule": rule]))
}

extension UpsertAvailablePeriod {
    static let contract = EndpointContract(
        body: .object(
            ["available_period_id": .text(most: 64), "start": EventSchema.when, "end": EventSchema.when],
            optional: ["tzid": .text]), success: .accepted)
}

extension ReadAvailablePeriods {
    static let contract = EndpointContract(
        query: [
            .optional("from", .either([.date, .time])), .optional("to", .either([.date, .time])),
            .optional("tzid", .text, "Needed where from or to is given."), .optional("localized_times", .flag),
        ], success: list)
    static let pageContract = EndpointContract(success: list)
    private static let list = EndpointContract.Success.json(
        .object([
            "pages": EventSchema.pages,
            "available_periods": .array(
                .object(["available_period_id": .text, "start": EventSchema.when, "end": EventSchema.when])),
        ]))
}

extension DeleteAvailablePeriods {
    static let contract = EndpointContract(
        body: .object([:], optional: ["available_period_id": .text(most: 64), "delete_all": .flag]), success: .accepted)
}

extension UpsertAvailabilityRule {
    static let contract = EndpointContract(body: ManagedSchema.rule, success: ManagedSchema.one)
}

extension ReadAvailabilityRules {
    static let listContract = EndpointContract(
        success: .json(.object(["availability_rules": .array(ManagedSchema.rule)])))
    static let oneContract = EndpointContract(success: ManagedSchema.one)
}

extension DeleteAvailabilityRule {
    static let contract = EndpointContract(success: .accepted)
}
