import CivilTime
import PageKit
import Season
import Staffing
import Trips

/// One trip, for the office.
struct TripPage: Sendable {
    let service: GuideService
    let stored: StoredTrip
    let zone: Zone
    let members: [Member]
    let crew: [Assignment]
    let parties: [PartyLine]
    let answer: CrewAnswer?

    private var trip: Trip { stored.trip }
    private var path: String { GuidePath.trip(trip.id, of: service.slug) }
    private var times: TimeWords { TimeWords(zone: zone) }

    func body(for visit: GuideVisit) -> HTML {
        let missing = OpenTrip.missing(of: stored, crew: crew)
        let state: HTML =
            trip.state == .cancelled
            ? "<span class=\"state off\">cancelled</span>"
            : missing.isEmpty
                ? "<span class=\"state ok\">crew complete</span>"
                : "<span class=\"state warn\">\(OpenTrip(stored: stored, missing: missing).words) missing</span>"
        return """
            <div class="page-head"><div><h1>\(trip.title)</h1><p class="sub">\(times.span(trip.period))</p></div>\(state)</div>
            <div class="columns"><div class="stack">
            <dl class="facts"><dt>Where</dt><dd>\(trip.place.name), \(trip.place.zone.name)</dd><dt>Seats</dt>\
            <dd>\(stored.seatsTaken) taken, \(stored.seatsLeft) left</dd><dt>Ratio</dt>\
            <dd>\(trip.clientsPerGuide) guests for each guide</dd><dt>Needs</dt><dd>\(needs)</dd>\
            \(trip.price.map { "<dt>Price</dt><dd>\(PriceWords.text($0))</dd>" as HTML })</dl>
            <section><h2>Crew</h2>\(crewList(visit))
            <p><a href="\(path)/crew-sheet">Crew sheet, to print</a></p></section>
            <section><h2>Guests</h2>\(guests(visit))</section>
            \(trip.state == .cancelled ? HTML.nothing : changes(visit))</div>
            <section id="who"><h2>Who can run this?</h2>\(answer.map { who($0, visit) })</section></div>
            """
    }

    private var needs: String {
        trip.needs(forGuests: stored.seatsTaken).map { need in
            "\(need.count) \(need.role.words)"
                + (need.qualifications.isEmpty ? "" : " with \(need.qualifications.sorted().joined(separator: ", "))")
        }.joined(separator: "; ")
    }

    private func name(_ person: PersonID) -> String {
        members.first { $0.person == person }?.name ?? "Somebody who left"
    }

    private func crewList(_ visit: GuideVisit) -> HTML {
        guard !crew.isEmpty else { return "<p class=\"empty\">Nobody yet.</p>" }
        return """
            <ul class="list">\(crew.html { place in
                """
                <li><div class="main"><p><b>\(name(place.guide))</b>, \(place.role.words)</p>\
                \(place.override.map { "<p class=\"sub\">In spite of a conflict, by \(name($0.by)): \($0.reason)</p>" as HTML })\
                \(place.deadline.map { "<p class=\"sub\">to answer by \(times.moment($0))</p>" as HTML })</div>\
                <span class="state \(place.state.tone)">\(place.state.rawValue)</span>\
                \(place.state.holdsTime ? Fields.button(
                    visit, GuidePath.service(service.slug) + "/board/remove", "Take \(name(place.guide)) off", style: "quiet",
                    [("assignment", place.id.value), ("from", "trip"), ("trip", trip.id.value)]) : HTML.nothing)</li>
                """
            })</ul>
            """
    }

    private func guests(_ visit: GuideVisit) -> HTML {
        guard !parties.isEmpty else { return "<p class=\"empty\">No guests yet.</p>" }
        return """
            <ul class="list">\(parties.html { line in
                let party = line.party.party
                let who = line.name ?? "Somebody who is deciding"
                return """
                    <li><div class="main"><p><b>\(who)</b>, party of \(party.size)</p>\
                    <p class="sub">\(line.email ?? "")\(line.phone.map { " · " + $0 } ?? "")</p></div>\
                    <span class="state \(party.state.tone)">\(party.state.words)</span>
                    \(party.state == .requested ? Fields.button(
                        visit, path + "/parties", "Accept \(who)", [("party", party.id.value), ("to", "accept")]) : HTML.nothing)\
                    \(Fields.button(
                        visit, path + "/parties", "Cancel \(who)", style: "quiet", [("party", party.id.value), ("to", "cancel")]))</li>
                    """
            })</ul>
            """
    }

    private func changes(_ visit: GuideVisit) -> HTML {
        let civil = zone.civil(at: trip.period.start)
        return """
            <section><h2>Move or cancel</h2><form method="post" action="\(path)/move" class="inline">\(Fields.token(visit))
            \(Fields.input("day", "First day", type: "date", value: TimeWords.iso(civil.date)))
            \(Fields.input("start", "Starts at, \(times.city) time", type: "time", value: TimeWords.clock(civil.secondOfDay)))
            <button>Move</button></form>
            <details><summary>Cancel the trip</summary><p>Its crew is freed and its guests are cancelled.</p>
            \(Fields.button(visit, path + "/cancel", "Cancel the trip", style: "danger"))</details></section>
            """
    }

    private func who(_ answer: CrewAnswer, _ visit: GuideVisit) -> HTML {
        CrewWords(members: members, onTrip: Set(crew.filter(\.state.holdsTime).map(\.guide)), zone: zone).answer(answer)
        { guide, role in
            """
            <div class="row">\(Fields.button(
                visit, GuidePath.service(service.slug) + "/board/assign", "Assign \(name(guide))",
                [("trip", trip.id.value), ("guide", guide.value), ("role", role.rawValue), ("from", "trip")]))\
            \(Fields.button(
                visit, GuidePath.service(service.slug) + "/board/assign", "Ask \(name(guide))", style: "quiet",
                [("trip", trip.id.value), ("guide", guide.value), ("role", role.rawValue), ("from", "trip"), ("asks", "1")]))</div>
            """
        }
    }
}

extension Assignment.State {
    var tone: String {
        switch self {
        case .accepted: "ok"
        case .asked: "wait"
        case .declined, .expired: "bad"
        case .cancelled: "off"
        }
    }
}

extension Party.State {
    var tone: String {
        switch self {
        case .booked: "ok"
        case .held, .requested: "wait"
        case .cancelled, .expired: "off"
        }
    }

    var words: String {
        switch self {
        case .held: "deciding"
        case .requested: "requested"
        case .booked: "booked"
        case .cancelled: "cancelled"
        case .expired: "not taken"
        }
    }
}

enum PriceWords {
    /// `USD 145.00`.
    static func text(_ price: Price) -> String {
        "\(price.currency) \(amount(price.amount)), deposit \(amount(price.deposit))"
    }

    private static func amount(_ minor: Int64) -> String {
        let (whole, rest) = minor.quotientAndRemainder(dividingBy: 100)
        return "\(whole).\(TimeWords.two(Int(abs(rest))))"
    }
}
