import CivilTime
import PageKit
import Planning
import Season
import Staffing
import Trips

/// A season's plan: how good it is, who would go on which trip, what stays open and why, and everybody's days and nights.
struct SeasonPlanPage: Sendable {
    let service: GuideService
    let question: SeasonPlanQuestion
    let names: [PersonID: String]
    let zone: @Sendable (ZoneID) -> Zone

    private var base: String { GuidePath.service(service.slug) + "/plan" }

    func body(_ run: SeasonPlanRuns.Run, changedSince: Bool, for visit: GuideVisit) -> HTML {
        """
        <div class="stack"><div class="page-head"><div><h1>Fill the season</h1><p class="sub">Crews for every trip without \
        a full one: as many places as can be filled, then days and nights as even as can be.</p></div></div>
        <form action="\(base)" class="inline card">\(Fields.input(
            "first", "First day", type: "date", value: TimeWords.iso(question.first)))\
        \(Fields.input("last", "Last day", type: "date", value: TimeWords.iso(question.last)))\
        \(Fields.input("seed", "Seed", type: "number", value: String(question.seed), min: 1))
        <button>Work it out</button></form>
        \(result(run, changedSince: changedSince, visit))</div>
        """
    }

    private func result(_ run: SeasonPlanRuns.Run, changedSince: Bool, _ visit: GuideVisit) -> HTML {
        switch run {
        case .failed:
            return """
                <p class="empty">This could not be worked out just now. <a href="\(base)?\(question.query)">Try again</a>.</p>
                """
        case .working(let share):
            let percent = Int(share * 100)
            return """
                <section class="card" data-working><h2 id="working">Being worked out</h2>
                <p><progress aria-labelledby="working" max="100" value="\(percent)"></progress> \(percent)%</p>
                <p class="sub">After \(SeasonPlanRuns.deadline.components.seconds) s at most, the best plan so far is shown. \
                This page looks again by itself; <a href="\(base)?\(question.query)">look now</a>.</p></section>
                """
        case .done(let made, let seconds):
            return plan(made, seconds, changedSince: changedSince, visit)
        }
    }

    private func plan(_ made: PlannedSeason, _ seconds: Double, changedSince: Bool, _ visit: GuideVisit) -> HTML {
        let plan = made.plan
        guard !plan.proposals.isEmpty || !plan.unfilled.isEmpty else {
            return "<p class=\"empty\">Every trip of these days has its crew.</p>"
        }
        return """
            \(changedSince ? """
                <p class="warn-text">The season has changed since this was worked out. \
                <a href="\(base)?\(question.query)&again=1">Work it out again</a>.</p>
                """ : HTML.nothing)
            <section><h2>The plan</h2><p class="lead">\(plan.explanation).</p>
            <dl class="facts"><dt>Proven best</dt><dd data-exact="\(plan.isExact ? "yes" : "no")">\(Self.exactness(plan))</dd>
            <dt>From</dt><dd>the season as of line \(made.version) of the audit, \
            seed \(plan.seed). The same two give the same plan.</dd><dt>Took</dt><dd>\(Self.text(seconds)) s</dd></dl></section>
            \(proposals(made, visit))\(unfilled(made))\(fairness(plan))
            """
    }

    private static func exactness(_ plan: SeasonPlan) -> String {
        if plan.isExact { return "yes" }
        return plan.isCutShort
            ? "no: looking was ended at its deadline, and a longer look may find a better one" : "no: the best one found"
    }

    /// With one digit after the point.
    private static func text(_ seconds: Double) -> String {
        let tenths = Int((seconds * 10).rounded(.up))
        return "\(tenths / 10).\(tenths % 10)"
    }

    private func proposals(_ made: PlannedSeason, _ visit: GuideVisit) -> HTML {
        guard !made.plan.proposals.isEmpty else { return .nothing }
        let byTrip = Dictionary(grouping: made.plan.proposals, by: \.trip)
        let trips = made.trips.values.map(\.trip).filter { byTrip[$0.id] != nil }
            .sorted { ($0.period.start, $0.id) < ($1.period.start, $1.id) }
        return """
            <section><h2>Crews</h2><form method="post" action="\(base)">\(Fields.token(visit))\(question.hidden)\
            \(Fields.hidden("version", String(made.version)))
            <ul class="list">\(trips.html { trip in
                """
                <li><div class="main"><h3><a href="\(GuidePath.trip(trip.id, of: service.slug))">\(trip.title)</a></h3>
                <p class="sub">\(TimeWords(zone: zone(trip.place.zone)).span(trip.period)) · \(trip.place.name)</p>
                \((byTrip[trip.id] ?? []).html(proposal))</div></li>
                """
            })</ul>
            <p class="row">\(Fields.select(
                "asks", "How", [("", "Assign at once"), ("1", "Ask; each may still say no")]))\
            <button class="primary">Accept what is chosen</button></p></form></section>
            """
    }

    private func proposal(_ one: Proposal) -> HTML {
        """
        <div class="field check"><label><input type="checkbox" name="place" value="\(SeasonPlanPlace(one).text)" checked> \
        <span><b>\(name(one.guide))</b>, \(one.role.words) <span class="sub">\(one.explanation)</span></span></label></div>
        """
    }

    private func unfilled(_ made: PlannedSeason) -> HTML {
        guard !made.plan.unfilled.isEmpty else { return .nothing }
        return """
            <section><h2>Stays open</h2><ul class="list">\(made.plan.unfilled.html { place -> HTML in
                guard let trip = made.trips[place.trip]?.trip else { return .nothing }
                let times = TimeWords(zone: zone(trip.place.zone))
                return """
                    <li><div class="main"><h3><a href="\(GuidePath.trip(trip.id, of: service.slug))#who">\(trip.title)</a></h3>
                    <p class="sub">\(times.span(trip.period)) · one \(place.need.role.words)</p>
                    <details><summary>Why nobody can</summary><ul class="plain">\(place.reasons.html { reason in
                        """
                        <li><b>\(name(reason.guide))</b>: \(reason.obstacles.map {
                            $0.sentence(in: times.zone)
                        }.joined(separator: "; "))</li>
                        """
                    })</ul></details></div></li>
                    """
            })</ul></section>
            """
    }

    private func fairness(_ plan: SeasonPlan) -> HTML {
        let loads = plan.loads.sorted { ($1.after, name($0.guide)) < ($0.after, name($1.guide)) }
        return """
            <section><h2>Days and nights</h2><div class="scroll" tabindex="0" role="region" aria-label="Days and nights of \
            each guide"><table class="plain"><thead><tr><th scope="col">Guide</th><th scope="col">Days now</th>\
            <th scope="col">with the plan</th><th scope="col">Nights now</th><th scope="col">with the plan</th></tr></thead>\
            <tbody>\(loads.html { load in
                """
                <tr><th scope="row">\(name(load.guide))</th><td>\(load.before.days)</td><td>\(load.after.days)</td>\
                <td>\(load.before.nights)</td><td>\(load.after.nights)</td></tr>
                """
            })</tbody></table></div></section>
            """
    }

    private func name(_ person: PersonID) -> String { names[person] ?? "Somebody who left" }
}

/// One proposed place as a form carries it: `trip|role|guide`. Ids have no such stroke.
struct SeasonPlanPlace: Hashable, Sendable {
    let trip: TripID
    let role: CrewRole
    let guide: PersonID

    init(_ proposal: Proposal) { (trip, role, guide) = (proposal.trip, proposal.role, proposal.guide) }

    init?(_ text: String) {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let role = CrewRole(rawValue: parts[1]) else { return nil }
        (trip, self.role, guide) = (TripID(parts[0]), role, PersonID(parts[2]))
    }

    var text: String { "\(trip.value)|\(role.rawValue)|\(guide.value)" }
}
