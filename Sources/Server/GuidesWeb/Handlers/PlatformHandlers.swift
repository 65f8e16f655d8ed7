import HTTPTypes
import Integrations
import PageKit
import Sealing
import Season
import Trips

/// Where a service's calendars come from: this server, another one, or hosted Cronofy in a named region, with credentials
/// of the service's own. A switch is shown before it is done, and done only as it was shown.
struct PlatformHandlers: Sendable {
    let services: GuidesServices

    func show(_ visit: GuideVisit) async throws -> Answer {
        let service = try visit.theService()
        let choices = try await services.switching.choices(of: service.id)
        let base = path(service)
        let others = choices.all.filter { $0.id != choices.now?.id }
        let places =
            [("server", "Another server of the Cronofy API")]
            + CalendarBackend.regions.map { ($0, "Hosted Cronofy in \($0.uppercased())") }
        return GuidePage(
            "Calendar platform", section: .settings,
            notice: visit.query["switched"] == nil ? nil : "<p>Switched. Guides are asked to link again.</p>",
            body: """
                <div class="stack"><h1>Calendar platform</h1><dl class="facts"><dt>Calendars come from</dt>\
                <dd data-platform>\(choices.now?.name ?? "nowhere yet")</dd><dt>Region</dt>\
                <dd>\(service.region.map { "pinned to \($0.uppercased())" } ?? "not pinned")</dd></dl>
                \(others.isEmpty ? HTML.nothing : """
                    <section><h2>Switch to</h2><ul class="list">\(others.html { one in
                        """
                        <li><div class="main"><p><b>\(one.name)</b></p><p class="sub">application \(one.clientID); read \
                        \(one.limits.daysAhead) days ahead</p></div><a class="button" href="\(preview(one.id, service))">\
                        See what would change</a></li>
                        """
                    })</ul></section>
                    """)
                <section><h2>Add a platform</h2><form method="post" action="\(base)" class="card">\(Fields.token(visit))
                <p>Register an application there, and enter what you are given. Nothing changes yet.</p>
                <dl class="facts"><dt>Its redirect address</dt><dd>\(services.publicURL)/guides/calendars/linked</dd></dl>
                <div class="two">\(Fields.select("place", "Where", places))\(Fields.input(
                    "address", "Address", type: "url", hint: "Of another server, such as https://calendars.example.com",
                    isRequired: false))
                \(Fields.input("client", "Client id"))\(Fields.input("secret", "Client secret", type: "password"))</div>
                <button>Add it</button></form></section></div>
                """
        ).answer(for: visit)
    }

    func add(_ visit: GuideVisit) async throws -> Answer {
        let (service, person) = (try visit.theService(), try visit.thePerson())
        guard let client = visit.form["client"], client.utf8.count <= 200 else {
            throw SeasonError.invalid("client", "wants a client id of 1 to 200 bytes")
        }
        guard let secret = visit.form.exact("secret"), (1...500).contains(secret.utf8.count) else {
            throw SeasonError.invalid("secret", "wants a client secret of 1 to 500 bytes")
        }
        let kind: CalendarBackend.Kind
        switch visit.form["place"] {
        case "server":
            guard let address = visit.form["address"], address.utf8.count <= 500 else {
                throw SeasonError.invalid("address", "wants the address of the server, such as https://calendars.example.com")
            }
            kind = .server(apiURL: address, appURL: address)
        case let place?: kind = .hosted(region: place)
        case nil: throw SeasonError.invalid("place", "wants another server or a region")
        }
        do {
            let made = try await services.backends.add(
                kind, clientID: client, clientSecret: Secret(secret), for: (service.id, person))
            return .seeOther(preview(made.id, service))
        } catch BackendFault.noSuchRegion {
            throw SeasonError.invalid(
                visit.form["place"] == "server" ? "address" : "place",
                "wants an http or https address, or one of \(CalendarBackend.regions.joined(separator: ", "))")
        }
    }

    func preview(_ visit: GuideVisit) async throws -> Answer {
        let service = try visit.theService()
        guard let chosen = visit.query["backend"] else { return .seeOther(path(service)) }
        return try await previewPage(visit, try await plan(service, to: chosen), notice: nil)
    }

    private func previewPage(
        _ visit: GuideVisit, _ plan: BackendSwitch.Plan, notice: HTML?, status: HTTPResponse.Status = .ok
    ) async throws -> Answer {
        let service = try visit.theService()
        let names = Dictionary(
            try await services.store.members(of: service.id).map { ($0.person, $0.name) },
            uniquingKeysWith: { one, _ in one })
        let target = try await services.switching.choices(of: service.id).all.first { $0.id == plan.to }
        let again = plan.mustLinkAgain.map { names[$0] ?? "Somebody who left" }
        return GuidePage(
            "Switch the calendar platform", section: .settings, notice: notice,
            body: """
                <section class="narrow stack"><h1>Switch to \(target?.name ?? "it")?</h1>
                <dl class="facts"><dt>Must link again</dt><dd>\(again.isEmpty ? "nobody" : again.joined(separator: ", "))</dd>
                <dt>Links that end</dt><dd>\(plan.endingLinks.count)</dd>
                <dt>Busy times that go</dt><dd>\(plan.rowsThatGo), read from those calendars</dd>
                <dt>What stays</dt><dd data-stays="\(plan.rowsThatStay)">\(plan.rowsThatStay) blocks and assignments, and all \
                trips</dd><dt>Trips’ events</dt><dd>\(plan.tripEvents) are written again into the calendars that guides link</dd>\
                </dl><p>Until a guide has linked again, blocks by hand and trips alone say when they are busy.</p>
                \(Fields.button(
                    visit, path(service) + "/switch", "Switch", style: "primary",
                    [("backend", plan.to.value), ("stamp", plan.stamp)]))
                <p><a class="button" href="\(path(service))">Leave it as it is</a></p></section>
                """
        ).answer(for: visit, status: status)
    }

    /// Does what was shown; where that is no longer what would happen, shows the new plan.
    func change(_ visit: GuideVisit) async throws -> Answer {
        let (service, person) = (try visit.theService(), try visit.thePerson())
        let plan = try await plan(service, to: visit.form["backend"] ?? "")
        do {
            guard plan.stamp == visit.form["stamp"] else { throw SwitchFault.changedMeanwhile }
            try await services.switching.perform(plan, by: person)
        } catch SwitchFault.changedMeanwhile {
            return try await previewPage(
                visit, plan, notice: "<p>Something has changed since. This is what a switch would do now.</p>",
                status: .conflict)
        }
        return .seeOther(path(service) + "?switched=1")
    }

    private func plan(_ service: GuideService, to backend: String) async throws -> BackendSwitch.Plan {
        do { return try await services.switching.plan(service.id, to: BackendID(backend)) } catch BackendFault.unknown {
            throw GuideFailure.notFound
        }
    }

    private func path(_ service: GuideService) -> String { GuidePath.service(service.slug) + "/platform" }

    private func preview(_ backend: BackendID, _ service: GuideService) -> String {
        path(service) + "/preview?backend=" + PercentCoding.encodeSegment(backend.value)
    }
}

extension BackendSwitch.Plan {
    /// The same for as long as the switch would do the same.
    fileprivate var stamp: String { Crypto.hex(Crypto.sha256(String(describing: self))) }
}
