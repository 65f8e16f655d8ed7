import CivilTime
import HTTPTypes
import Integrations
import PageKit
import Sealing
import Season
import StorageKit
import Trips

/// What the office runs a service with: members, calendars' health, audit, settings, templates.
struct OfficeHandlers: Sendable {
    let services: GuidesServices

    private var store: SeasonStore { services.store }

    /// Each guide's calendars: how they stand, how old what we know is, and the trips that are at risk.
    func health(_ visit: GuideVisit) async throws -> Answer {
        let (service, now) = (try visit.theService(), services.now)
        let members = try await store.members(of: service.id).filter { $0.isActive && $0.roles.contains(.guide) }
        let known = try await store.database.read { session in
            try members.map { try GuideCalendars.of($0.person, for: service.id, now: now, in: session) }
        }
        return GuidePage(
            "Calendars", section: .health,
            body: """
                <h1>Calendars</h1>
                \(members.isEmpty ? "<p class=\"empty\">No guides yet.</p>" as HTML : HTML.nothing)
                <ul class="list">\(zip(members, known).map { ($0, $1) }.html { member, calendars in
                    """
                    <li><div class="main"><h2>\(member.name)</h2><p class="sub">\(Self.sources(calendars, now: now))</p>
                    \(calendars.tripsAtRisk.isEmpty ? HTML.nothing
                        : "<p>Trips at risk: \(calendars.tripsAtRisk.map(\.title).joined(separator: ", "))</p>" as HTML)</div>
                    \(Self.state(calendars))</li>
                    """
                })</ul>
                """
        ).answer(for: visit)
    }

    /// Names of accounts are the guide's own; the office learns how many there are and how old what they say is.
    private static func sources(_ calendars: GuideCalendars, now: Instant) -> String {
        guard let read = calendars.asOf else {
            return calendars.integrations.isEmpty ? "Only what is blocked by hand counts." : "Not read yet."
        }
        let count = calendars.integrations.count
        return "\(count) account\(count == 1 ? "" : "s"), read \(TimeWords.age(max(now.seconds - read.seconds, 0)))"
    }

    private static func state(_ calendars: GuideCalendars) -> HTML {
        guard let standing = calendars.standing else { return "<span class=\"state off\">no calendar linked</span>" }
        switch standing.state {
        case .connected: return "<span class=\"state ok\">connected</span>"
        case .failing: return "<span class=\"state warn\">\(standing.cause?.sentence ?? "failing")</span>"
        case .disconnected: return "<span class=\"state bad\">\(standing.cause?.sentence ?? "disconnected")</span>"
        }
    }

    func members(_ visit: GuideVisit) async throws -> Answer {
        let service = try visit.theService()
        let isOwner = visit.member?.roles.contains(.owner) == true
        let members = try await store.members(of: service.id)
        let waiting = try await store.pendingInvitations(of: service.id)
        let base = GuidePath.service(service.slug) + "/members"
        let roles = Role.allCases.map { (value: $0.rawValue, label: $0.words) }
        let zone = services.zone(service.zone)
        return GuidePage(
            "Members", section: .members, notice: visit.query["done"] == nil ? nil : "<p>Done.</p>",
            body: """
                <h1>Members</h1>
                \(isOwner ? """
                    <form method="post" action="\(base)/invite" class="card inline">\(Fields.token(visit))
                    \(Fields.input("email", "E-mail", type: "email"))\(Fields.select("role", "As", roles, selected: "GUIDE"))
                    <button class="primary">Invite</button></form>
                    """ : HTML.nothing)
                \(waiting.isEmpty ? HTML.nothing : """
                    <h2>Invited</h2><ul class="list">\(waiting.html { one in
                        """
                        <li><div class="main"><p><b>\(one.email)</b>, \(one.role.words)</p><p class="sub">until \
                        \(TimeWords(zone: zone).moment(one.expires))</p></div>\(isOwner ? """
                            <div class="row">\(Fields.button(
                                visit, base + "/invitations", "Send again to \(one.email)", [("invitation", one.id), ("to", "resend")]))\
                            \(Fields.button(
                                visit, base + "/invitations", "Cancel for \(one.email)", style: "quiet",
                                [("invitation", one.id), ("to", "cancel")]))</div>
                            """ : HTML.nothing)</li>
                        """
                    })</ul>
                    """)
                <h2>In the service</h2><ul class="list">\(members.html { member in
                    """
                    <li><div class="main"><h3>\(member.name)</h3><p class="sub">\(member.email) · \
                    \(member.roles.map(\.words).sorted().joined(separator: ", "))</p></div>
                    \(member.isActive ? "<span class=\"state ok\">active</span>" as HTML : "<span class=\"state off\">inactive</span>")
                    \(isOwner && member.person != visit.person ? Fields.button(
                        visit, base, member.isActive ? "Make \(member.name) inactive" : "Make \(member.name) active", style: "quiet",
                        [("person", member.person.value), ("active", member.isActive ? "0" : "1")]) : HTML.nothing)</li>
                    """
                })</ul>
                """
        ).answer(for: visit)
    }

    func changeMember(_ visit: GuideVisit) async throws -> Answer {
        let service = try visit.theService()
        let person = PersonID(visit.form["person"] ?? "")
        guard person != visit.person,
            let member = try await store.members(of: service.id).first(where: { $0.person == person })
        else { throw GuideFailure.notFound }
        try await store.setMember(
            person, of: service.id, roles: member.roles, isActive: visit.form["active"] == "1",
            by: .person(try visit.thePerson()))
        return .seeOther(GuidePath.service(service.slug) + "/members?done=1")
    }

    func invite(_ visit: GuideVisit) async throws -> Answer {
        let (service, person) = (try visit.theService(), try visit.thePerson())
        guard let role = Role(rawValue: visit.form["role"] ?? ""), let email = visit.form["email"] else {
            throw SeasonError.invalid("email", "and a role are needed")
        }
        if case .sent(let token) = try await store.invite(email: email, as: role, to: service.id, by: person) {
            try await send(token.reveal(), to: email.lowercased(), service: service, role: role)
        }
        return .seeOther(GuidePath.service(service.slug) + "/members?done=1")
    }

    func changeInvitation(_ visit: GuideVisit) async throws -> Answer {
        let (service, person) = (try visit.theService(), try visit.thePerson())
        let id = visit.form["invitation"] ?? ""
        switch visit.form["to"] {
        case "resend":
            let again = try await store.resendInvitation(id, of: service.id, by: person)
            try await send(again.token.reveal(), to: again.email, service: service, role: nil)
        case "cancel": try await store.cancelInvitation(id, of: service.id, by: person)
        default: throw GuideFailure.notFound
        }
        return .seeOther(GuidePath.service(service.slug) + "/members?done=1")
    }

    private func send(_ token: String, to email: String, service: GuideService, role: Role?) async throws {
        try await store.send(
            to: email, subject: "Join \(service.name)",
            body: """
                \(service.name) invites you\(role.map { " as " + $0.words } ?? ""). This link holds for 14 days:

                \(services.publicURL)/guides/invitations/\(token)
                """, of: service.id)
    }

    /// What was written to people of the service, and what became of it. Never what the letters say: they hold links.
    func letters(_ visit: GuideVisit) async throws -> Answer {
        let service = try visit.theService()
        let letters = try await store.letters(of: service.id)
        let times = TimeWords(zone: services.zone(service.zone))
        return GuidePage(
            "Letters", section: .letters,
            body: """
                <h1>Letters</h1><p class="lead">What was written to guides and guests, and whether a mail server took it.</p>
                \(letters.isEmpty ? "<p class=\"empty\">No letters yet.</p>" as HTML : HTML.nothing)
                <ul class="list">\(letters.html { letter in
                    """
                    <li><div class="main"><h2>\(letter.subject)</h2><p class="sub">to \(letter.to), written \
                    \(times.moment(letter.created))</p>\(letter.trouble.map { "<p class=\"warn-text\">\($0)</p>" as HTML })</div>
                    \(Self.state(letter, times))</li>
                    """
                })</ul>
                """
        ).answer(for: visit)
    }

    private static func state(_ letter: Letter, _ times: TimeWords) -> HTML {
        switch letter.state {
        case .sent(let at): "<span class=\"state ok\">sent \(times.moment(at))</span>"
        case .waiting:
            "<span class=\"state \(letter.trouble == nil ? "off" : "warn")\">\(letter.trouble == nil ? "waits" : "tried again")</span>"
        case .refused: "<span class=\"state bad\">not delivered</span>"
        }
    }

    func audit(_ visit: GuideVisit) async throws -> Answer {
        let service = try visit.theService()
        let newest = try await store.version(of: service.id)
        let after = visit.query["after"].flatMap { Int64($0) } ?? max(newest - 100, 0)
        let entries = try await store.audit(of: service.id, after: after, limit: 100)
        let names = Dictionary(
            try await store.members(of: service.id).map { ($0.person.value, $0.name) },
            uniquingKeysWith: { one, _ in one })
        let times = TimeWords(zone: services.zone(service.zone))
        let base = GuidePath.service(service.slug) + "/audit"
        return GuidePage(
            "Audit", section: .audit,
            body: """
                <div class="page-head"><div><h1>Audit</h1><p class="sub">Lines are only ever added. Times in \
                \(service.zone.name).</p></div><p class="row">\(after > 0
                    ? "<a class=\"button\" href=\"\(base)?after=\(max(after - 100, 0))\">Earlier</a>" as HTML : HTML.nothing)\
                \((entries.last?.number ?? newest) < newest
                    ? "<a class=\"button\" href=\"\(base)?after=\(entries.last?.number ?? 0)\">Later</a>" as HTML : HTML.nothing)</p></div>
                <div class="scroll" tabindex="0" role="region" aria-label="Audit"><table class="plain"><thead><tr><th scope="col">Line</th>\
                <th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th></tr></thead><tbody>\
                \(entries.reversed().html { entry in
                    """
                    <tr><td>\(entry.number)</td><td>\(times.moment(entry.at))</td><td>\(names[entry.actor] ?? entry.actor)</td>\
                    <td>\(AuditWords.text(entry.change, names))</td></tr>

                    """
                })</tbody></table></div>
                """
        ).answer(for: visit)
    }

    func settings(_ visit: GuideVisit) async throws -> Answer {
        let service = try visit.theService()
        let base = GuidePath.service(service.slug)
        let policy = service.policy
        let templates = try await store.templates(of: service.id)
        return GuidePage(
            "Settings", section: .settings, notice: visit.query["saved"] == nil ? nil : "<p>Saved.</p>",
            body: """
                <div class="stack"><h1>Settings</h1>
                <form method="post" action="\(base)/settings" class="card">\(Fields.token(visit))<h2>\(service.name)</h2>
                <div class="two">\(Fields.input("name", "Name", value: service.name))
                \(Fields.input("contact", "Contact e-mail", type: "email", value: service.contactEmail))
                \(Fields.input("zone", "Time zone", value: service.zone.name, hint: "Such as America/Denver", id: "service-zone"))
                \(Fields.select("mode", "Guides’ calendars", CalendarMode.allCases.map { ($0.rawValue, $0.words) }, selected: service.mode.rawValue))
                \(Fields.select(
                    "region", "Calendar data stays", [("", "wherever its platform keeps it")]
                        + CalendarBackend.regions.map { ($0, "in \($0.uppercased()), if it is with hosted Cronofy") },
                    selected: service.region ?? ""))
                \(Fields.input("turnaround", "Minutes between two trips", type: "number", value: String(policy.turnaroundMinutes), min: 0, max: 10_080))
                \(Fields.input("rest", "Rest days between longer trips", type: "number", value: String(policy.restDays), min: 0, max: 60))
                \(Fields.input("answer", "Hours a guide has to answer", type: "number", value: String(policy.answerHours), min: 1, max: 720))</div>
                \(Fields.check("ratio", "Too few guides for the guests refuse a trip", isOn: policy.ratioIsHard))
                \(Fields.check("tentative", "Tentative events in guides’ calendars block", isOn: policy.tentativeBlocks))
                <button class="primary">Save</button></form>
                <section><h2>Calendar platform</h2><p>Guides’ calendars come from this server, from another one, or from hosted \
                Cronofy. <a href="\(base)/platform">See or change where they come from</a>, and <a href="\(base)/costs">what they cost</a>.</p></section>
                <section><h2>Templates</h2>\(templates.isEmpty ? "<p class=\"empty\">No templates yet.</p>" as HTML : HTML.nothing)
                <ul class="list">\(templates.html { one in
                    """
                    <li><div class="main"><h3>\(one.title)</h3><p class="sub">\(one.place.name), \(one.place.zone.name) · \
                    \(one.timing.dayCount) day\(one.timing.dayCount == 1 ? "" : "s") · \(one.seats) seats\
                    \(one.price.map { " · " + PriceWords.text($0) } ?? "")</p></div></li>
                    """
                })</ul>
                <details><summary>New template</summary><form method="post" action="\(base)/templates" class="card">\
                \(Fields.token(visit))\(TripHandlers.draftFields(day: nil, zone: service.zone))\
                <button class="primary">Add the template</button></form></details></section>
                <section><h2>Guests’ page</h2><p>Guests book at <a href="\(GuidePath.guests(service.slug))">\
                \(services.publicURL)\(GuidePath.guests(service.slug))</a>. Other sites may show it in a frame.</p></section></div>
                """
        ).answer(for: visit)
    }

    func changeSettings(_ visit: GuideVisit) async throws -> Answer {
        var service = try visit.theService()
        func number(_ name: String, _ range: ClosedRange<Int>) throws -> Int {
            guard let value = visit.form[name].flatMap({ Int($0) }), range.contains(value) else {
                throw SeasonError.invalid(name, "wants a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return value
        }
        guard let name = visit.form["name"], name.utf8.count <= 200 else {
            throw SeasonError.invalid("name", "wants 1 to 200 bytes")
        }
        service.name = name
        service.contactEmail = visit.form["contact"] ?? service.contactEmail
        service.zone = ZoneID(visit.form["zone"] ?? "")
        service.mode = CalendarMode(rawValue: visit.form["mode"] ?? "") ?? service.mode
        service.region = try visit.form["region"].map { text in
            guard CalendarBackend.regions.contains(text) else {
                throw SeasonError.invalid("region", "wants one of \(CalendarBackend.regions.joined(separator: ", "))")
            }
            return text
        }
        try await services.switching.checkPin(service.region, of: service.id)
        service.policy.turnaroundMinutes = try number("turnaround", 0...10_080)
        service.policy.restDays = try number("rest", 0...60)
        service.policy.answerHours = try number("answer", 1...720)
        service.policy.ratioIsHard = visit.form["ratio"] != nil
        service.policy.tentativeBlocks = visit.form["tentative"] != nil
        try await store.update(service, by: .person(try visit.thePerson()))
        return .seeOther(GuidePath.service(service.slug) + "/settings?saved=1")
    }

    func addTemplate(_ visit: GuideVisit) async throws -> Answer {
        let service = try visit.theService()
        let day = services.zone(service.zone).civil(at: services.now).date
        _ = try await store.addTemplate(
            try TripHandlers.draft(visit.form, day: day), to: service.id, by: .person(try visit.thePerson()))
        return .seeOther(GuidePath.service(service.slug) + "/settings?saved=1")
    }
}

extension CalendarMode {
    var words: String {
        switch self {
        case .mirror: "kept here, read from here"
        case .live: "asked each time, nothing kept"
        case .hybrid: "kept for browsing, asked when it counts"
        }
    }
}
