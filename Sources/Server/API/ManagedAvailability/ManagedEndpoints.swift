import HTTPTypes

/// The endpoints of managed availability.
enum ManagedEndpoints {
    static let rows: [EndpointRow] = [
        EndpointRow(
            method: .post, path: "/v1/available_periods", access: .account([]),
            summary: "Open a time for the account.", respond: UpsertAvailablePeriod.respond,
            contract: UpsertAvailablePeriod.contract),
        EndpointRow(
            method: .get, path: "/v1/available_periods", access: .account([]), summary: "Opened times, paged.",
            respond: ReadAvailablePeriods.respond, contract: ReadAvailablePeriods.contract),
        EndpointRow(
            method: .get, path: "/v1/available_periods/pages/{token}", access: .account([]),
            summary: "A further page of opened times.", respond: ReadAvailablePeriods.page,
            contract: ReadAvailablePeriods.pageContract),
        EndpointRow(
            method: .delete, path: "/v1/available_periods", access: .account([]),
            summary: "Close one opened time, or all.", respond: DeleteAvailablePeriods.respond,
            contract: DeleteAvailablePeriods.contract),
        EndpointRow(
            method: .post, path: "/v1/availability_rules", access: .account([]),
            summary: "Weekly open hours of the account.", respond: UpsertAvailabilityRule.respond,
            contract: UpsertAvailabilityRule.contract),
        EndpointRow(
            method: .get, path: "/v1/availability_rules", access: .account([]), summary: "All weekly open hours.",
            respond: ReadAvailabilityRules.list, contract: ReadAvailabilityRules.listContract),
        EndpointRow(
            method: .get, path: "/v1/availability_rules/{availability_rule_id}", access: .account([]),
            summary: "One set of weekly open hours.", respond: ReadAvailabilityRules.one,
            contract: ReadAvailabilityRules.oneContract),
        EndpointRow(
            method: .delete, path: "/v1/availability_rules/{availability_rule_id}", access: .account([]),
            summary: "Delete weekly open hours.", respond: DeleteAvailabilityRule.respond,
            contract: DeleteAvailabilityRule.contract),
    ]
}
