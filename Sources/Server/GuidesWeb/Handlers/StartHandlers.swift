import HTTPTypes
import PageKit
import Season
import Trips

/// Where people begin, and the files that every page uses.
struct StartHandlers: Sendable {
    let services: GuidesServices

    /// One's services; who has one only is brought to where their day begins.
    func start(_ visit: GuideVisit) async throws -> Answer {
        guard let person = visit.person else { return welcome(visit) }
        let places = try await services.store.memberships(of: person).filter(\.isActive)
        if places.count == 1, let only = places.first { return .seeOther(try await home(only)) }
        var rows = HTML.nothing
        for place in places {
            guard let service = try await services.store.service(place.service) else { continue }
            rows += """
                <li><div class="main"><h2><a href="\(try await home(place))">\(service.name)</a></h2>
                <p class="sub">\(place.roles.map(\.words).sorted().joined(separator: ", "))</p></div></li>
                """
        }
        return GuidePage(
            "Your services",
            body: """
                <h1>Your services</h1>
                \(places.isEmpty ? Self.none : "<ul class=\"list\">\(rows)</ul>" as HTML)
                """
        ).answer(for: visit)
    }

    private static let none: HTML = """
        <p class="empty">You are in no service. Whoever runs one can invite you by your e-mail address.</p>
        """

    private func home(_ member: Member) async throws -> String {
        guard member.roles.contains(where: \.isOffice), let service = try await services.store.service(member.service)
        else { return "/guides/me/agenda" }
        return GuidePath.service(service.slug) + "/board"
    }

    private func welcome(_ visit: GuideVisit) -> Answer {
        GuidePage(
            "Guide services",
            body: """
                <section class="narrow stack"><div><h1>Run a season on guides’ own calendars</h1>
                <p class="lead">Guides link their calendars once. The office sees who can really lead a trip, nobody is \
                booked twice, and guests book real dates.</p></div>
                <p class="row"><a class="button primary" href="/guides/sign-in">Sign in</a>\
                \(services.isSample ? Self.sampleLinks : HTML.nothing)</p></section>
                """
        ).answer(for: visit)
    }

    private static let sampleLinks: HTML = """
        <a class="button" href="/guides/sign-in-as">Sign in as somebody of the sample</a>\
        <a class="button" href="/s/basalt-ridge">Book as a guest of the sample</a>
        """

    /// Letters that no mail server took: on a machine for development.
    func letters(_ visit: GuideVisit) async throws -> Answer {
        guard services.showsLetters else { throw GuideFailure.notFound }
        let letters = try await services.store.letters()
        return GuidePage(
            "Letters",
            body: """
                <h1>Letters</h1><p class="lead">No mail server is set (ANCHORPOINT_SMTP_URL), so letters are kept here.</p>
                \(letters.isEmpty ? "<p class=\"empty\">No letters yet.</p>" as HTML : HTML.nothing)
                <ul class="list">\(letters.html { letter in
                    """
                    <li><div class="main"><h2>\(letter.subject)</h2><p class="sub">to \(letter.to)</p>
                    <pre>\(Self.linked(letter.body))</pre></div></li>
                    """
                })</ul>
                """
        ).answer(for: visit)
    }

    /// Addresses of this server as links.
    private static func linked(_ text: String) -> HTML {
        HTML(
            text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                line.hasPrefix("http://") || line.hasPrefix("https://")
                    ? "<a href=\"\(line)\">\(line)</a>\n" : "\(line)\n"
            })
    }

    func styles(_ visit: GuideVisit) -> Answer { .asset(GuideStyles.text, type: "text/css; charset=utf-8") }

    func script(_ name: GuideScripts.Name) -> Answer { .asset(name.text, type: "text/javascript; charset=utf-8") }

    func worker(_ visit: GuideVisit) -> Answer {
        var answer = Answer(status: .ok, contentType: "text/javascript; charset=utf-8", body: GuideScripts.worker)
        // The policy that a worker comes with is the one its own requests are held to.
        answer.hasScript = true
        return answer
    }

    func manifest(_ visit: GuideVisit) -> Answer {
        Answer(status: .ok, contentType: "application/manifest+json", body: GuideScripts.manifest)
    }
}

extension Role {
    var words: String {
        switch self {
        case .owner: "owner"
        case .officeManager: "office manager"
        case .guide: "guide"
        }
    }
}
