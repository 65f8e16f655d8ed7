import Accounts
import Authorization
import HTTPTypes

/// A visit to the authorization pages: the request it brings, which every step carries on in its address and checks
/// again, so that nothing is kept here before somebody consents.
struct AuthorizeVisit: Sendable {
    let visit: Visit
    let request: AuthorizationRequest
    /// Whose calendars the new one joins; nil: a new account.
    let target: Account?
    /// `target` was named by the application's link token, not remembered by this browser.
    let isByLinkToken: Bool

    /// Other parameters are not carried on.
    private static let carried = [
        "response_type", "client_id", "redirect_uri", "scope", "state", "avoid_linking", "link_token",
        "provider_name", "delegated_scope", "code_challenge", "code_challenge_method",
    ]

    /// Where the first page stands.
    var path: String {
        request.kind == .person ? "/oauth/authorize" : "/enterprise_connect/oauth/authorize"
    }

    /// The address of a step; the empty one is the first page.
    func address(_ step: String = "") -> String { path + step + "?" + query }

    /// What is carried on.
    var query: String {
        let query = visit.query.pairs.filter { pair in
            Self.carried.contains { pair.name == $0 || pair.name.hasPrefix($0 + "[") }
        }
        return query.map { PercentCoding.encodeSegment($0.name) + "=" + PercentCoding.encodeSegment($0.value) }
            .joined(separator: "&")
    }
}
