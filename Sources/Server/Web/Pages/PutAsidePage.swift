import Accounts
import CivilTime

/// Items that could not be read, why, and a way to try again.
struct PutAsidePage: PageView {
    let title = "Put aside"
    let items: [Row]
    let isCut: Bool

    struct Row: Sendable {
        let name, calendar, reason, action: String
        let since: String?
    }

    init(_ items: [PutAsideItem], in picture: PersonPicture, now: Instant) {
        let names = Dictionary(picture.calendars.map { ($0.number, $0.name) }) { first, _ in first }
        let path = PagePath.person(picture.account.id)
        self.items = items.map { item in
            Row(
                name: item.summary ?? "An item without a readable title",
                calendar: names[item.calendar] ?? "a calendar that is gone", reason: item.reason,
                action: "\(path)/put-aside/\(item.item.value)/retry",
                since: item.since.map { Age.text(of: $0, at: now) })
        }
        isCut = picture.putAside > items.count
    }

    static let template = """
        <h2>What was put aside</h2>
        <p class="lead">One item that cannot be read never stops the others. It waits here, with the reason. Times that \
        it takes are not known.</p>
        {{^.items}}<div class="empty"><h3>Nothing was put aside</h3><p>Everything in your calendars could be read.</p></div>\
        {{/.items}}
        <ul class="aside-list">
        {{#.items}}
        <li class="card">
        <div class="grow"><h3>{{.name}}</h3>
        <p>{{.reason}}</p>
        <p class="sub">in {{.calendar}}{{#.since}} · since {{.}}{{/.since}}</p></div>
        <form method="post" action="{{.action}}">{{>token}}<button>Try again<span class="sr"> {{.name}}</span></button></form>
        </li>
        {{/.items}}
        </ul>
        {{#.isCut}}<p class="sub">Only the newest are shown.</p>{{/.isCut}}
        """
}
