import Accounts

/// The form of one kind of calendar.
struct ConnectFormPage: PageView {
    let title: String
    let introduction: String
    let action: String
    let encoding: String
    let button: String
    let back: String
    /// What is wrong with the whole.
    let problem: String?
    let fields: [FormField]
    /// The site that the password would go to, which the person has not named.
    let confirmSite: String?

    init(
        _ kind: ConnectKind, account: AccountID, form: FormValues = FormValues(),
        problems: FormProblems = FormProblems()
    ) {
        let path = PagePath.person(account)
        (title, introduction) = (kind.label, kind.introduction)
        (action, back) = ("\(path)/connect/\(kind.rawValue)", "\(path)/connect")
        encoding = kind == .file ? "multipart/form-data" : "application/x-www-form-urlencoded"
        (problem, confirmSite) = (problems.whole, problems.confirmSite)
        button = problems.confirmSite.map { "Send my password to \($0)" } ?? kind.button
        fields = kind.fields.map { $0.filled(form, error: problems.fields[$0.name]) }
    }

    static let template =
        """
        <section class="narrow">
        <h2>{{.title}}</h2>
        <p class="lead">{{.introduction}}</p>
        {{#.problem}}<div class="problem" role="alert"><h3>That did not work</h3><p>{{.}}</p></div>{{/.problem}}
        <form method="post" action="{{.action}}" enctype="{{.encoding}}">
        {{>token}}
        """ + "\n" + FormField.template + "\n" + """
            {{#.confirmSite}}<input type="hidden" name="confirmed_site" value="{{.}}">
            <p class="problem" role="alert">The address leads to another site, <strong>{{.}}</strong>. Go on only if you \
            know it: your password would go there. Type it once more to agree.</p>{{/.confirmSite}}
            <p class="actions"><button class="primary">{{.button}}</button> <a class="button quiet" href="{{.back}}">Cancel</a></p>
            </form>
            </section>
            """
}

/// What is wrong with a form, by field and as a whole.
struct FormProblems: Hashable, Sendable {
    var fields: [String: String] = [:]
    var whole: String?
    var confirmSite: String?

    var isEmpty: Bool { fields.isEmpty && whole == nil && confirmSite == nil }
}
