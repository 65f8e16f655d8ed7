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
        guard let window = days.window else { throw GuideFailure.notFound }
        let board = try await services.store.board(of: service.id, in: window)
        let page = BoardPage(service: service, board: board, days: days, month: month, isSeason: isSeason, now: now)
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
        let guide = PersonID(visit.form["guide"] ?? "")
        guard let stored = try await services.store.trip(TripID(visit.form["trip"] ?? ""), of: service.id),
            let role = CrewRole(rawValue: visit.form["role"] ?? ""),
            let member = try await services.store.members(of: service.id).first(where: { $0.person == guide })
        else { throw GuideFailure.notFound }
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
        let reasons = obstacles.isEmpty ? [Obstacle]() : obstacles
        return GuidePage(
            "Not assigned", section: .board, notice: note.map { "<p>\($0)</p>" },
            body: """
                <section class="narrow"><h1>\(guide.name) was not assigned</h1>
                <p class="lead">\(trip.title), \(TimeWords(zone: zone).span(trip.period))</p>
                <ul class="plain">\(reasons.html { reason in
                    """
                    <li data-reason="\(reason.code)">\(guide.name) \(reason.sentence(in: zone)) \
                    (\(TimeWords(zone: zone).city) time). <span class="sub">\(reason.remedy)</span></li>
                    """
                })</ul>
                <p><a class="button primary" href="\(GuidePath.trip(trip.id, of: service.slug))#who">Who can run this?</a></p>
                <details\(note == nil ? HTML.nothing : " open" as HTML)><summary>Assign all the same, in my name</summary>
                <form method="post" action="\(GuidePath.service(service.slug))/board/assign">\(Fields.token(visit))
                \(["trip", "guide", "role", "month", "from", "asks"].html { name in
                    visit.form[name].map { Fields.hidden(name, $0) } ?? .nothing
                })\(Fields.hidden("override", "1"))
                \(Fields.input("reason", "Why", hint: "Kept in the audit, with your name."))
                <button>Assign \(guide.name)</button></form></details></section>
                """
        ).answer(for: visit, status: .conflict)
    }
}
