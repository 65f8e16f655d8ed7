import Accounts

/// Says what removing a connection deletes, before it does.
struct RemovePage: PageView {
    let title = "Remove"
    let name, action, back: String
    let calendars: [String]
    /// Events live nowhere else.
    let isOnlyCopy: Bool

    init(_ profile: Profile, in picture: PersonPicture) {
        name = profile.name
        action = PagePath.connection(profile.id, of: profile.account) + "/remove"
        back = PagePath.person(profile.account)
        calendars = picture.calendars(of: profile).map(\.name)
        isOnlyCopy = profile.provider.value == "native"
    }

    static let template = """
        <section class="narrow">
        <h2>Remove {{.name}}?</h2>
        <p class="lead">This cannot be undone here.</p>
        <p>Deleted on this server:</p>
        <ul class="plain">
        <li>the connection and its password</li>
        {{#.calendars}}<li>the calendar “{{.}}” with all its events</li>
        {{/.calendars}}
        </ul>
        {{#.isOnlyCopy}}<p class="problem">These events live only here. Once removed they are gone. To keep a copy, run \
        <code>anchorpoint calendars export</code> first.</p>{{/.isOnlyCopy}}
        {{^.isOnlyCopy}}<p>At the provider nothing changes. Connect it again to have it back.</p>{{/.isOnlyCopy}}
        <p>Times it kept busy will look free. To keep them and stop reading, pause it instead.</p>
        <form method="post" action="{{.action}}">{{>token}}
        <p class="actions"><button class="danger">Remove it</button> <a class="button quiet" href="{{.back}}">Keep it</a></p>
        </form>
        </section>
        """
}
