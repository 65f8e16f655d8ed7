import Accounts
import Authorization

/// What an application asks to do in calendars beyond its own events.
struct PermissionPage: PageView {
    let title = "A free hand in your calendar"
    let application, action, cancel: String
    let isUnrestricted: Bool
    let calendars: [String]

    init(
        _ application: Application, _ request: PermissionRequest, calendars: [String], action: String, cancel: String
    ) {
        (self.application, self.calendars, self.action) = (application.name, calendars, action)
        (isUnrestricted, self.cancel) = (request.isUnrestricted, cancel)
    }

    static let template = """
        <section class="narrow">
        {{#.isUnrestricted}}
        <h1>Let {{application}} change any event?</h1>
        <p class="lead">Until now it may change only events that it added. It asks to change and delete others too, in:</p>
        {{/.isUnrestricted}}
        {{^.isUnrestricted}}
        <h1>Hold {{application}} to its own events?</h1>
        <p class="lead">It would change only events that it added, in:</p>
        {{/.isUnrestricted}}
        <ul class="plain">
        {{#.calendars}}<li>{{.}}</li>
        {{/.calendars}}
        </ul>
        <form method="post" action="{{.action}}">{{>token}}
        <p class="actions"><button class="primary">Allow</button> <a class="button quiet" href="{{.cancel}}">Do not allow</a></p>
        </form>
        </section>
        """
}

/// A link that only the owner of calendars can use, opened by a browser that is not known to be theirs.
struct UnknownPersonPage: PageView {
    let title = "Is it you?"
    /// Where a calendar's password shows it; nil where no calendar of theirs has one.
    let relink: String?

    static let template = """
        <section class="narrow">
        <h1>Is it you?</h1>
        <p class="lead">Only the owner of these calendars can answer. This browser has not connected them.</p>
        {{#.relink}}<p>Show that they are yours with the calendar’s password, then open the link again.</p>
        <p><a class="button primary" href="{{.}}">Use the calendar’s password</a></p>{{/.relink}}
        {{^.relink}}<p>Open the link again in the browser with which you connected them.</p>{{/.relink}}
        </section>
        """
}
