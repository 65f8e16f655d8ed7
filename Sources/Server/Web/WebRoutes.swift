import HTTPTypes
public import Hummingbird

/// Adds every page to `router`, and pages for what goes wrong on paths that nobody serves. Make the router with
/// `.autoGenerateHeadEndpoints`.
/// - Throws: where a template does not parse, which a test shows never to happen.
public func addWebRoutes<Context: RequestContext>(to router: Router<Context>, services: WebServices) throws {
    let pages = try PageRenderer()
    let responder = PageResponder(services: services, pages: pages)
    router.add(middleware: ErrorPages(responder: responder))
    let routes = PageTable(services: services, pages: pages, cookie: responder.cookie).routes
    for (path, ways) in Dictionary(grouping: routes, by: \.path) {
        let known = Set(ways.map { $0.method == .get ? HTTPRequest.Method.get : .post })
        let allowed = known.map(\.rawValue).sorted().joined(separator: ", ")
        for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete, .options] where !known.contains(method) {
            router.on(RouterPath(path), method: method) { _, _ in
                var response = Response(
                    Answer(
                        status: .methodNotAllowed, contentType: "text/plain; charset=utf-8", body: "use \(allowed)\n"))
                response.headers[.allow] = allowed
                return response
            }
        }
    }
    for route in routes {
        let method: HTTPRequest.Method = route.method == .get ? .get : .post
        router.on(RouterPath(route.path), method: method) { request, context in
            await responder.respond(to: request, context: context, route: route)
        }
    }
}
