import Accounts
import CivilTime

/// What a page wants around it.
struct PageFrame: Sendable {
    var person: PersonHead?
    /// A sentence about what was just done.
    var notice: String?
    /// Seconds after which the browser reads the page again.
    var refresh: Int?
    /// The token of the page's form where nobody is signed in.
    var formToken: String?
    /// Without what belongs to people who are signed in.
    var isPlain = false
}

/// The head of a person's pages.
struct PersonHead: Sendable {
    let name: String
    let email: String
    let zone: String
    let allPeople: Bool
    let tabs: [Tab]

    struct Tab: Sendable {
        let label: String
        let path: String
        let isCurrent: Bool
        var count: String?
    }

    enum Section: Sendable { case calendars, week, month, applications, putAside, none }

    init(_ account: Account, section: Section, putAside: Int, role: Session.Role?) {
        (name, email, zone) = (account.displayName, account.email, account.zone.name)
        allPeople = role == .operator
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

    static func connection(_ profile: ProfileID, of account: AccountID) -> String {
        person(account) + "/connections/" + PercentCoding.encodeSegment(profile.value)
    }
}
