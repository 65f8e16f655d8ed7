import HTTPTypes
public import Hummingbird

/// Adds every page to `router`, and pages for what goes wrong on paths that nobody serves. Make the router with
/// `.autoGenerateHeadEndpoints`.
/// - Throws: where a template does not parse, which a test shows never to happen.
public func addWebRoutes<Context: RequestContext>(to router: Router<Context>, services: WebServices) throws {
    let pages = try PageRenderer()
    let responder = PageResponder(services: services, pages: pages)
    router.add(middleware: ErrorPages(responder: responder))
    for route in PageTable(services: services, pages: pages, cookie: responder.cookie).routes {
        let method: HTTPRequest.Method = route.method == .get ? .get : .post
        router.on(RouterPath(route.path), method: method) { request, context in
            await responder.respond(to: request, context: context, route: route)
        }
    }
}
