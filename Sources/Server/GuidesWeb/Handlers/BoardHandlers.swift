import CivilTime
import HTTPTypes
import PageKit
import Planning
import Season
import Staffing
import Trips

/// The board, and putting guides on trips from it.
struct BoardHandlers: Sendable {
    let services: GuidesServices

    func show(_ visit: GuideVisit) async throws -> Answer {
        try await page(visit, month: visit.query["month"], notice: nil)
    }

    private func page(_ visit: GuideVisit, month text: String?, notice: HTML?) async throws -> Answer {
        let service = try visit.theService()
        let (zone, now) = (services.zone(service.zone), services.now)
        let month = MonthName(text) ?? MonthName(containing: zone.civil(at: now).date)
        let isSeason = visit.query["span"] == "season"
        let count = Int(month.adding(isSeason ? 3 : 1).first.dayNumber - month.first.dayNumber)
        let days = BoardDays(zone: zone, first: month.first, count: count)
        let kept = try await services.boards.board(of: service.id, days, store: services.store)
        let page = BoardPage(service: service, kept: kept, days: days, month: month, isSeason: isSeason, now: now)
        return GuidePage(
            "Board", section: .board, notice: notice ?? self.notice(visit, service), script: .board,
            body: page.body(for: visit)
        ).answer(for: visit)
    }

    /// What was just done, with the button that takes it back.
    private func notice(_ visit: GuideVisit, _ service: GuideService) -> HTML? {
        guard let done = visit.query["assigned"] else {
            return visit.query["removed"] == nil ? nil : "<p>Taken off.</p>"
        }
        return """
            <p>Assigned.</p>\(Fields.button(
                visit, GuidePath.service(service.slug) + "/board/remove", "Undo",
                [("assignment", done), ("month", visit.query["month"] ?? "")]))
            """
    }

    /// Puts a guide on a trip. Where something keeps them from it, says what, and offers to do it all the same under the
    /// visitor's name.
    func assign(_ visit: GuideVisit) async throws -> Answer {
        let (service, person) = (try visit.theService(), try visit.thePerson())
        guard let stored = try await services.store.trip(TripID(visit.form["trip"] ?? ""), of: service.id),
            let role = CrewRole(rawValue: visit.form["role"] ?? "")
        else { throw GuideFailure.notFound }
        let member = try GuideNames(try await services.store.members(of: service.id)).member(visit.form["guide"] ?? "")
        let guide = member.person
        let reason = visit.form["reason"]
        if visit.form["override"] != nil && reason == nil {
            return try await refusal(visit, stored.trip, member, role, note: "Please say why.")
        }
        do {
            let made = try await services.planning.assign(
                guide, to: stored.trip.id, of: service.id, role: role, asks: visit.form["asks"] != nil,
                override: reason.map { .init(by: person, reason: $0) }, by: .person(person))
            return .seeOther(back(visit, service) + "&assigned=" + PercentCoding.encodeSegment(made.id.value))
        } catch PlanningError.obstacles(_, let obstacles) {
            return try await refusal(visit, stored.trip, member, role, obstacles)
        } catch SeasonError.taken {
            return try await refusal(visit, stored.trip, member, role, note: "Their time has just been taken.")
        }
    }

    /// Takes a guide off a trip.
    func remove(_ visit: GuideVisit) async throws -> Answer {
        let (service, person) = (try visit.theService(), try visit.thePerson())
        try await services.store.remove(
            AssignmentID(visit.form["assignment"] ?? ""), of: service.id, by: .person(person))
        return .seeOther(back(visit, service) + "&removed=1")
    }

    /// The page that the form stood on: the board's month, or the trip.
    private func back(_ visit: GuideVisit, _ service: GuideService) -> String {
        if visit.form["from"] == "trip", let trip = visit.form["trip"] {
            return GuidePath.trip(TripID(trip), of: service.slug) + "?"
        }
        return GuidePath.service(service.slug) + "/board?month=" + (MonthName(visit.form["month"])?.text ?? "")
    }

    private func refusal(
        _ visit: GuideVisit, _ trip: Trip, _ guide: Member, _ role: CrewRole, _ obstacles: [Obstacle] = [],
        note: String? = nil
    ) async throws -> Answer {
        let service = try visit.theService()
        let zone = services.zone(trip.place.zone)
        let others = try await services.planning.alternatives(
            to: guide.person, on: trip.id, of: service.id, as: role)
        let names = Dictionary(
            try await services.store.members(of: service.id).map { ($0.person, $0.name) },
            uniquingKeysWith: { one, _ in one })
        return GuidePage(
            "Not assigned", section: .board, notice: note.map { "<p>\($0)</p>" },
            body: """
                <section class="narrow"><h1>\(guide.name) was not assigned</h1>
                <p class="lead">\(trip.title), \(TimeWords(zone: zone).span(trip.period))</p>
                <ul class="plain">\(obstacles.html { reason in
                    """
                    <li data-reason="\(reason.code)">\(guide.name) \(reason.sentence(in: zone)) \
                    (\(TimeWords(zone: zone).city) time). <span class="sub">\(reason.remedy)</span></li>
                    """
                })</ul>
                \(instead(others, of: trip, guide, role, names, visit, service))
                <p><a class="button" href="\(GuidePath.trip(trip.id, of: service.slug))#who">Who can run this?</a></p>
                <details\(note == nil ? HTML.nothing : " open" as HTML)><summary>Assign all the same, in my name</summary>
                <form method="post" action="\(GuidePath.service(service.slug))/board/assign">\(Fields.token(visit))
                \(Fields.hidden("guide", guide.person.value))\(["trip", "role", "month", "from", "asks"].html { name in
                    visit.form[name].map { Fields.hidden(name, $0) } ?? .nothing
                })\(Fields.hidden("override", "1"))
                \(Fields.input("reason", "Why", hint: "Kept in the audit, with your name."))
                <button>Assign \(guide.name)</button></form></details></section>
                """
        ).answer(for: visit, status: .conflict)
    }

    /// What can be done instead, each by one button.
    private func instead(
        _ others: Alternatives, of trip: Trip, _ guide: Member, _ role: CrewRole, _ names: [PersonID: String],
        _ visit: GuideVisit, _ service: GuideService
    ) -> HTML {
        let base = GuidePath.service(service.slug)
        return """
            <h2>Others who can</h2>\(others.guides.isEmpty ? "<p class=\"empty\">Nobody else is free for it.</p>" as HTML : HTML.nothing)
            <ul class="list" data-alternatives="guides">\(others.guides.html { other in
                let name = names[other] ?? "Somebody who left"
                return """
                    <li><div class="main"><p><b>\(name)</b></p></div>\(Fields.button(
                        visit, base + "/board/assign", "Assign \(name)",
                        [("trip", trip.id.value), ("guide", other.value), ("role", role.rawValue)]
                            + ["month", "from"].compactMap { key in visit.form[key].map { (key, $0) } }))</li>
                    """
            })</ul>
            <h2>Other days on which \(guide.name) can</h2>
            \(others.dates.isEmpty ? "<p class=\"empty\">None within six weeks.</p>" as HTML : HTML.nothing)
            <ul class="list" data-alternatives="dates">\(others.dates.html { other in
                let zone = TimeWords(zone: other.zone)
                let start = TimeWords.clock(other.zone.civil(at: other.span.period.start).secondOfDay)
                return """
                    <li><div class="main"><p>\(zone.span(other.span.period))</p></div>\(Fields.button(
                        visit, GuidePath.trip(trip.id, of: service.slug) + "/move",
                        "Move the trip to \(TimeWords.short(other.span.firstDay))", style: "quiet",
                        [("day", TimeWords.iso(other.span.firstDay)), ("start", start)]))</li>
                    """
            })</ul>
            """
    }
}
