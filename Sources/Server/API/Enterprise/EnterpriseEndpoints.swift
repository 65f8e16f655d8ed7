import Accounts
import HTTPTypes

/// The endpoints by which one account opens others.
enum EnterpriseEndpoints {
    static let rows: [EndpointRow] = [
        EndpointRow(
            method: .post, path: "/v1/service_account_authorizations",
            access: .account([.manageAccounts, .manageResources]),
            summary: "Opens people's calendars through a service account.", respond: AuthorizePeople.respond,
            contract: AuthorizePeople.contract),
        EndpointRow(
            method: .get, path: "/v1/resources", access: .account([.manageResources]),
            summary: "Rooms and other things of a service account's domain.", respond: ListResources.respond,
            contract: ListResources.contract),
        EndpointRow(
            method: .get, path: "/v1/accessible_calendars", access: .account([]),
            summary: "Whose calendars a profile reaches.", respond: AccessibleCalendars.respond,
            contract: AccessibleCalendars.contract),
        EndpointRow(
            method: .post, path: "/v1/delegated_authorizations", access: .account([]),
            summary: "Opens a calendar that a profile reaches.", respond: AuthorizeDelegated.respond,
            contract: AuthorizeDelegated.contract),
    ]
}
