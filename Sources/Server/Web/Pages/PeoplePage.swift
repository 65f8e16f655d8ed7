import Accounts
import CivilTime

/// Everybody on this server, with the state of their connections.
struct PeoplePage: PageView {
    let title = "People"
    let total: Int
    let people: [Row]
    let previous, next: String?

    struct Row: Sendable {
        let name, email, path, zone: String
        let connections: [Connection]
        let putAside: String?
    }

    struct Connection: Sendable {
        let name, kind, tone, state, age: String
    }

    init(_ pictures: [PersonPicture], total: Int, page: Int, now: Instant) {
        self.total = total
        people = pictures.map { Row($0, now: now) }
        previous = page > 0 ? "/people?page=\(page - 1)" : nil
        next = (page + 1) * PeopleReader.pageSize < total ? "/people?page=\(page + 1)" : nil
    }

    static let template = """
        <h1>People</h1>
        {{^.people}}
        <div class="empty">
        <h2>Nobody is here yet</h2>
        <p>People come with an application that asks for their calendars. To begin by hand, on the machine that runs \
        the server:</p>
        <pre><code>anchorpoint applications create --name "My application"
        anchorpoint accounts create --client-id … --email you@example.com</code></pre>
        <p>Or start once with <code>--sample</code> to look around.</p>
        </div>
        {{/.people}}
        <ul class="people">
        {{#.people}}
        <li class="card">
        <h2><a href="{{.path}}/schedule">{{.name}}</a></h2>
        <p class="sub">{{.email}} · {{.zone}}</p>
        <ul class="states">
        {{#.connections}}
        <li><span class="state {{.tone}}">{{.state}}</span> <span class="grow">{{.name}} \
        <span class="sub">{{.kind}}</span></span> <span class="sub">{{.age}}</span></li>
        {{/.connections}}
        {{^.connections}}<li class="sub">No calendar is connected.</li>{{/.connections}}
        </ul>
        <p class="links"><a href="{{.path}}/schedule">Week<span class="sr"> of {{.name}}</span></a>
        <a href="{{.path}}/schedule?month=now">Month<span class="sr"> of {{.name}}</span></a>
        <a href="{{.path}}">Calendars<span class="sr"> of {{.name}}</span></a>
        {{#.putAside}}<a href="{{path}}/put-aside">{{.}} put aside<span class="sr"> of {{name}}</span></a>{{/.putAside}}</p>
        </li>
        {{/.people}}
        </ul>
        <p class="pager">{{#.previous}}<a class="button" href="{{.}}">Previous people</a>{{/.previous}}
        {{#.next}}<a class="button" href="{{.}}">Next people</a>{{/.next}}</p>
        """
}

extension PeoplePage.Row {
    init(_ picture: PersonPicture, now: Instant) {
        (name, email, zone) = (picture.account.displayName, picture.account.email, picture.account.zone.name)
        path = PagePath.person(picture.account.id)
        putAside = picture.putAside > 0 ? String(picture.putAside) : nil
        connections = picture.profiles.map { profile in
            let words = ConnectionWords(profile, now: now)
            // The age of the oldest: a connection is as fresh as its stalest calendar that counts.
            let (all, counted) = (picture.calendars(of: profile), picture.calendars(of: profile).filter(\.isCounted))
            let ages = (counted.isEmpty ? all : counted).map(\.syncedAt)
            let oldest = ages.contains(nil) ? nil : ages.compactMap { $0 }.min()
            return PeoplePage.Connection(
                name: profile.name, kind: ProviderWords.kind(profile.provider), tone: words.tone, state: words.state,
                age: oldest.map { "read " + Age.text(of: $0, at: now) } ?? "not read yet")
        }
    }
}
