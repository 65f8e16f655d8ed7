public import Hummingbird

/// Adds every page to `router`, and pages for what goes wrong on paths that nobody serves. Make the router with
/// `.autoGenerateHeadEndpoints`, and add this last: its error pages then stand outside the API's answers.
public func addWebRoutes<Context: RequestContext>(to router: Router<Context>, services: WebServices) throws {
}
