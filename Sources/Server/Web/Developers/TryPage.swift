import Accounts

/// A call to choose, change and send, and what came back.
struct TryPage: PageView {
    let title = "Try a call"
    let here: String
    let choices: [Choice]
    let call: Form?
    let outcome: Outcome?

    struct Choice: Sendable {
        let id, label: String
        let isChosen: Bool
    }

    struct Form: Sendable {
        let id, method, path, body, summary, credential: String
        let hasBody: Bool
        let problem: String?
    }

    struct Outcome: Sendable {
        let status, tone, headers, body, curl, python: String
    }

    init(
        _ client: ClientID, _ offers: [OfferedCall], chosen: OfferedCall?, path: String? = nil, body: String? = nil,
        problem: String? = nil, outcome: Outcome? = nil
    ) {
        here = PagePath.application(client) + "/try"
        choices = offers.map {
            Choice(id: $0.id, label: "\($0.method) \($0.summary)", isChosen: $0.id == chosen?.id)
        }
        call = chosen.map {
            Form(
                id: $0.id, method: $0.method, path: path ?? $0.path, body: body ?? $0.body, summary: $0.summary,
                credential: $0.takesKey ? "the API key" : "the test account's access token", hasBody: !$0.body.isEmpty,
                problem: problem)
        }
        self.outcome = outcome
    }

    static let template = """
        <h2>Try a call</h2>
        <p class="lead">It is sent for real, to the application's test account: a calendar of its own, so that nobody's \
        data is touched.</p>
        <form class="inline" method="get" action="{{.here}}">
        <div class="field"><label for="call">Call</label><select id="call" name="call">
        {{#.choices}}<option value="{{.id}}"{{#.isChosen}} selected{{/.isChosen}}>{{.label}}</option>
        {{/.choices}}
        </select></div><button>Choose</button></form>
        {{#.call}}
        <form method="post" action="{{here}}" class="card">{{>token}}<input type="hidden" name="call" value="{{.id}}">
        <h3>{{.summary}}</h3><p class="sub">Sent with {{.credential}}.</p>
        <div class="field{{#.problem}} has-error{{/.problem}}"><label for="path">{{.method}}</label>
        {{#.problem}}<p class="error" id="path-error">{{.}}</p>{{/.problem}}
        <input id="path" name="path" type="text" value="{{.path}}" required autocapitalize="none" spellcheck="false"\
        {{#.problem}} aria-invalid="true" aria-describedby="path-error"{{/.problem}}></div>
        {{#.hasBody}}<div class="field"><label for="body">Body (JSON)</label>
        <textarea id="body" name="body" rows="10" spellcheck="false" autocapitalize="none">{{body}}</textarea></div>{{/.hasBody}}
        <p class="actions"><button class="primary">Send</button></p></form>
        {{/.call}}
        {{#.outcome}}
        <section class="preview" id="answer"><h2>Answer</h2>
        <p><span class="state {{.tone}}">{{.status}}</span></p>
        <pre class="wrapped"><code>{{.headers}}

        {{.body}}</code></pre>
        <h2>The same elsewhere</h2>
        <h3>curl</h3><pre class="wrapped"><code>{{.curl}}</code></pre>
        <h3>Python</h3><pre class="wrapped"><code>{{.python}}</code></pre></section>
        {{/.outcome}}
        """
}
