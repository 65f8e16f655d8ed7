import Accounts

/// Every application of this server, and a form for a new one.
struct ApplicationsPage: PageView {
    let title = "Applications"
    let applications: [Row]
    let fields: [FormField]
    let problem: String?

    struct Row: Sendable {
        let name, id, path, kind: String
    }

    init(_ applications: [Application], form: FormValues = FormValues(), problems: FormProblems = FormProblems()) {
        self.applications = applications.map {
            Row(
                name: $0.name, id: $0.id.value, path: PagePath.application($0.id),
                kind: $0.isPublic ? "public" : "confidential")
        }
        fields = [
            FormField("name", "Name", hint: "What people see when it asks for their calendars."),
            FormField(
                "redirect", "Redirect address", type: "url", hint: "Where people are sent back to; more can follow.",
                isRequired: false),
        ].map { $0.filled(form, error: problems.fields[$0.name]) }
        problem = problems.whole
    }

    static let template =
        """
        <h1>Applications</h1>
        <p class="lead">Clients of the API: their secrets, addresses, channels and requests.</p>
        {{^.applications}}<div class="empty"><h2>There are none yet</h2><p>Make the first one here.</p></div>{{/.applications}}
        <ul class="people">
        {{#.applications}}
        <li class="card"><h2><a href="{{.path}}">{{.name}}</a></h2>
        <p class="sub">{{.kind}}</p>
        <p><code>{{.id}}</code></p>
        <p class="links"><a href="{{.path}}/channels">Channels<span class="sr"> of {{.name}}</span></a>
        <a href="{{.path}}/requests">Requests<span class="sr"> of {{.name}}</span></a>
        <a href="{{.path}}/try">Try a call<span class="sr"> as {{.name}}</span></a></p></li>
        {{/.applications}}
        </ul>
        <section class="narrow preview">
        <h2>A new application</h2>
        <form method="post" action="/applications">
        {{>token}}
        """ + "\n" + FormField.template + "\n" + """
            <p class="actions"><button class="primary">Make it</button></p>
            </form>
            </section>
            """
}

/// A secret, once: it cannot be read again.
struct NewSecretPage: PageView {
    let title = "New secret"
    let name, client, secret, back: String
    /// Until when those before it are good; nil where there were none.
    let until: String?

    static let template = """
        <section class="narrow">
        <h2>The new secret</h2>
        <p class="lead">Copy it now: it is not shown again. It is also the application's API key, and signs notifications.</p>
        <dl class="facts-list"><dt>client_id</dt><dd><code>{{.client}}</code></dd>
        <dt>client_secret</dt><dd><code>{{.secret}}</code></dd></dl>
        {{#.until}}<p class="remedy">The secrets before it are good until {{.}}; meanwhile notifications carry a signature by \
        each.</p>{{/.until}}
        <p class="actions"><a class="button primary" href="{{.back}}">Go on</a></p>
        </section>
        """
}
