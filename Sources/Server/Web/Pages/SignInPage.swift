/// Where a sign-in link leads. Opening it spends nothing; the button does.
struct SignInPage: PageView {
    let title = "Sign in"
    /// Where the button posts to; nil where the link is spent, expired or missing.
    let action: String?
    let wasOpened: Bool

    static let template = """
        <section class="narrow">
        {{#.action}}
        <h1>Sign in</h1>
        <p class="lead">This link signs this browser in. It works once.</p>
        <form method="post" action="{{.}}">
        {{>token}}
        <button class="primary">Sign in</button>
        </form>
        {{/.action}}
        {{^.action}}
        {{#.wasOpened}}
        <h1>This link no longer works</h1>
        <p class="lead">A sign-in link works once and for a limited time. This one has been used, has expired, or was \
        not copied whole.</p>
        {{/.wasOpened}}
        {{^.wasOpened}}
        <h1>Sign in</h1>
        <p class="lead">You sign in with a link that the server prints.</p>
        {{/.wasOpened}}
        <h2>Get a new link</h2>
        <p>On the machine that runs the server:</p>
        <pre><code>anchorpoint sign-in</code></pre>
        <p>It prints a link for this address. A fresh one is also printed each time the server starts.</p>
        {{/.action}}
        </section>
        """
}
