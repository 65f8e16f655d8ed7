import Accounts

/// The kinds of calendars that can be connected.
struct ConnectPage: PageView {
    let title = "Connect a calendar"
    let path: String
    let kinds: [Kind]

    struct Kind: Sendable {
        let path, label, hint: String
    }

    init(_ account: AccountID) {
        let path = PagePath.person(account)
        self.path = path
        kinds = ConnectKind.allCases.map {
            Kind(path: "\(path)/connect/\($0.rawValue)", label: $0.label, hint: $0.hint)
        }
    }

    static let template = """
        <h2>Connect a calendar</h2>
        <ul class="choices">
        {{#.kinds}}
        <li class="card"><h3><a href="{{.path}}">{{.label}}</a></h3><p>{{.hint}}</p></li>
        {{/.kinds}}
        </ul>
        <p><a href="{{.path}}">Back to your calendars</a></p>
        """
}
