import Accounts
import Authorization

/// What stands at the top of every step: who asks, for what, and the way out.
struct AuthorizeHead: Sendable {
    let application: String
    let host: String
    let initial: String
    let words: [String]
    /// What it may ask for of others' calendars.
    let delegated: [String]
    let hasDelegated: Bool
    /// Whose calendars the new one joins where the application says so.
    let joins: String?
    /// Back with `access_denied`.
    let cancel: String

    init(_ step: AuthorizeVisit, issuer: String) {
        let request = step.request
        (application, host) = (request.application.name, request.returning.redirect.host)
        words =
            request.kind == .domain
            ? ScopeWords.domainSentences(of: request.scope) : ScopeWords.sentences(of: request.scope)
        delegated = request.delegatedScope.map { ScopeWords.sentences(of: $0) } ?? []
        (initial, hasDelegated) = (application.first.map { String($0).uppercased() } ?? "", !delegated.isEmpty)
        joins = step.isByLinkToken ? step.target?.displayName : nil
        cancel = request.returning.address(
            with: OAuthFault(.accessDenied, "the person said no"), issuer: issuer)
    }

    static let template = """
        {{#.head}}
        <div class="asks card">
        <p class="asks-who"><span class="asks-mark" aria-hidden="true">{{.initial}}</span>
        <span><strong>{{.application}}</strong><br><span class="sub">takes you back to {{.host}}</span></span></p>
        <h2>It may</h2>
        <ul class="ticks">
        {{#.words}}<li>{{.}}</li>
        {{/.words}}
        </ul>
        {{#.hasDelegated}}<h2>For others’ calendars that you can open, it may ask to</h2>
        <ul class="ticks">
        {{#.delegated}}<li>{{.}}</li>
        {{/.delegated}}
        </ul>{{/.hasDelegated}}
        {{#.joins}}<p class="remedy">This calendar is added to those of <strong>{{.}}</strong>. Go on only if that is \
        you.</p>{{/.joins}}
        <p class="sub">It never gets your password. You can take this back at any time.</p>
        </div>
        {{/.head}}
        """
}
