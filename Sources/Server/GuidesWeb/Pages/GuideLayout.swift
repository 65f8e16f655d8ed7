import HTTPTypes
import PageKit
import Season
import Trips

/// A page with what stands around it.
struct GuidePage: Sendable {
    let title: String
    let body: HTML
    var section: Section?
    /// A sentence about what was just done, with a form that takes it back where there is one.
    var notice: HTML?
    var script: GuideScripts.Name?
    var isPrintable = false

    init(
        _ title: String, section: Section? = nil, notice: HTML? = nil, script: GuideScripts.Name? = nil, body: HTML
    ) { (self.title, self.section, self.notice, self.script, self.body) = (title, section, notice, script, body) }

    enum Section: String, Sendable, CaseIterable {
        case board = "Board"
        case trips = "Trips"
        case staffing = "Who can run this?"
        case plan = "Fill the season"
        case health = "Calendars"
        case members = "Members"
        case settings = "Settings"
        case audit = "Audit"
        case letters = "Letters"
        case agenda = "My agenda"
        case time = "My time"
        case calendars = "My calendars"

        func path(of slug: String) -> String {
            switch self {
            case .board, .trips, .staffing, .plan, .health, .members, .settings, .audit, .letters:
                GuidePath.service(slug) + "/" + name
            case .agenda: "/guides/me/agenda"
            case .time: "/guides/me/time"
            case .calendars: "/guides/me/calendars"
            }
        }

        private var name: String {
            switch self {
            case .board: "board"
            case .trips: "trips"
            case .staffing: "staffing"
            case .plan: "plan"
            case .health: "health"
            case .members: "members"
            case .settings: "settings"
            case .audit: "audit"
            case .letters: "letters"
            case .agenda, .time, .calendars: ""
            }
        }

        static let office: [Section] = [.board, .trips, .staffing, .plan, .health, .members, .letters, .audit]
        static let own: [Section] = [.agenda, .time, .calendars]
    }

    func answer(for visit: GuideVisit, status: HTTPResponse.Status = .ok) -> Answer {
        var answer = Answer.html(document(for: visit).text, status: status)
        answer.hasScript = script != nil
        return answer
    }

    private func document(for visit: GuideVisit) -> HTML {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(title)\(visit.service.map { " · " + $0.name } ?? "") · Anchorpoint</title>
        <link rel="stylesheet" href="\(GuideStyles.path)">
        <link rel="icon" href="/favicon.svg" type="image/svg+xml">
        <link rel="manifest" href="/guides/manifest.webmanifest">
        \(script.map { "<script src=\"\($0.path)\" defer></script>" as HTML })
        </head>
        <body>
        <a class="skip" href="#main">Skip to content</a>
        <header class="site">
        <div class="wrap">
        <a class="brand" href="/guides"><svg aria-hidden="true" viewBox="0 0 32 32" width="26" height="26">\
        <circle cx="16" cy="7.5" r="3.5"/><path d="M16 11v17M10 15h12M5 19c.6 5.400 5 9 11 9s10.400-3.600 11-9"/></svg>\
        <span>\(visit.service?.name ?? "Anchorpoint Guides")</span></a>
        \(visit.person == nil ? "<a href=\"/guides/sign-in\">Sign in</a>" : signOut(visit))
        </div>
        </header>
        \(navigation(visit))
        <main id="main" class="wrap" tabindex="-1">
        \(notice.map { "<div class=\"notice\" role=\"status\">\($0)</div>" as HTML })
        \(body)
        </main>
        <footer class="site"><div class="wrap"><p>Where Anchorpoint does not know whether a guide is free, it says busy.</p>\
        </div></footer>
        </body>
        </html>
        """
    }

    private func signOut(_ visit: GuideVisit) -> HTML {
        """
        <form method="post" action="/guides/sign-out">\(Fields.token(visit))<button class="quiet">Sign out</button></form>
        """
    }

    private func navigation(_ visit: GuideVisit) -> HTML {
        guard visit.person != nil else { return .nothing }
        let office = visit.service != nil && visit.isOffice ? Section.office : []
        let more: [Section] = visit.member?.roles.contains(.owner) == true ? [.settings] : []
        let own = visit.service == nil || visit.member?.roles.contains(.guide) == true ? Section.own : []
        let slug = visit.service?.slug ?? ""
        return """
            <nav class="tabs wrap" aria-label="Sections"><ul>
            \((office + more + own).html { one in
                """
                <li><a href="\(one.path(of: slug))"\(one == section ? " aria-current=\"page\"" as HTML : HTML.nothing)>\(one.rawValue)</a></li>

                """
            })</ul></nav>
            """
    }
}

/// The addresses of pages; what comes from data is escaped.
enum GuidePath {
    static func service(_ slug: String) -> String { "/guides/services/" + PercentCoding.encodeSegment(slug) }

    static func trip(_ trip: TripID, of slug: String) -> String {
        service(slug) + "/trips/" + PercentCoding.encodeSegment(trip.value)
    }

    static func guests(_ slug: String) -> String { "/s/" + PercentCoding.encodeSegment(slug) }
}
