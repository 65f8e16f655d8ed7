import Accounts

/// The form by which an administrator opens the calendars of a domain.
struct DomainPage: PageView {
    let title = "Connect your domain"
    let head: AuthorizeHead
    let action: String
    let problem: String?
    let fields: [FormField]

    init(
        _ step: AuthorizeVisit, head: AuthorizeHead, form: FormValues = FormValues(),
        problems: FormProblems = FormProblems()
    ) {
        (self.head, action, problem) = (head, step.address("/connect"), problems.whole)
        fields = Self.fields.map { $0.filled(form, error: problems.fields[$0.name]) }
    }

    static let fields = [
        FormField(
            "domain", "Mail domain", hint: "example.com: whose people’s calendars are opened, and nobody else’s."),
        FormField(
            "address", "Address of the CalDAV server", hint: "https://calendar.example.com/", autocomplete: "url"),
        FormField("username", "Administrator’s user name", autocomplete: "username"),
        FormField("password", "Administrator’s password", type: "password", autocomplete: "current-password"),
        FormField(
            "pattern", "Where a person’s calendars are",
            hint:
                "With {user} for the name, such as https://calendar.example.com/principals/{user}/. Found from your own "
                + "account where it can be.", isRequired: false),
        FormField("zone", "Time zone of the domain", hint: "Such as Europe/Paris or America/Denver."),
    ]

    static let template =
        """
        <section class="consent">
        <div>
        <h1>Connect your domain</h1>
        <p class="lead">Sign in as somebody who may open everyone’s calendars there. Each person who is opened is recorded, \
        with the application and the day.</p>
        {{#.problem}}<div class="problem" role="alert"><h3>That did not work</h3><p>{{.}}</p></div>{{/.problem}}
        <form method="post" action="{{.action}}">
        {{>token}}
        """ + "\n" + FormField.template + "\n" + """
            <p class="actions"><button class="primary">Connect and allow</button></p>
            </form>
            {{#.head}}<p><a href="{{.cancel}}">Cancel and go back to {{.application}}</a></p>{{/.head}}
            </div>
            """ + AuthorizeHead.template + "</section>"
}
