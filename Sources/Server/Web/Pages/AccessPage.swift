import Accounts
import Authorization
import CivilTime
import Sync

/// The applications that may use somebody's calendars, and what was agreed and deleted before.
struct AccessPage: PageView {
    let title = "Applications"
    let grants: [Row]
    let hasGrants: Bool
    let past: [String]
    let hasPast: Bool
    let forget: String

    struct Row: Sendable {
        let name, since: String
        let words: [String]
        let action: String
    }

    init(_ ledger: AccessLedger, of account: AccountID, zone: Zone) {
        func day(_ instant: Instant) -> String { CivilWords.day(zone.civil(at: instant).date) }
        let path = PagePath.person(account) + "/applications/"
        grants = ledger.grants.map { grant in
            let by =
                switch grant.granter {
                case .person: "allowed by you"
                case .application: "a calendar of its own"
                case .account: "opened by an administrator"
                }
            return Row(
                name: grant.name, since: "\(by) on \(day(grant.since))",
                words: ScopeWords.sentences(of: grant.scope),
                action: path + PercentCoding.encodeSegment(grant.client.value) + "/revoke")
        }
        past =
            ledger.withdrawn.map { "\($0.name): taken back on \(day($0.at))" }
            + ledger.receipts.map {
                "A connection was removed on \(day($0.at)): \($0.calendars) calendars with \($0.items) events deleted here"
            }
        forget = PagePath.person(account) + "/forget"
        (hasGrants, hasPast) = (!grants.isEmpty, !past.isEmpty)
    }

    static let template = """
        <h2>Applications that use these calendars</h2>
        {{^.hasGrants}}<p class="lead">None.</p>{{/.hasGrants}}
        <ul class="aside-list">
        {{#.grants}}
        <li class="card"><div class="grow"><h3>{{.name}}</h3><p class="sub">{{.since}}</p>
        <p>It may:</p><ul class="ticks">{{#.words}}<li>{{.}}</li>
        {{/.words}}</ul></div>
        <form method="post" action="{{.action}}">{{>token}}<button class="danger">Take back</button></form></li>
        {{/.grants}}
        </ul>
        {{#.hasGrants}}<form class="actions" method="post" action="{{.forget}}">{{>token}}<button>Ask them all to forget me</button>
        <span class="sub">Each is told, and deletes what it keeps about you.</span></form>{{/.hasGrants}}
        {{#.hasPast}}<div class="preview"><h2>Before</h2>
        <ul class="plain">
        {{#.past}}<li>{{.}}</li>
        {{/.past}}
        </ul></div>{{/.hasPast}}
        <p class="sub">Taking back ends access at once. Where no other application may read a connected calendar, what was read of it \
        is deleted here; at its provider nothing changes.</p>
        """
}
