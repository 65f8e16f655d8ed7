import Accounts
import CronofyWire
import HTTPTypes
public import Hummingbird

/// Every endpoint of the API. Routes, permission checks and docs/api.md come from here.
enum EndpointTable {
    static let rows = ownRows + EventEndpoints.rows + ManagedEndpoints.rows + EnterpriseEndpoints.rows

    /// Those that no folder lists by itself.
    private static let ownRows: [EndpointRow] = [
        EndpointRow(
            method: .post, path: "/oauth/token", access: .client, summary: "Tokens for a code or a refresh token.",
            respond: IssueTokens.respond, contract: IssueTokens.contract),
        EndpointRow(
            method: .post, path: "/oauth/token/revoke", access: .client,
            summary: "Ends access, by token or by account.", respond: RevokeTokens.respond,
            contract: RevokeTokens.contract),
        EndpointRow(
            method: .post, path: "/v1/application_calendars", access: .client,
            summary: "A calendar of the application's own, with tokens.", respond: ApplicationCalendars.respond,
            contract: ApplicationCalendars.contract),
        EndpointRow(
            method: .post, path: "/v1/link_tokens", access: .account([]),
            summary: "Lets the next authorization add a calendar to this account.", respond: CreateLinkToken.respond,
            contract: CreateLinkToken.contract),
        EndpointRow(
            method: .post, path: "/v1/profiles/{profile_id}/revoke", access: .account([]),
            summary: "Disconnects one profile.", respond: RevokeProfile.respond, contract: RevokeProfile.contract),
        EndpointRow(
            method: .get, path: "/v1/userinfo", access: .account([]),
            summary: "Who the token stands for, with profiles and calendars.", respond: UserInfo.respond,
            contract: UserInfo.contract),
        EndpointRow(
            method: .get, path: "/v1/account", access: .account([]), summary: "The account in short.",
            respond: AccountInfo.respond, contract: AccountInfo.contract),
        EndpointRow(
            method: .get, path: "/v1/profiles", access: .account([]), summary: "Connections and how they stand.",
            respond: ListProfiles.respond, contract: ListProfiles.contract),
        EndpointRow(
            method: .get, path: "/v1/calendars", access: .account([]), summary: "Calendars, with their freshness.",
            respond: ListCalendars.respond, contract: ListCalendars.contract),
        EndpointRow(
            method: .post, path: "/v1/calendars", access: .account([.createCalendar]),
            summary: "Makes a calendar at the provider.", respond: CreateCalendar.respond,
            contract: CreateCalendar.contract),
        EndpointRow(
            method: .post, path: "/v1/permissions", access: .account([]),
            summary: "Asks the person for a free hand in calendars.", respond: AskPermissions.respond,
            contract: AskPermissions.contract),
        EndpointRow(
            method: .post, path: "/v1/element_tokens", access: .key, summary: "A token for elements in a browser.",
            respond: CreateElementToken.respond, contract: CreateElementToken.contract),
        EndpointRow(
            method: .post, path: "/v1/application_verification", access: .key,
            summary: "Asks the operator to register redirect addresses.", respond: AskVerification.respond,
            contract: AskVerification.contract),
        EndpointRow(
            method: .post, path: "/v1/applications", access: .admin, summary: "Makes an application.",
            respond: ProvisionApplication.respond, contract: ProvisionApplication.contract),
        EndpointRow(
            method: .get, path: "/v1/events", access: .account([]), summary: "Events in a window, paged.",
            respond: ReadEvents.respond, contract: ReadEvents.contract),
        EndpointRow(
            method: .get, path: "/v1/events/pages/{token}", access: .account([]), summary: "A further page of events.",
            respond: ReadEvents.page, contract: ReadEvents.pageContract),
        EndpointRow(
            method: .get, path: "/v1/free_busy", access: .account([.readFreeBusy]),
            summary: "Busy time in a window, paged.", respond: ReadFreeBusy.respond, contract: ReadFreeBusy.contract),
        EndpointRow(
            method: .get, path: "/v1/free_busy/pages/{token}", access: .account([.readFreeBusy]),
            summary: "A further page of busy time.", respond: ReadFreeBusy.page, contract: ReadFreeBusy.pageContract),
        EndpointRow(
            method: .post, path: "/v1/calendars/{calendar_id}/events", access: .account([.createEvent]),
            summary: "Create or update an event.", respond: UpsertEvent.respond, contract: UpsertEvent.contract),
        EndpointRow(
            method: .delete, path: "/v1/calendars/{calendar_id}/events", access: .account([.deleteEvent]),
            summary: "Delete an event.", respond: DeleteEvent.respond, contract: DeleteEvent.contract),
        EndpointRow(
            method: .post, path: "/v1/availability", access: .application, summary: "When people are free.",
            respond: QueryAvailability.respond, contract: QueryAvailability.contract, isComputed: true),
        EndpointRow(
            method: .post, path: "/v1/sequenced_availability", access: .application,
            summary: "When meetings can follow one another.", respond: QuerySequence.respond,
            contract: QuerySequence.contract, isComputed: true),
        EndpointRow(
            method: .post, path: "/v1/channels", access: .account([]), summary: "Open a channel for notifications.",
            respond: CreateChannel.respond, contract: CreateChannel.contract),
        EndpointRow(
            method: .get, path: "/v1/channels", access: .account([]), summary: "The open channels.",
            respond: ListChannels.respond, contract: ListChannels.contract),
        EndpointRow(
            method: .delete, path: "/v1/channels/{channel_id}", access: .account([]), summary: "Close a channel.",
            respond: CloseChannel.respond, contract: CloseChannel.contract),
    ]
}

/// Adds the API to `router`: every row of the table, 405 for other methods, JSON for what is not there.
public func addAPIRoutes<Context: RequestContext>(to router: Router<Context>, services: APIServices) {
    let responder = APIResponder(services: services)
    for (path, rows) in Dictionary(grouping: EndpointTable.rows, by: \.path) {
        for row in rows {
            router.on(RouterPath(path), method: row.method) { request, context in
                await responder.respond(to: request, row: row, parameters: context.decodedParameters)
            }
        }
        let allowed = rows.map(\.method.rawValue).sorted().joined(separator: ", ")
        for method in [HTTPRequest.Method.get, .head, .post, .put, .patch, .delete, .options]
        where !rows.contains(where: { $0.method == method }) {
            router.on(RouterPath(path), method: method) { request, context in
                if method == .head, let row = rows.first(where: { $0.method == .get }) {
                    return await responder.respond(to: request, row: row, parameters: context.decodedParameters)
                        .createHeadResponse()
                }
                return APIResponder.message(
                    .methodNotAllowed, "method_not_allowed", "use \(allowed)", [.allow: allowed])
            }
        }
    }
    DownloadAttachment.addRoute(to: router, services: services)
    let document = OpenAPIDocument(rows: EndpointTable.rows, publicURL: services.publicURL).json
    let metadata = ServerMetadata.json(publicURL: services.publicURL)
    router.get(RouterPath(ServerMetadata.path)) { _, _ in APIResponder.response(.ok, metadata) }
    router.get("/openapi.json") { _, _ in APIResponder.response(.ok, document) }
    for method in [HTTPRequest.Method.get, .head, .post, .put, .patch, .delete, .options] {
        router.on("/v1/**", method: method) { _, _ in
            APIResponder.message(.notFound, "not_found", "there is no such endpoint")
        }
    }
}

extension RequestContext {
    /// Path parts as they are meant: Hummingbird leaves them percent-encoded.
    fileprivate var decodedParameters: [String: String] {
        var result: [String: String] = [:]
        for (name, value) in parameters { result[String(name)] = FormText.decoded(value, plusIsSpace: false) }
        return result
    }
}
