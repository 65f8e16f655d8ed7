import Accounts

/// The second step: the form of one kind of calendar; its button connects and consents.
struct AuthorizeFormPage: PageView {
    let title: String
    let head: AuthorizeHead
    let introduction: String
    /// What was found out about the address that was typed.
    let note: String?
    let action, back, button: String
    let email: String?
    let problem: String?
    let fields: [FormField]
    let confirmSite: String?

    init(
        _ kind: ConnectKind, _ step: AuthorizeVisit, head: AuthorizeHead, form: FormValues = FormValues(),
        problems: FormProblems = FormProblems(), note: String? = nil
    ) {
        (title, introduction, self.head, self.note) = (kind.label, kind.introduction, head, note)
        (action, back) = (step.address("/connect/\(kind.rawValue)"), step.address())
        (email, problem, confirmSite) = (form["email"], problems.whole, problems.confirmSite)
        button = problems.confirmSite.map { "Send my password to \($0)" } ?? "Connect and allow"
        fields = Self.fields(of: kind, isNew: step.target == nil).map {
            $0.filled(form, error: problems.fields[$0.name])
        }
    }

    /// A new account needs a zone: whole days and times without one mean nothing before that.
    static func fields(of kind: ConnectKind, isNew: Bool) -> [FormField] {
        let zone = FormField("zone", "Your time zone", hint: "Such as Europe/Paris or America/Denver.")
        return kind.fields.filter { !(isNew && $0.name == "zone") } + (isNew ? [zone] : [])
    }

    static let template =
        """
        <section class="consent">
        <div>
        <h1>{{.title}}</h1>
        {{#.note}}<p class="remedy">{{.}}</p>{{/.note}}
        <p class="lead">{{.introduction}}</p>
        {{#.problem}}<div class="problem" role="alert"><h3>That did not work</h3><p>{{.}}</p></div>{{/.problem}}
        <form method="post" action="{{.action}}">
        {{>token}}
        {{#.email}}<input type="hidden" name="email" value="{{.}}">{{/.email}}
        """ + "\n" + FormField.template + "\n" + """
            {{#.confirmSite}}<input type="hidden" name="confirmed_site" value="{{.}}">
            <p class="problem" role="alert">The address leads to another site, <strong>{{.}}</strong>. Go on only if you \
            know it: your password would go there. Type it once more to agree.</p>{{/.confirmSite}}
            <p class="actions"><button class="primary">{{.button}}</button> \
            <a class="button quiet" href="{{.back}}">Choose another</a></p>
            </form>
            {{#.head}}<p><a href="{{.cancel}}">Cancel and go back to {{.application}}</a></p>{{/.head}}
            </div>
            """ + AuthorizeHead.template + "</section>"
}
