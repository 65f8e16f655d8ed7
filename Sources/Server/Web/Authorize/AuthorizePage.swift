import Accounts
import Authorization

/// The first step: who asks, and which calendar one uses.
struct AuthorizePage: PageView {
    let title = "Connect your calendar"
    let head: AuthorizeHead
    /// The remembered person; nil where nobody is.
    let person: String?
    /// The first few calendars that are connected, in words.
    let calendars: String?
    let allowAction, findAction: String
    let fields: [FormField]
    let choices: [ConnectPage.Kind]

    /// Files are read once, which is no connection.
    static let offered: [ConnectKind] = [.caldav, .icloud, .ics, .native]

    static let emailField = FormField(
        "email", "Your e-mail address", type: "email", hint: "We look up which service keeps its calendar.",
        autocomplete: "email")

    init(
        _ step: AuthorizeVisit, head: AuthorizeHead, calendars: [String], vendors: [VendorOffer],
        email: FormField = emailField
    ) {
        (self.head, fields) = (head, [email])
        self.calendars =
            calendars.isEmpty
            ? nil : calendars.prefix(6).joined(separator: ", ") + (calendars.count > 6 ? " …" : "")
        person = step.isByLinkToken ? nil : step.target.map { "Go on as \($0.displayName)" }
        (allowAction, findAction) = (step.address(), step.address("/find"))
        let preferred = step.request.provider.flatMap(Self.kind)
        let signIns = vendors.map {
            ConnectPage.Kind(path: step.address("/connect/\($0.name)"), label: $0.title, hint: $0.hint)
        }
        choices =
            signIns
            + Self.offered.sorted { $0 == preferred && $1 != preferred }.map {
                ConnectPage.Kind(path: step.address("/connect/\($0.rawValue)"), label: $0.label, hint: $0.hint)
            }
    }

    /// Our kind for a provider name of the API.
    private static func kind(_ name: String) -> ConnectKind? {
        switch name.lowercased() {
        case "apple", "icloud": .icloud
        case "caldav": .caldav
        case "ics": .ics
        case "cronofy": .native
        default: nil
        }
    }

    static let template =
        """
        <section class="consent">
        <div>
        <h1>Connect your calendar</h1>
        <p class="lead">{{#.head}}<strong>{{.application}}</strong> asks to use it.{{/.head}}</p>
        {{#.person}}
        <form class="card known" method="post" action="{{allowAction}}">{{>token}}
        <h2>{{.}}</h2>
        {{#calendars}}<p class="sub">With the calendars you have connected: {{.}}.</p>{{/calendars}}
        <p class="actions"><button class="primary">Allow</button></p>
        </form>
        <h2 class="or">Or connect another calendar</h2>
        {{/.person}}
        {{^.person}}<h2>Which calendar do you use?</h2>{{/.person}}
        <form method="post" action="{{.findAction}}">{{>token}}
        """ + "\n" + FormField.template + "\n" + """
            <p class="actions"><button{{^.person}} class="primary"{{/.person}}>Find my calendar</button></p>
            </form>
            <h2 class="or">Or choose</h2>
            <ul class="choices">
            {{#.choices}}
            <li class="card"><h3><a href="{{.path}}">{{.label}}</a></h3><p>{{.hint}}</p></li>
            {{/.choices}}
            </ul>
            {{#.head}}<p><a href="{{.cancel}}">Cancel and go back to {{.application}}</a></p>{{/.head}}
            </div>
            """ + AuthorizeHead.template + "</section>"
}
