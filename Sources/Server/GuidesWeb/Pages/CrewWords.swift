import CivilTime
import PageKit
import Season
import Staffing
import Trips

/// Who can run a trip, in words: crews, everybody who can, and for everybody else why not and what would change it.
struct CrewWords: Sendable {
    let names: [PersonID: String]
    let onTrip: Set<PersonID>
    let zone: Zone

    /// - Parameter onTrip: who is on the trip already, and is offered for it no more.
    init(members: [Member], onTrip: Set<PersonID> = [], zone: Zone) {
        self.onTrip = onTrip
        names = Dictionary(members.map { ($0.person, $0.name) }, uniquingKeysWith: { one, _ in one })
        self.zone = zone
    }

    private func name(_ person: PersonID) -> String { names[person] ?? "Somebody who left" }

    /// - Parameter assign: a form for a guide and a role, where there is a trip to assign to.
    func answer(_ answer: CrewAnswer, assign: ((PersonID, CrewRole) -> HTML)? = nil) -> HTML {
        let able = answer.able.filter { !onTrip.contains($0.guide) }
        let unable = answer.unable.filter { !onTrip.contains($0.guide) }
        return """
            \(answer.crews.isEmpty
            ? "<p class=\"empty\">No full crew: \(answer.openPlaces) place\(answer.openPlaces == 1 ? "" : "s") would stay empty.</p>"
            : crews(answer))
            \(able.isEmpty ? HTML.nothing : """
            <h3>Can</h3><ul class="list">\(able.html { guide in
                """
                <li><div class="main"><p><b>\(name(guide.guide))</b> <span class="sub">\(guide.load.days) days on trips this \
                season</span></p></div>\(guide.needs.first.map { need in
                    assign?(guide.guide, answer.needs[need].role) ?? HTML.nothing
                })</li>
                """
            })</ul>
            """)
            \(unable.isEmpty ? HTML.nothing : """
            <h3>Cannot, and why</h3><ul class="list">\(unable.html { guide in
                """
                <li><div class="main"><p><b>\(name(guide.guide))</b>: \(guide.fewest.enumerated().map { $0 }.html { index, reason in
                    "\(index > 0 ? "; " : "")<span data-reason=\"\(reason.code)\">\(reason.sentence(in: zone))</span>"
                }).</p>\(guide.nearMisses.first.map { near in
                    "<p class=\"sub\">Could if \(near.change.sentence(for: near.departure.timing)).</p>" as HTML
                })</div></li>
                """
            })</ul>
            """)
            """
    }

    private func crews(_ answer: CrewAnswer) -> HTML {
        """
        <h3>Best crews\(answer.isBelowRatio ? ", below the ratio" : "")</h3><ol class="list">\(answer.crews.prefix(3).html { crew in
            """
            <li><div class="main"><p>\(crew.members.map { "\(name($0.guide)) (\($0.role.words))" }.joined(separator: ", "))</p>
            <p class="sub">\(crew.explanation)</p></div></li>
            """
        })</ol>
        """
    }
}
