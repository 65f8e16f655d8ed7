import Accounts
import CivilTime
import Notifications

/// The application's channels, and what was sent to them in the last seven days.
struct ChannelsPage: PageView {
    let title = "Channels"
    let path: String
    let channels: [Row]
    let hasChannels: Bool
    let deliveries: [Delivery]
    let hasDeliveries: Bool
    let onlyFailed: Bool
    let everything, failed: String
    let isCut: Bool

    struct Row: Sendable {
        let id, url, account, tone, state, filters: String
    }

    struct Delivery: Sendable {
        let number, at, type, attempt, outcome, tone, channel, message, waited, body: String
    }

    static let most = 100

    init(_ client: ClientID, _ channels: [Channel], _ deliveries: [LoggedDelivery], onlyFailed: Bool, now: Instant) {
        let path = PagePath.application(client)
        self.path = path
        self.channels = channels.map { Row($0, now: now) }
        hasChannels = !channels.isEmpty
        self.deliveries = deliveries.map(Delivery.init)
        hasDeliveries = !deliveries.isEmpty
        self.onlyFailed = onlyFailed
        (everything, failed) = (path + "/channels", path + "/channels?show=failed")
        isCut = deliveries.count == Self.most
    }

    static let template = """
        <h2>Channels</h2>
        {{^.hasChannels}}<p class="lead">None is open, and none was closed in the last week.</p>{{/.hasChannels}}
        <ul class="rows">
        {{#.channels}}<li><span class="state {{.tone}}">{{.state}}</span> <span class="grow"><code>{{.url}}</code>
        <span class="sub">{{.id}} · {{.account}} · {{.filters}}</span></span></li>
        {{/.channels}}
        </ul>
        <section class="preview">
        <div class="title-row"><h2>Deliveries of the last seven days</h2>
        <nav class="switch" aria-label="Which deliveries"><ul>
        <li><a href="{{.everything}}"{{^.onlyFailed}} aria-current="page"{{/.onlyFailed}}>All</a></li>
        <li><a href="{{.failed}}"{{#.onlyFailed}} aria-current="page"{{/.onlyFailed}}>Failed</a></li></ul></nav></div>
        <form class="actions" method="post" action="{{.path}}/replay">{{>token}}<button>Send all again that never arrived</button></form>
        {{^.hasDeliveries}}<p>Nothing was sent.</p>{{/.hasDeliveries}}
        <ul class="log">
        {{#.deliveries}}
        <li class="card"><details><summary><span class="state {{.tone}}">{{.outcome}}</span> \
        <span class="grow">{{.type}}</span> <span class="sub">{{.at}}</span></summary>
        <dl class="facts-list"><dt>Channel</dt><dd><code>{{.channel}}</code></dd><dt>Message</dt><dd><code>{{.message}}</code></dd>
        <dt>Try</dt><dd>{{.attempt}}, {{.waited}} after the change</dd></dl>
        <pre class="wrapped"><code>{{.body}}</code></pre>
        <form method="post" action="{{path}}/replay">{{>token}}<input type="hidden" name="delivery" value="{{.number}}">\
        <button>Send it again<span class="sr">: {{.type}} of {{.at}}</span></button></form></details></li>
        {{/.deliveries}}
        </ul>
        {{#.isCut}}<p class="sub">Only the newest are shown.</p>{{/.isCut}}
        </section>
        """
}

extension ChannelsPage.Row {
    fileprivate init(_ channel: Channel, now: Instant) {
        (id, url, account) = (channel.id.value, channel.callbackURL, channel.account.value)
        switch channel.state {
        case .open: (tone, state) = ("ok", "Open")
        case .failing(let since): (tone, state) = ("warn", "Failing for \(Age.span(of: since, at: now))")
        case .closed(let reason, _): (tone, state) = ("off", "Closed: \(reason.words)")
        }
        var parts = channel.filters.calendars.map { ["\($0.count) calendars"] } ?? []
        if channel.filters.onlyManaged ?? false { parts.append("only managed events") }
        filters = parts.isEmpty ? "all changes" : parts.joined(separator: ", ")
    }
}

extension ChannelsPage.Delivery {
    fileprivate init(_ delivery: LoggedDelivery) {
        (number, attempt) = (String(delivery.number), String(delivery.attempt))
        at = Instant(seconds: delivery.triedMS / 1000).description
        (type, outcome, body) = (delivery.type, delivery.outcome, delivery.body)
        tone = delivery.outcome == "acknowledged" ? "ok" : "bad"
        (channel, message) = (delivery.channel.value, delivery.messageID)
        waited = delivery.waitedMS < 10_000 ? "\(delivery.waitedMS) ms" : "\(delivery.waitedMS / 1000) s"
    }
}

extension Channel.CloseReason {
    fileprivate var words: String {
        switch self {
        case .byApplication: "by the application"
        case .gone: "the receiver is gone"
        case .undeliverable: "nothing arrived for a day"
        case .revoked: "access ended"
        }
    }
}
