import Accounts
import CivilTime

/// What the application asked in the last seven days, with masked bodies.
struct RequestsPage: PageView {
    let title = "Requests"
    let calls: [Row]
    let hasCalls: Bool
    let here: String

    struct Row: Sendable {
        let id, at, took, what, status, tone: String
        let account: String?
        let query, body, answer: String?
    }

    init(_ client: ClientID, _ calls: [AskedCall]) {
        self.calls = calls.map(Row.init)
        hasCalls = !calls.isEmpty
        here = PagePath.application(client) + "/requests"
    }

    static let template = """
        <h2>Requests of the last seven days</h2>
        <p class="lead">The newest first. What people wrote, addresses and secrets are masked.</p>
        <p><a class="button" href="{{.here}}">Look again</a></p>
        {{^.hasCalls}}<p>None yet.</p>{{/.hasCalls}}
        <ul class="log">
        {{#.calls}}
        <li class="card"><details><summary><span class="state {{.tone}}">{{.status}}</span> \
        <span class="grow">{{.what}}</span> <span class="sub">{{.at}} · {{.took}}</span></summary>
        <dl class="facts-list"><dt>Request id</dt><dd><code>{{.id}}</code></dd>\
        {{#.account}}<dt>Account</dt><dd><code>{{.}}</code></dd>{{/.account}}</dl>
        {{#.query}}<h3>Query</h3><pre class="wrapped"><code>{{.}}</code></pre>{{/.query}}
        {{#.body}}<h3>Body</h3><pre class="wrapped"><code>{{.}}</code></pre>{{/.body}}
        {{#.answer}}<h3>Answer</h3><pre class="wrapped"><code>{{.}}</code></pre>{{/.answer}}</details></li>
        {{/.calls}}
        </ul>
        """
}

extension RequestsPage.Row {
    fileprivate init(_ call: AskedCall) {
        (id, account) = (call.id, call.account?.value)
        at = Instant(seconds: call.atMS / 1000).description
        (took, what, status) = ("\(call.tookMS) ms", "\(call.method) \(call.route)", String(call.status))
        tone = StatusTone.of(Int(call.status))
        func shown(_ text: String) -> String? { text.isEmpty ? nil : text }
        (query, body, answer) = (shown(call.query), shown(call.body), shown(call.answer))
    }
}

/// How an answer's status looks.
enum StatusTone {
    static func of(_ status: Int) -> String {
        switch status {
        case ..<300: "ok"
        case ..<500: "warn"
        default: "bad"
        }
    }
}
