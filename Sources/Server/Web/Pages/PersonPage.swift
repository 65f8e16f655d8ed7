import Accounts
import CivilTime

/// One person's connections, and which of their calendars count.
struct PersonPage: PageView {
    let title = "Calendars"
    let path: String
    let connections: [ConnectionView]
    let isReading: Bool
    let holdsRefresh: Bool

    init(_ picture: PersonPicture, now: Instant, zone: Zone, holdsRefresh: Bool) {
        path = PagePath.person(picture.account.id)
        connections = picture.profiles.map { ConnectionView($0, in: picture, now: now, zone: zone) }
        isReading = connections.contains { $0.progress != nil }
        self.holdsRefresh = holdsRefresh
    }

    static let template = """
        <div class="title-row"><h2>Connected calendars</h2>
        <a class="button primary" href="{{.path}}/connect">Connect a calendar</a></div>
        {{#.isReading}}
        <p class="sub" role="status">{{^.holdsRefresh}}This page reads itself again every 5 seconds while a first \
        reading runs. <a href="{{.path}}?hold=1">Stop that</a>{{/.holdsRefresh}}{{#.holdsRefresh}}This page stays as it \
        is. <a href="{{.path}}">Read it again by itself</a>{{/.holdsRefresh}}</p>
        {{/.isReading}}
        {{^.connections}}
        <div class="empty">
        <h3>No calendar is connected</h3>
        <p>Connect one that you have, bring a file, or start a calendar that lives here. Until then nobody can tell \
        when you are busy.</p>
        </div>
        {{/.connections}}
        {{#.connections}}
        <article class="card connection">
        <header>
        <h3>{{.name}}</h3>
        <p class="sub">{{.kind}}</p>
        <span class="state {{.tone}}">{{.state}}</span>
        </header>
        {{#.explanation}}<p>{{.}}</p>{{/.explanation}}
        {{#.remedy}}<p class="remedy"><strong>What to do:</strong> {{.}}</p>{{/.remedy}}
        {{#.progress}}
        <p class="progress"><progress value="{{.done}}" max="{{.total}}" aria-label="First reading"></progress>
        <span>{{.done}} of {{.total}} calendars read</span></p>
        {{/.progress}}
        <form method="post" action="{{page.path}}/calendars" id="choice-{{.id}}">
        {{>token}}
        <fieldset>
        <legend>Which calendars take your time</legend>
        <ul class="calendars">
        {{#.calendars}}
        <li>
        <input type="hidden" name="listed" value="{{.id}}">
        <label><input type="checkbox" name="counts" value="{{.id}}"{{#.isCounted}} checked{{/.isCounted}}>
        <span class="dot hue-{{.hue}}" aria-hidden="true"></span>
        <span class="calendar-name">{{.name}}{{#.isPrimary}} <span class="tag">main</span>{{/.isPrimary}}\
        {{#.isReadOnly}} <span class="tag">read only</span>{{/.isReadOnly}}</span></label>
        <span class="sub facts"><span>last event {{.last}}</span> <span>next {{.next}}</span> <span>{{.age}}</span></span>
        {{#.incomplete}}<p class="sub warn-text">Not whole: {{.}}</p>{{/.incomplete}}
        </li>
        {{/.calendars}}
        {{^.calendars}}<li class="sub">No calendars have been found here yet.</li>{{/.calendars}}
        </ul>
        </fieldset>
        </form>
        <div class="actions connection-actions">
        <button form="choice-{{.id}}">Save choice<span class="sr"> for {{.name}}</span></button>
        <form method="post" action="{{.path}}/sync">{{>token}}<button class="quiet">Read now<span class="sr"> {{.name}}\
        </span></button></form>
        {{#.isPaused}}<form method="post" action="{{.path}}/resume">{{>token}}<button class="quiet">Resume<span class="sr"> \
        {{.name}}</span></button></form>{{/.isPaused}}
        {{^.isPaused}}<form method="post" action="{{.path}}/pause">{{>token}}<button class="quiet">Pause<span class="sr"> \
        {{.name}}</span></button></form>{{/.isPaused}}
        {{#.canReconnect}}<a class="button quiet" href="{{.path}}/reconnect">Reconnect<span class="sr"> {{.name}}</span></a>\
        {{/.canReconnect}}
        <a class="button quiet danger" href="{{.path}}/remove">Remove<span class="sr"> {{.name}}</span></a>
        </div>
        </article>
        {{/.connections}}
        <section class="preview">
        <h2>What others see</h2>
        <p>Others see when you are busy, free or tentative: no titles, places, people or calendar names.</p>
        <p><a class="button" href="{{.path}}/schedule?view=others">See your week as others do</a></p>
        </section>
        """
}
