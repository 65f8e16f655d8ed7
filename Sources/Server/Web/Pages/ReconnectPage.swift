import Accounts

/// A new password for a connection.
struct ReconnectPage: PageView {
    let title = "Reconnect"
    let name, action, back: String
    let username: String?
    let problem: String?
    let fields: [FormField]

    init(_ profile: Profile, problems: FormProblems = FormProblems()) {
        (name, username, problem) = (profile.name, profile.username, problems.whole)
        action = PagePath.connection(profile.id, of: profile.account) + "/reconnect"
        back = PagePath.person(profile.account)
        fields = [Self.field.filled(FormValues(), error: problems.fields["password"])]
    }

    static let field = FormField("password", "New password", type: "password", autocomplete: "current-password")

    static let template =
        """
        <section class="narrow">
        <h2>Reconnect {{.name}}</h2>
        <p class="lead">Calendars, choices and events stay as they are.</p>
        {{#.problem}}<div class="problem" role="alert"><h3>That did not work</h3><p>{{.}}</p></div>{{/.problem}}
        <form method="post" action="{{.action}}">
        {{>token}}
        {{#.username}}<p class="sub">User name: {{.}}</p>{{/.username}}
        """ + "\n" + FormField.template + "\n" + """
            <p class="actions"><button class="primary">Reconnect</button> <a class="button quiet" href="{{.back}}">Cancel</a></p>
            </form>
            </section>
            """
}
