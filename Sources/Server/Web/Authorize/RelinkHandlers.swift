import Accounts
import Authorization
import HTTPTypes

/// `/relink/{token}`: a new password for a calendar that cannot be read any more, without signing in. The provider's yes
/// to it is what shows that it is the owner.
struct RelinkHandlers: Sendable {
    let services: WebServices
    let pages: PageRenderer
    let cookie: SessionCookie

    func show(_ visit: Visit) async throws -> Answer {
        answer(RelinkPage(try await profile(visit), action: visit.path), visit)
    }

    func relink(_ visit: Visit) async throws -> Answer {
        let profile = try await profile(visit)
        var problems = FormProblems()
        problems.fields["password"] = ReconnectPage.field.problem(in: visit.form)
        if problems.isEmpty {
            do {
                try await services.tries.counting(visit.tryKeys(profile.username)) {
                    try await services.connecting.reconnect(
                        profile.id, of: profile.account, password: Secret(visit.form.exact("password") ?? ""))
                }
                var answer = answer(RelinkPage(profile, action: nil), visit)
                answer.cookies = [cookie.person(try await services.signIns.begin(for: profile.account))]
                return answer
            } catch let error as ConnectError { problems = ConnectForm.problems(after: error, of: .icloud) }
        }
        var answer = answer(RelinkPage(profile, action: visit.path, problems: problems), visit)
        answer.status = .unprocessableContent
        return answer
    }

    private func answer(_ page: RelinkPage, _ visit: Visit) -> Answer {
        FormGuard(services: services, cookie: cookie).answer(page, for: visit, pages)
    }

    private func profile(_ visit: Visit) async throws -> Profile {
        guard let (account, id) = services.authorization.relinkTarget(Secret(try visit.parameter("token"))),
            let profile = try await services.profiles.profiles(of: account).first(where: { $0.id == id }),
            profile.username != nil
        else { throw PageFailure.notFound }
        return profile
    }
}

/// The new password of one calendar.
struct RelinkPage: PageView {
    let title = "Reconnect your calendar"
    let name: String
    let username: String?
    let action, problem: String?
    let isDone: Bool
    let fields: [FormField]

    init(_ profile: Profile, action: String?, problems: FormProblems = FormProblems()) {
        (name, username, self.action, problem) = (profile.name, profile.username, action, problems.whole)
        isDone = action == nil
        fields = [ReconnectPage.field.filled(FormValues(), error: problems.fields["password"])]
    }

    static let template =
        """
        <section class="narrow">
        {{#.isDone}}
        <h1>Reconnected</h1>
        <p class="lead">{{name}} is read again from now on. You can close this page.</p>
        {{/.isDone}}
        {{^.isDone}}
        <h1>Reconnect {{name}}</h1>
        <p class="lead">Type its password as it is now; where your provider has app passwords, make a new one. Calendars \
        and events stay as they are.</p>
        {{#problem}}<div class="problem" role="alert"><h3>That did not work</h3><p>{{.}}</p></div>{{/problem}}
        <form method="post" action="{{action}}">
        {{>token}}
        {{#username}}<p class="sub">User name: {{.}}</p>{{/username}}
        """ + "\n" + FormField.template + "\n" + """
            <p class="actions"><button class="primary">Reconnect</button></p>
            </form>
            {{/.isDone}}
            </section>
            """
}
