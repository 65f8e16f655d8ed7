import HTTPTypes
public import Hummingbird
import PageKit

/// Adds every page of guide services to `router`: below `/guides` for people of services, below `/s` for guests.
public func addGuidesRoutes<Context: RequestContext>(to router: Router<Context>, services: GuidesServices) {
    let responder = GuideResponder(services: services)
    let routes = GuideTable(services: services, cookies: responder.cookies).routes
    for route in routes {
        router.on(RouterPath(route.path), method: route.method == .get ? .get : .post) { request, context in
            await responder.respond(to: request, context: context, route: route)
        }
    }
    addBoardChanges(to: router, services: services, responder: responder)
}
