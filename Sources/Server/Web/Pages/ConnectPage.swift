import Accounts

/// The kinds of calendars that can be connected.
struct ConnectPage: PageView {
    let title = "Connect a calendar"
    let path: String
    let kinds: [Kind]

    struct Kind: Sendable {
        let path, label, hint: String
    }

    init(_ account: AccountID, vendors: [VendorOffer]) {
        let path = PagePath.person(account)
        self.path = path
        kinds =
            vendors.map { Kind(path: "\(path)/connect/\($0.name)", label: $0.title, hint: $0.hint) }
            + ConnectKind.allCases.map {
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

extension VendorOffer {
    /// What its card says.
    var title: String {
        isPretend ? "Pretend \(label) account" : label == "Google" ? "Google Calendar" : "Microsoft 365 or Outlook.com"
    }

    var hint: String {
        isPretend
            ? "For trying things out: nobody in it is real, and it is forgotten when this server stops."
            : "Sign in there and allow calendars. Read and written, kept in step."
    }
}
