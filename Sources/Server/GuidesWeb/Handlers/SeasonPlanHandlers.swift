import HTTPTypes
import PageKit
import Planning
import Season
import Staffing
import Trips

/// Filling a season: the plan is worked out beside the page, shown, and accepted whole or in part. What is accepted is
/// checked place by place like any assignment.
struct SeasonPlanHandlers: Sendable {
    let services: GuidesServices

    func show(_ visit: GuideVisit) async throws -> Answer {
        let service = try visit.theService()
        let question = try question(visit.query, service)
        if visit.query["again"] != nil {
            services.plans.forget(service.id)
            return .seeOther(path(service, question))
        }
        let run = await services.plans.run(
            .init(service: service.id, window: question.window, seed: UInt64(question.seed)),
            planning: services.planning, pause: services.pause)
        var hasChanged = false
        if case .done(let made, _) = run { hasChanged = try await services.store.version(of: service.id) != made.version }
        let page = SeasonPlanPage(
            service: service, question: question, names: try await names(service), zone: { services.zone($0) })
        var answer = GuidePage(
            "Fill the season", section: .plan,
            notice: visit.query["undone"].flatMap { Int($0) }.map { "<p>\($0) taken off again.</p>" },
            body: page.body(run, changedSince: hasChanged, for: visit)
        ).answer(for: visit)
        if run.isWorking { answer.extra[.refresh] = "2" }
        return answer
    }

    func accept(_ visit: GuideVisit) async throws -> Answer {
        let (service, person) = (try visit.theService(), try visit.thePerson())
        let question = try question(visit.form, service)
        let places = visit.form.all("place").compactMap(SeasonPlanPlace.init)
        guard !places.isEmpty else { throw SeasonError.invalid("place", "wants one crew at least to be chosen") }
        var made: [Assignment] = []
        var refused: [(place: SeasonPlanPlace, reason: String)] = []
        for place in places {
            do {
                made.append(
                    try await services.planning.assign(
                        place.guide, to: place.trip, of: service.id, role: place.role, asks: visit.form["asks"] != nil,
                        by: .person(person)))
            } catch PlanningError.obstacles(_, let obstacles) {
                let zone = try await services.store.trip(place.trip, of: service.id).map { $0.trip.place.zone }
                let words = obstacles.map { $0.sentence(in: services.zone(zone ?? service.zone)) }
                refused.append((place, words.joined(separator: "; ")))
            } catch let error as SeasonError where error == .taken || error == .notFound {
                refused.append((place, error == .taken ? "has just been taken" : "is not there any more, or the trip is not"))
            }
        }
        if !made.isEmpty {
            try await services.store.recordPlan(
                first: question.first, last: question.last, seed: question.seed,
                version: visit.form["version"].flatMap { Int64($0) } ?? 0, places: made.count, of: service.id,
                by: .person(person))
        }
        services.plans.forget(service.id)
        return try await accepted(made, refused, question, visit)
    }

    private func accepted(
        _ made: [Assignment], _ refused: [(place: SeasonPlanPlace, reason: String)], _ question: SeasonPlanQuestion,
        _ visit: GuideVisit
    ) async throws -> Answer {
        let service = try visit.theService()
        let names = try await names(service)
        return GuidePage(
            "Fill the season", section: .plan,
            body: """
                <section class="narrow stack"><h1>\(made.count) of \(made.count + refused.count) accepted</h1>
                \(refused.isEmpty ? HTML.nothing : """
                    <h2>Not done</h2><ul class="list">\(refused.html { one in
                        """
                        <li><div class="main"><p><b>\(names[one.place.guide] ?? "Somebody who left")</b>, \(one.place.role.words) \
                        of <a href="\(GuidePath.trip(one.place.trip, of: service.slug))">this trip</a>: \(one.reason).</p></div></li>
                        """
                    })</ul>
                    """)
                <p class="row"><a class="button primary" href="\(GuidePath.service(service.slug))/board?span=season">Board</a>
                <a class="button" href="\(path(service, question))">What is still open</a></p>
                \(made.isEmpty ? HTML.nothing : """
                    <form method="post" action="\(GuidePath.service(service.slug))/plan/undo">\(Fields.token(visit))\
                    \(question.hidden)\(made.html { Fields.hidden("assignment", $0.id.value) })
                    <button class="quiet">Undo all \(made.count)</button></form>
                    """)</section>
                """
        ).answer(for: visit, status: made.isEmpty ? .conflict : .ok)
    }

    func undo(_ visit: GuideVisit) async throws -> Answer {
        let (service, person) = (try visit.theService(), try visit.thePerson())
        let question = try question(visit.form, service)
        let assignments = visit.form.all("assignment")
        for id in assignments {
            try await services.store.remove(AssignmentID(id), of: service.id, by: .person(person))
        }
        services.plans.forget(service.id)
        return .seeOther(path(service, question) + "&undone=\(assignments.count)")
    }

    private func question(_ values: FormValues, _ service: GuideService) throws -> SeasonPlanQuestion {
        try SeasonPlanQuestion(values, zone: services.zone(service.zone), now: services.now)
    }

    private func path(_ service: GuideService, _ question: SeasonPlanQuestion) -> String {
        GuidePath.service(service.slug) + "/plan?" + question.query
    }

    private func names(_ service: GuideService) async throws -> [PersonID: String] {
        Dictionary(
            try await services.store.members(of: service.id).map { ($0.person, $0.name) },
            uniquingKeysWith: { one, _ in one })
    }
}

extension HTTPField.Name {
    /// Browsers open the page again after so many seconds (HTML §4.2.5.3 names the field). The name is a valid one.
    fileprivate static var refresh: HTTPField.Name { HTTPField.Name("Refresh") ?? .retryAfter }
}
