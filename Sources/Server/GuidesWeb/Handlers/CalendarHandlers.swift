import CivilTime
import Integrations
import PageKit
import Season
import StorageKit
import Trips

/// A guide's own calendars: link them, choose what counts, pause, take away. The office has no such page: only the guide
/// does these things.
struct CalendarHandlers: Sendable {
    let services: GuidesServices

    func show(_ visit: GuideVisit) async throws -> Answer {
        let (guide, now) = (try visit.thePerson(), services.now)
        let calendars = try await services.store.database.read { try GuideCalendars.of(guide, now: now, in: $0) }
        let memberships = try await services.store.memberships(of: guide).filter { $0.isActive }
        return GuidePage(
            "My calendars", section: .calendars,
            body: """
                <div class="stack"><h1>My calendars</h1>
                <p class="lead">What stands in them makes you busy. Offices see that you are busy, never why.</p>
                \(risk(calendars))
                \(calendars.integrations.isEmpty
                    ? "<p class=\"empty\">No calendar is linked. Until one is, only what you block by hand counts.</p>" as HTML
                    : HTML.nothing)
                \(calendars.integrations.html { integration($0, of: calendars, visit) })
                <section class="card"><h2>Link a calendar</h2>
                <p class="sub">You are asked which one, and what it may be used for. Nothing is written but your trips.</p>
                \(memberships.isEmpty
                    ? "<p>Join a guide service first.</p>" as HTML
                    : Fields.button(
                        visit, "/guides/me/calendars/link", "Link a calendar", style: "primary",
                        [("service", memberships.first?.service.value ?? "")]))</section></div>
                """
        ).answer(for: visit)
    }

    private func risk(_ calendars: GuideCalendars) -> HTML {
        guard !calendars.tripsAtRisk.isEmpty else { return .nothing }
        return """
            <section class="card" role="alert"><h2>Trips at risk</h2><p>A calendar is cut off, so these trips may be booked
            over unnoticed.</p><ul class="plain">\(calendars.tripsAtRisk.html { "<li>\($0.title)</li>" })</ul></section>
            """
    }

    private func integration(
        _ integration: CalendarIntegration, of calendars: GuideCalendars, _ visit: GuideVisit
    ) -> HTML {
        let link = calendars.links.first { $0.id == integration.link }
        let read = link?.reading.readAt.map { "read \(max(services.now.seconds - $0.seconds, 0) / 60) min ago" }
        let path = "/guides/me/calendars/change"
        let zone = link?.zone?.name ?? "not said"
        return """
            <section class="card"><div class="page-head"><h2>\(integration.name)</h2>
            <p class="sub">\(integration.provider) · \(integration.isActive ? integration.standing.state.rawValue : "paused")\
             · \(read ?? "not read yet")</p></div>
            \(integration.standing.cause.map { "<p>\($0.sentence)</p>" as HTML } ?? HTML.nothing)
            \(integration.relinkURL.map { "<p><a class=\"button\" href=\"\($0)\">Link it again</a></p>" as HTML } ?? HTML.nothing)
            <ul class="plain">\(integration.calendars.filter { !$0.isDeleted }.html { calendar in
                """
                <li class="row">\(calendar.name) <span class="sub">\(calendar.counts ? "counts" : "does not count")</span>
                \(Fields.button(
                    visit, path, calendar.counts ? "Do not count \(calendar.name)" : "Count \(calendar.name)",
                    [
                        ("what", "counts"), ("link", integration.link.value), ("calendar", calendar.id),
                        ("value", calendar.counts ? "no" : "yes"),
                    ]))</li>
                """
            })</ul>
            <details><summary>What we received</summary><dl><dt>Profile</dt><dd>\(integration.externalID)</dd>
            <dt>Account</dt><dd>\(link?.account ?? "")</dd><dt>Time zone</dt><dd>\(zone)</dd></dl></details>
            <p class="row">\(Fields.button(
                visit, path, integration.isActive ? "Pause" : "Resume",
                [("what", "active"), ("integration", integration.id.value), ("value", integration.isActive ? "no" : "yes")]))
            \(Fields.button(visit, path, "Take it away", [("what", "remove"), ("integration", integration.id.value)]))</p>
            </section>
            """
    }

    /// Sends the browser to the calendar platform.
    func link(_ visit: GuideVisit) async throws -> Answer {
        let own = try OwnCalendars(of: try visit.thePerson(), actedOnBy: try visit.thePerson())
        let service = ServiceID(visit.form["service"] ?? "")
        guard try await services.store.memberships(of: own.guide).contains(where: { $0.service == service }) else {
            throw GuideFailure.notFound
        }
        return .leaving(to: try await services.linking.begin(own, for: service, session: visit.formToken))
    }

    /// Where the browser comes back to.
    func linked(_ visit: GuideVisit) async throws -> Answer {
        guard let state = visit.query["state"] else { throw GuideFailure.notFound }
        _ = try await services.linking.complete(
            code: visit.query["code"], error: visit.query["error"], state: state, session: visit.formToken,
            actor: try visit.thePerson())
        return .seeOther("/guides/me/calendars")
    }

    func change(_ visit: GuideVisit) async throws -> Answer {
        let own = try OwnCalendars(of: try visit.thePerson(), actedOnBy: try visit.thePerson())
        let (choices, isYes) = (services.choices, visit.form["value"] == "yes")
        let integration = IntegrationID(visit.form["integration"] ?? "")
        switch visit.form["what"] {
        case "counts":
            try await choices.set(
                counts: isYes, calendar: visit.form["calendar"] ?? "", of: LinkID(visit.form["link"] ?? ""), own)
        case "active": try await choices.set(active: isYes, integration: integration, own)
        case "remove": try await choices.remove(integration, own)
        default: throw GuideFailure.notFound
        }
        return .seeOther("/guides/me/calendars")
    }
}
