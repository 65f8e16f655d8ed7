import Authorization

/// What is wrong with a request that cannot be sent back, because it is not certain to whom (RFC 6749 §4.1.2.1).
struct AuthorizeFailurePage: PageView {
    let title = "This link cannot be used"
    let explanation: String

    init(_ fault: OAuthFault) { explanation = fault.description }

    static let template = """
        <section class="narrow">
        <h1>{{.title}}</h1>
        <p class="lead">The application that sent you here did not ask as it should. Nothing was connected.</p>
        <p>Go back to it and try again. If this page comes again, tell its makers this:</p>
        <pre><code>{{.explanation}}</code></pre>
        </section>
        """
}
