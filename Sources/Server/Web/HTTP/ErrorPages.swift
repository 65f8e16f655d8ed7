import Hummingbird

/// Gives paths that nobody serves a page in the common layout. The API answers for itself: what begins with `/v1/` or
/// `/oauth/` goes through untouched, but for the authorization pages.
struct ErrorPages<Context: RequestContext>: RouterMiddleware {
    let responder: PageResponder

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound && isPage(request.uri.path) {
            let missing = PageRoute.get(request.uri.path, .everyone) { _ in throw PageFailure.notFound }
            return await responder.respond(to: request, context: context, route: missing)
        }
    }

    private func isPage(_ path: String) -> Bool {
        path.hasPrefix("/oauth/authorize") || !["/v1", "/oauth"].contains { path == $0 || path.hasPrefix($0 + "/") }
    }
}
