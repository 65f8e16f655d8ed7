import Accounts
import CivilTime

/// What a page wants around it.
struct PageFrame: Sendable {
    var head: PageHead?
    /// A sentence about what was just done.
    var notice: String?
    /// Seconds after which the browser reads the page again.
    var refresh: Int?
    /// The token of the page's form where nobody is signed in.
    var formToken: String?
    /// Without what belongs to people who are signed in.
    var isPlain = false
}

/// The head of pages that belong together: a person's, or an application's.
struct PageHead: Sendable {
    let name: String
    let detail: String
    /// Back to the list it stands in, for those who may see it.
    let crumb: Crumb?
    let tabs: [Tab]

    struct Crumb: Sendable {
        let label: String
        let path: String
    }

    struct Tab: Sendable {
        let label: String
        let path: String
        let isCurrent: Bool
        var count: String?
    }

    enum Section: Sendable { case calendars, week, month, applications, putAside, none }

    init(_ account: Account, section: Section, putAside: Int, role: Session.Role?) {
        (name, detail) = (account.displayName, "\(account.email) · \(account.zone.name)")
        crumb = role == .operator ? Crumb(label: "All people", path: "/people") : nil
        let path = PagePath.person(account.id)
        tabs = [
            Tab(label: "Week", path: path + "/schedule", isCurrent: section == .week),
            Tab(label: "Month", path: path + "/schedule?month=now", isCurrent: section == .month),
            Tab(label: "Calendars", path: path, isCurrent: section == .calendars),
            Tab(label: "Applications", path: path + "/applications", isCurrent: section == .applications),
            Tab(
                label: "Put aside", path: path + "/put-aside", isCurrent: section == .putAside,
                count: putAside > 0 ? String(putAside) : nil),
        ]
    }

    enum ApplicationSection: Sendable { case overview, channels, requests, trying }

    init(_ application: Application, section: ApplicationSection) {
        (name, detail) = (application.name, application.isPublic ? "public application" : "application")
        crumb = Crumb(label: "All applications", path: "/applications")
        let path = PagePath.application(application.id)
        tabs = [
            Tab(label: "Overview", path: path, isCurrent: section == .overview),
            Tab(label: "Channels", path: path + "/channels", isCurrent: section == .channels),
            Tab(label: "Requests", path: path + "/requests", isCurrent: section == .requests),
            Tab(label: "Try a call", path: path + "/try", isCurrent: section == .trying),
        ]
    }
}

extension Account {
    /// The name, or the e-mail address, or what stands for somebody who has neither.
    var displayName: String {
        [name, email].compactMap { $0 }.first { !$0.isEmpty } ?? "Somebody without a name"
    }
}

/// The addresses of pages; ids are escaped.
enum PagePath {
    static func person(_ account: AccountID) -> String { "/people/" + PercentCoding.encodeSegment(account.value) }

    static func application(_ client: ClientID) -> String {
        "/applications/" + PercentCoding.encodeSegment(client.value)
    }

    static func connection(_ profile: ProfileID, of account: AccountID) -> String {
        person(account) + "/connections/" + PercentCoding.encodeSegment(profile.value)
    }
}
