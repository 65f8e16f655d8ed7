// GuidesAPI: the application of guide services as JSON, for programs that people use: their own time and calendars, and
// the trips of services they belong to. The field names are those of the older backend (docs/guides-api.md). A key is a
// person's, made on the account page, and may do what the person may. Begin at `GuidesEndpoints`.
import CivilTime
import HTTPTypes
public import Hummingbird
public import Integrations
public import Planning
import Season

/// What the JSON API stands on.
public struct GuidesAPIServices: Sendable {
    let planning: PlanningDesk
    let choices: CalendarChoices
    /// Where people reach the server, without a slash at the end.
    let publicURL: String

    var store: SeasonStore { planning.season }
    var now: Instant { store.now() }

    public init(planning: PlanningDesk, choices: CalendarChoices, publicURL: String) {
        (self.planning, self.choices, self.publicURL) = (planning, choices, publicURL)
    }
}

/// Adds every endpoint to `router`, below `/api`.
public func addGuidesAPIRoutes<Context: RequestContext>(to router: Router<Context>, services: GuidesAPIServices) {
    let responder = GuidesAPIResponder(services: services)
    for endpoint in GuidesEndpoints(services: services).all {
        router.on(RouterPath(endpoint.path), method: endpoint.method) { request, context in
            await responder.respond(to: request, context: context, endpoint: endpoint)
        }
    }
}
