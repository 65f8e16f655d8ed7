import Accounts
import Authorization
import CivilTime

/// One application: secrets, redirect addresses, and whom it reaches.
struct ApplicationPage: PageView {
    let title = "Overview"
    let path, client: String
    let isConfidential: Bool
    /// When the secrets before the newest end.
    let retiring: [String]
    let redirects: [String]
    let hasRedirects: Bool
    let problem: String?
    let typed: String?
    let waiting: Waiting?
    let accounts: [Row]
    let hasAccounts: Bool
    let isCut: Bool

    /// What the application asked to have registered.
    struct Waiting: Sendable {
        let contact: String
        let redirects: [String]
    }

    struct Row: Sendable {
        let name, id, path: String
        let connections: [Connection]
    }

    struct Connection: Sendable {
        let name, kind, tone, state: String
        let explanation: String?
    }

    static let mostAccounts = 200

    init(
        _ application: Application, retiring: [Instant], verification: Verification?,
        accounts: [(account: Account, profiles: [Profile])], now: Instant, problem: String? = nil, typed: String? = nil
    ) {
        (path, client) = (PagePath.application(application.id), application.id.value)
        isConfidential = !application.isPublic
        self.retiring = retiring.map(\.description)
        (redirects, hasRedirects) = (application.redirectURIs, !application.redirectURIs.isEmpty)
        (self.problem, self.typed) = (problem, typed)
        waiting = verification.map {
            Waiting(
                contact: [$0.contactName, $0.contactEmail].compactMap { $0 }.joined(separator: ", "),
                redirects: $0.redirectURIs)
        }
        self.accounts = accounts.map { account, profiles in
            Row(
                name: account.displayName, id: account.id.value, path: PagePath.person(account.id),
                connections: profiles.map { profile in
                    let words = ConnectionWords(profile, now: now)
                    return Connection(
                        name: profile.name, kind: ProviderWords.kind(profile.provider), tone: words.tone,
                        state: words.state, explanation: words.explanation)
                })
        }
        hasAccounts = !accounts.isEmpty
        isCut = accounts.count == Self.mostAccounts
    }

    static let template = """
        <h2>Credentials</h2>
        <dl class="facts-list"><dt>client_id</dt><dd><code>{{.client}}</code></dd></dl>
        {{#.isConfidential}}
        <ul class="plain"><li>One secret is current. It cannot be read again.</li>
        {{#.retiring}}<li>One before it is good until {{.}}.</li>
        {{/.retiring}}</ul>
        <form class="inline" method="post" action="{{path}}/secret">{{>token}}
        <div class="field"><label for="overlap">Hours for which those before it stay good</label>
        <input id="overlap" name="overlap" type="number" min="0" max="2160" value="24" required aria-describedby="overlap-hint">
        <p class="hint" id="overlap-hint">0 ends them now.</p></div>
        <button>Make a new secret</button></form>
        {{/.isConfidential}}
        {{^.isConfidential}}<p>It is public: it has no secret, and must use PKCE.</p>{{/.isConfidential}}

        <section class="preview"><h2>Redirect addresses</h2>
        <p class="sub">People are sent back to one of these, byte for byte, and nowhere else.</p>
        {{#.waiting}}<div class="remedy"><h3>Waiting for your word</h3>
        <p>{{.contact}} asks for:</p><ul class="plain">{{#.redirects}}<li><code>{{.}}</code></li>
        {{/.redirects}}</ul>
        <div class="actions"><form method="post" action="{{path}}/verification">{{>token}}\
        <button class="primary" name="answer" value="yes">Register them</button>
        <button name="answer" value="no">Refuse</button></form></div></div>{{/.waiting}}
        {{^.hasRedirects}}<p>None: nobody can be sent back.</p>{{/.hasRedirects}}
        <ul class="rows">
        {{#.redirects}}<li><code class="grow">{{.}}</code><form method="post" action="{{path}}/redirects">{{>token}}\
        <input type="hidden" name="remove" value="{{.}}"><button class="danger">Remove<span class="sr"> {{.}}</span></button></form></li>
        {{/.redirects}}
        </ul>
        <form class="inline" method="post" action="{{.path}}/redirects">{{>token}}
        <div class="field{{#.problem}} has-error{{/.problem}}"><label for="add">Another address</label>
        {{#.problem}}<p class="error" id="add-error">{{.}}</p>{{/.problem}}
        <input id="add" name="add" type="text" required autocapitalize="none" spellcheck="false"\
        {{#.typed}} value="{{.}}"{{/.typed}}{{#.problem}} aria-invalid="true" aria-describedby="add-error"{{/.problem}}></div>
        <button>Register it</button></form></section>

        <section class="preview"><h2>Connected accounts</h2>
        {{^.hasAccounts}}<p>Nobody yet.</p>{{/.hasAccounts}}
        <ul class="people">
        {{#.accounts}}<li class="card"><h3><a href="{{.path}}">{{.name}}</a></h3><p><code>{{.id}}</code></p>
        <ul class="states">{{#.connections}}<li><span class="state {{.tone}}">{{.state}}</span> \
        <span class="grow">{{.name}} <span class="sub">{{.kind}}</span></span>\
        {{#.explanation}} <span class="sub">{{.}}</span>{{/.explanation}}</li>
        {{/.connections}}{{^.connections}}<li class="sub">No calendar is connected.</li>{{/.connections}}</ul></li>
        {{/.accounts}}
        </ul>
        {{#.isCut}}<p class="sub">Only the first 200 are shown.</p>{{/.isCut}}</section>
        """
}
