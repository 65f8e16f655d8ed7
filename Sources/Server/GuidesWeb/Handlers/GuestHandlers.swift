import CivilTime
import HTTPTypes
import PageKit
import Planning
import Sealing
import Season
import Staffing
import Trips

/// What guests see: dates that are really free, seats held while they decide, and their booking behind a link. No script
/// is needed, and other sites may show these pages in a frame.
struct GuestHandlers: Sendable {
    let services: GuidesServices

    private var store: SeasonStore { services.store }

    // MARK: Dates

    func dates(_ visit: GuideVisit) async throws -> Answer {
        let service = try await service(of: visit)
        return try await datesPage(visit, service, title: service.name, lead: nil)
    }

    private func datesPage(
        _ visit: GuideVisit, _ service: GuideService, title: String, lead: String?, status: HTTPResponse.Status = .ok
    ) async throws -> Answer {
        let zone = services.zone(service.zone)
        let today = zone.civil(at: services.now).date
        let wanted = visit.query["month"] ?? visit.form["month"]
        var month = MonthName(wanted) ?? MonthName(containing: today)
        let guests = min(max((visit.query["guests"] ?? visit.form["guests"]).flatMap { Int($0) } ?? 2, 1), 500)
        let offered = GuestCalendar(services: services, service: service)
        var calendar = try await offered.offers(in: month, guests: guests)
        // Whoever was refused is shown the next dates there are.
        for later in 1...6 where status != .ok && calendar.allSatisfy(\.dates.isEmpty) {
            month = MonthName(containing: today).adding(later)
            calendar = try await offered.offers(in: month, guests: guests)
        }
        let path = GuidePath.guests(service.slug)
        return framed(
            GuidePage(
                title,
                body: """
                    <div class="stack"><div><h1>\(title)</h1>\(lead.map { "<p class=\"lead\">\($0)</p>" as HTML })</div>
                    <form class="inline card" action="\(path)">\(Fields.input(
                        "guests", "How many are you?", type: "number", value: String(guests), min: 1, max: 500))
                    \(Fields.hidden("month", month.text))<button>Show dates</button></form>
                    <div class="page-head"><h2>\(month.words)</h2><p class="row">\
                    \(month.first > today ? "<a class=\"button\" href=\"\(path)?month=\(month.adding(-1).text)&guests=\(guests)\">Earlier</a>" as HTML : HTML.nothing)\
                    <a class="button" href="\(path)?month=\(month.adding(1).text)&guests=\(guests)">Later</a></p></div>
                    \(calendar.allSatisfy(\.dates.isEmpty)
                        ? "<p class=\"empty\">No date in this month for \(guests). Look at a later month, or come with fewer.</p>" as HTML : HTML.nothing)
                    \(calendar.filter { !$0.dates.isEmpty }.html { offer in
                        """
                        <section><h3>\(offer.title)</h3><p class="sub">\(offer.place.name), times in \(offer.place.zone.name)\
                        \(offer.price.map { " · " + PriceWords.text($0) + " for each guest" } ?? "")</p>
                        <ul class="dates">\(offer.dates.html { date(visit, $0, offer, path, guests, month) })</ul></section>
                        """
                    })</div>
                    """
            ).answer(for: visit, status: status))
    }

    private func date(
        _ visit: GuideVisit, _ date: GuestDate, _ offer: GuestOffer, _ path: String, _ guests: Int, _ month: MonthName
    ) -> HTML {
        let span = date.departure.span
        let what: [(String, String)]
        let seats: String
        switch date.kind {
        case .join(let trip, let left): (what, seats) = ([("trip", trip.value)], "\(left) seats left")
        case .new:
            what = [("template", offer.template?.value ?? ""), ("day", TimeWords.iso(span.firstDay))]
            seats = "a departure of your own"
        }
        let words = TimeWords(zone: date.departure.zone).span(span.period)
        return """
            <li class="card"><p><b>\(words)</b></p><p class="sub seats">\(seats)</p>\(Fields.button(
                visit, path + "/hold", "Choose \(TimeWords.short(span.firstDay)) for \(guests)", style: "primary",
                what + [("guests", String(guests)), ("month", month.text)]))</li>
            """
    }

    // MARK: Holding

    func hold(_ visit: GuideVisit) async throws -> Answer {
        let service = try await service(of: visit)
        let guests = visit.form["guests"].flatMap { Int($0) } ?? 0
        guard
            services.attempts.allow("hold \(service.id) \(visit.headers[.userAgent] ?? "")", now: services.now)
                || guests > 0
        else { throw GuideFailure.tooMany }
        do {
            let party: Party
            if let trip = visit.form["trip"] {
                party = try await store.hold(guests, on: TripID(trip), of: service.id)
            } else {
                party = try await holdDeparture(visit, service, guests)
            }
            return .seeOther("\(GuidePath.guests(service.slug))/held/\(PercentCoding.encodeSegment(party.id.value))")
        } catch let error as SeasonError where error == .taken || error == .noSeats || error == .notFound {
            return try await datesPage(
                visit, service, title: "Somebody was faster",
                lead: "That date has just gone for a party of \(guests). These are still free.", status: .conflict)
        }
    }

    /// A departure of the guest's own, with the best crew that is free for it now.
    private func holdDeparture(_ visit: GuideVisit, _ service: GuideService, _ guests: Int) async throws -> Party {
        guard let day = TimeWords.date(iso: visit.form["day"]),
            let template = try await store.templates(of: service.id).first(where: {
                $0.id.value == visit.form["template"]
            })
        else { throw SeasonError.notFound }
        let zone = services.zone(template.place.zone)
        let departure = try Departure(template.timing.moved(to: day), at: template.place, in: zone)
        guard departure.span.period.start > services.now else { throw SeasonError.notFound }
        do {
            return try await services.planning.holdDeparture(TripDraft(template, on: day), size: guests, of: service.id)
        } catch is PlanningError { throw SeasonError.taken }
    }

    func held(_ visit: GuideVisit) async throws -> Answer {
        let service = try await service(of: visit)
        let id = PartyID(try visit.parameter("party"))
        guard let stored = try await store.party(id, of: service.id),
            let trip = try await store.trip(stored.party.trip, of: service.id)
        else { throw GuideFailure.notFound }
        guard case .held(let until) = stored.party.state, until > services.now else {
            return try await datesPage(
                visit, service, title: "These seats are not held any more",
                lead: "Seats are held for a quarter of an hour. Choose again.", status: .gone)
        }
        let zone = services.zone(trip.trip.place.zone)
        return framed(
            GuidePage(
                "Book", script: .hold,
                body: """
                    <section class="narrow"><h1>\(trip.trip.title)</h1>
                    <p class="lead">\(TimeWords(zone: zone).span(trip.trip.period)), party of \(stored.party.size)</p>
                    \(trip.trip.price.map { "<p>\(PriceWords.text($0)) for each guest. No payment provider is set: nothing is charged here.</p>" as HTML })
                    <p>Your seats are held until \(TimeWords(zone: zone).moment(until)) \
                    (<span class="countdown" data-until="\(until.seconds)">a quarter of an hour</span>).</p>
                    <form method="post">\(Fields.input("name", "Your name", autocomplete: "name"))
                    \(Fields.input("email", "E-mail", type: "email", hint: "Your booking’s link is sent there.", autocomplete: "email"))
                    \(Fields.input("phone", "Phone", type: "tel", isRequired: false, autocomplete: "tel"))
                    <div class="row"><button class="primary" name="as" value="booking">Book</button>
                    <button name="as" value="request">Only ask</button></div></form></section>
                    """
            ).answer(for: visit))
    }

    func commit(_ visit: GuideVisit) async throws -> Answer {
        let service = try await service(of: visit)
        let id = PartyID(try visit.parameter("party"))
        guard let name = visit.form["name"], name.utf8.count <= 200, let email = visit.form["email"] else {
            throw GuideFailure.refused(
                title: "Something is missing", reason: "Please type your name and e-mail address.")
        }
        let asks = visit.form["as"] == "request"
        let token: Secret
        do {
            token = try await store.commit(
                id, of: service.id, guest: GuestDraft(email: email, name: name, phone: visit.form["phone"]),
                asRequest: asks)
        } catch SeasonError.tooLate {
            return try await datesPage(
                visit, service, title: "These seats are not held any more",
                lead: "Your seats were held for a quarter of an hour. Choose again.", status: .conflict)
        }
        let path = "\(GuidePath.guests(service.slug))/bookings/\(PercentCoding.encodeSegment(token.reveal()))"
        try await store.send(
            to: email.lowercased(),
            subject: asks ? "Your request to \(service.name)" : "Your booking with \(service.name)",
            body: """
                \(asks ? "You asked for" : "You booked") a trip with \(service.name). See, change or cancel it here:

                \(services.publicURL)\(path)
                """,
            calendar: asks ? nil : try await calendar(of: id, service, link: services.publicURL + path),
            of: service.id)
        return .seeOther(path)
    }

    /// The trip as an entry for the guest's own calendar.
    private func calendar(of party: PartyID, _ service: GuideService, link: String) async throws -> String? {
        guard let stored = try await store.party(party, of: service.id),
            let trip = try await store.trip(stored.party.trip, of: service.id)
        else { return nil }
        return TripCalendar(name: service.name, asOf: services.now).text([
            .init(id: party.value, trip: trip.trip, title: trip.trip.title, details: "Your booking: \(link)")
        ])
    }

    // MARK: The booking

    func booking(_ visit: GuideVisit) async throws -> Answer {
        let (service, stored, trip) = try await booked(visit)
        let zone = services.zone(trip.trip.place.zone)
        let path = try self.path(visit, service)
        let isLive = stored.party.state.holdsSeats && trip.trip.period.start > services.now
        let others = isLive ? try await otherTrips(than: trip, size: stored.party.size, of: service) : []
        return framed(
            GuidePage(
                "Your booking", notice: visit.query["changed"] == nil ? nil : "<p>Changed.</p>",
                body: """
                    <section class="narrow stack"><div><h1>\(trip.trip.title)</h1>
                    <p class="lead">\(TimeWords(zone: zone).span(trip.trip.period))</p></div>
                    <dl class="facts"><dt>State</dt><dd><span class="state \(stored.party.state.tone)">\(stored.party.state.words)</span></dd>
                    <dt>Party</dt><dd>\(stored.party.size)</dd><dt>Where</dt><dd>\(trip.trip.place.name), \(trip.trip.place.zone.name)</dd>
                    <dt>Payment</dt><dd>\(stored.payment.rawValue.lowercased())</dd><dt>Waiver</dt><dd>\(stored.waiver.rawValue.lowercased())</dd>
                    <dt>Questions</dt><dd>\(service.contactEmail)</dd></dl>
                    \(!isLive ? HTML.nothing : """
                        <form method="post" action="\(path)/size" class="card inline">\(Fields.input(
                            "guests", "How many are you?", type: "number", value: String(stored.party.size), min: 1, max: 500))
                        <button>Change</button></form>
                        \(others.isEmpty ? HTML.nothing : """
                            <form method="post" action="\(path)/move" class="card inline">\(Fields.select(
                                "trip", "Move to", others.map { other in
                                    (other.trip.id.value, TimeWords(zone: services.zone(other.trip.place.zone)).span(other.trip.period))
                                }))<button>Move</button></form>
                            """)
                        <details><summary>Cancel the booking</summary><form method="post" action="\(path)/cancel">\
                        <button class="danger">Cancel the booking</button></form></details>
                        """)</section>
                    """
            ).answer(for: visit))
    }

    func resize(_ visit: GuideVisit) async throws -> Answer {
        let (service, stored, _) = try await booked(visit)
        guard let size = visit.form["guests"].flatMap({ Int($0) }) else {
            throw SeasonError.invalid("guests", "wants a number")
        }
        try await store.resizeParty(stored.party.id, of: service.id, to: size, by: .guest(stored.party.id))
        return .seeOther(try path(visit, service) + "?changed=1")
    }

    func move(_ visit: GuideVisit) async throws -> Answer {
        let (service, stored, trip) = try await booked(visit)
        let wanted = TripID(visit.form["trip"] ?? "")
        guard
            try await otherTrips(than: trip, size: stored.party.size, of: service).contains(where: {
                $0.trip.id == wanted
            })
        else { throw SeasonError.noSeats }
        try await store.moveParty(stored.party.id, of: service.id, to: wanted, by: .guest(stored.party.id))
        return .seeOther(try path(visit, service) + "?changed=1")
    }

    func cancel(_ visit: GuideVisit) async throws -> Answer {
        let (service, stored, _) = try await booked(visit)
        try await store.cancelParty(stored.party.id, of: service.id, by: .guest(stored.party.id))
        return .seeOther(try path(visit, service) + "?changed=1")
    }

    /// Other departures of the same kind with seats for the party, within three months.
    private func otherTrips(than trip: StoredTrip, size: Int, of service: GuideService) async throws -> [StoredTrip] {
        guard let end = services.now.advanced(bySeconds: 90 * 86_400), let ahead = Period(from: services.now, to: end)
        else { return [] }
        return try await store.trips(of: service.id, in: ahead).filter { other in
            other.trip.id != trip.trip.id && other.trip.state == .open && other.seatsLeft >= size
                && other.trip.period.start > services.now
                && (other.trip.template == trip.trip.template && other.trip.template != nil
                    || other.trip.title == trip.trip.title)
        }.prefix(30).map { $0 }
    }

    private func booked(_ visit: GuideVisit) async throws -> (GuideService, StoredParty, StoredTrip) {
        let service = try await service(of: visit)
        guard let found = try await store.party(link: Secret(try visit.parameter("token"))),
            found.service == service.id,
            let stored = try await store.party(found.party, of: service.id),
            let trip = try await store.trip(stored.party.trip, of: service.id)
        else { throw GuideFailure.notFound }
        return (service, stored, trip)
    }

    private func path(_ visit: GuideVisit, _ service: GuideService) throws -> String {
        "\(GuidePath.guests(service.slug))/bookings/\(PercentCoding.encodeSegment(try visit.parameter("token")))"
    }

    private func service(of visit: GuideVisit) async throws -> GuideService {
        guard let service = try await store.service(slug: try visit.parameter("slug")) else {
            throw GuideFailure.notFound
        }
        return service
    }

    /// Guests' pages may be shown on the service's own site; they act by what their address holds, not by a cookie.
    private func framed(_ answer: Answer) -> Answer {
        var answer = answer
        answer.frameAncestors = "*"
        return answer
    }
}
