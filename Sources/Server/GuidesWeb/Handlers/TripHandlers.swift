import CivilTime
import HTTPTypes
import Integrations
import PageKit
import Planning
import Season
import Staffing
import Trips

/// Trips: the list, one trip with its crew and guests, making, moving and cancelling, and the sheet for the crew.
struct TripHandlers: Sendable {
    let services: GuidesServices

    private var store: SeasonStore { services.store }

    func list(_ visit: GuideVisit) async throws -> Answer {
        let service = try visit.theService()
        let (zone, now) = (services.zone(service.zone), services.now)
        let month = MonthName(visit.query["month"]) ?? MonthName(containing: zone.civil(at: now).date)
        let days = BoardDays(
            zone: zone, first: month.first, count: Int(month.adding(1).first.dayNumber - month.first.dayNumber))
        guard let window = days.window else { throw GuideFailure.notFound }
        let board = try await store.board(of: service.id, in: window)
        let base = GuidePath.service(service.slug)
        return GuidePage(
            "Trips", section: .trips,
            body: """
                <div class="page-head"><div><h1>Trips in \(month.words)</h1></div>
                <p class="row"><a class="button" href="\(base)/trips?month=\(month.adding(-1).text)">Earlier</a>
                <a class="button" href="\(base)/trips?month=\(month.adding(1).text)">Later</a>
                <a class="button" href="\(base)/feed">Subscribe</a>
                <a class="button primary" href="\(base)/trips/new">New trip</a></p></div>
                \(board.trips.isEmpty ? "<p class=\"empty\">No trips in this month.</p>" as HTML : HTML.nothing)
                <ul class="list">\(board.trips.html { stored in
                    let missing = OpenTrip.missing(of: stored, crew: board.crew(of: stored.trip.id))
                    return """
                        <li><div class="main"><h2><a href="\(GuidePath.trip(stored.trip.id, of: service.slug))">\
                        \(stored.trip.title)</a></h2><p class="sub">\
                        \(TimeWords(zone: services.zone(stored.trip.place.zone)).span(stored.trip.period)) · \
                        \(stored.trip.place.name)</p></div><p>\(stored.seatsTaken) of \(stored.trip.seats) seats</p>
                        \(missing.isEmpty ? "<span class=\"state ok\">crew complete</span>" as HTML
                            : "<span class=\"state warn\">\(OpenTrip(stored: stored, missing: missing).words) missing</span>")</li>
                        """
                })</ul>
                """
        ).answer(for: visit)
    }

    func form(_ visit: GuideVisit) async throws -> Answer {
        let service = try visit.theService()
        let templates = try await store.templates(of: service.id)
        let zone = services.zone(service.zone)
        let today = zone.civil(at: services.now).date
        let base = GuidePath.service(service.slug)
        return GuidePage(
            "New trip", section: .trips,
            body: """
                <section class="narrow stack"><h1>New trip</h1>
                \(templates.isEmpty ? HTML.nothing : """
                    <form method="post" action="\(base)/trips" class="card">\(Fields.token(visit))<h2>From a template</h2>
                    \(Fields.select("template", "Template", templates.map { ($0.id.value, $0.title) }))
                    \(Fields.input("day", "First day", type: "date", value: TimeWords.iso(today), id: "template-day"))
                    <button class="primary">Make the trip</button></form>
                    """)
                <form method="post" action="\(base)/trips" class="card">\(Fields.token(visit))<h2>From nothing</h2>
                \(Self.draftFields(day: today, zone: service.zone))
                <button class="primary">Make the trip</button></form></section>
                """
        ).answer(for: visit)
    }

    /// What a trip or a template is made of.
    static func draftFields(day: CivilDate?, zone: ZoneID) -> HTML {
        """
        \(Fields.input("title", "Title"))
        \(Fields.input("place", "Place"))
        \(Fields.input("zone", "Time zone of the place", value: zone.name))
        <div class="two">\(day.map { Fields.input("day", "First day", type: "date", value: TimeWords.iso($0)) })
        \(Fields.input("start", "Starts at", type: "time", value: "08:00"))
        \(Fields.input("days", "Days", type: "number", value: "1", min: 1, max: TripTiming.mostDays))
        \(Fields.input("end", "Ends at, on the last day", type: "time", value: "16:00"))
        \(Fields.input("seats", "Seats", type: "number", value: "8", min: 1, max: 500))
        \(Fields.input("ratio", "Guests for each guide", type: "number", value: "6", min: 1, max: 500))
        \(Fields.input("leads", "Leads", type: "number", value: "1", min: 0, max: 20))
        \(Fields.input("qualifications", "What the lead must hold", hint: "Words with spaces between: wfr raft-4", isRequired: false))
        </div>
        """
    }

    /// The draft that `draftFields` describe.
    static func draft(_ form: FormValues, day: CivilDate) throws -> TripDraft {
        func number(_ name: String, _ range: ClosedRange<Int>) throws -> Int {
            guard let value = form[name].flatMap({ Int($0) }), range.contains(value) else {
                throw SeasonError.invalid(name, "wants a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return value
        }
        guard let title = form["title"], let place = form["place"], place.utf8.count <= 300 else {
            throw SeasonError.invalid("title", "and place are needed")
        }
        guard let start = TimeWords.second(clock: form["start"]), let end = TimeWords.second(clock: form["end"]) else {
            throw SeasonError.invalid("start", "and end want a time such as 08:00")
        }
        let days = try number("days", 1...TripTiming.mostDays)
        let timing: TripTiming =
            days == 1
            ? .singleDay(day, startSecond: start, minutes: Int(end - start) / 60)
            : .multiDay(day, startSecond: start, days: days, endSecond: end)
        let kinds = (form["qualifications"] ?? "").split(separator: " ").prefix(20).map(String.init)
        let leads = try number("leads", 0...20)
        return TripDraft(
            title: title, place: Place(name: place, zone: ZoneID(form["zone"] ?? "")), timing: timing,
            seats: try number("seats", 1...500), clientsPerGuide: try number("ratio", 1...500),
            needs: leads == 0 ? [] : [CrewNeed(role: .lead, count: leads, qualifications: Set(kinds))])
    }

    func add(_ visit: GuideVisit) async throws -> Answer {
        let (service, person) = (try visit.theService(), try visit.thePerson())
        guard let day = TimeWords.date(iso: visit.form["day"]) else {
            throw SeasonError.invalid("day", "wants a day such as 2026-07-03")
        }
        let draft: TripDraft
        if let id = visit.form["template"] {
            guard let template = try await store.templates(of: service.id).first(where: { $0.id.value == id }) else {
                throw GuideFailure.notFound
            }
            draft = TripDraft(template, on: day)
        } else {
            draft = try Self.draft(visit.form, day: day)
        }
        let trip = try await store.addTrip(draft, to: service.id, by: .person(person))
        return .seeOther(GuidePath.trip(trip.id, of: service.slug))
    }

    func show(_ visit: GuideVisit) async throws -> Answer {
        let (service, stored) = try await trip(of: visit)
        let page = TripPage(
            service: service, stored: stored, zone: services.zone(stored.trip.place.zone),
            members: try await store.members(of: service.id),
            crew: try await store.crew(of: stored.trip.id, in: service.id),
            parties: try await store.partyLines(of: stored.trip.id, in: service.id),
            answer: stored.trip.state == .cancelled ? nil : try await whoCanRun(stored, of: service))
        var notice: HTML?
        if let done = visit.query["assigned"] {
            notice = """
                <p>Assigned.</p>\(Fields.button(
                    visit, GuidePath.service(service.slug) + "/board/remove", "Undo",
                    [("assignment", done), ("from", "trip"), ("trip", stored.trip.id.value)]))
                """
        } else if visit.query["moved"] != nil {
            notice = "<p>Moved, and its crew with it.</p>"
        } else if visit.query["removed"] != nil {
            notice = "<p>Taken off.</p>"
        }
        return GuidePage(stored.trip.title, section: .trips, notice: notice, body: page.body(for: visit)).answer(
            for: visit)
    }

    private func whoCanRun(_ stored: StoredTrip, of service: GuideService) async throws -> CrewAnswer {
        try await services.planning.whoCanRun(stored.trip.id, of: service.id)
    }

    /// 'Who can run this?' for a trip that is not made yet.
    func staffing(_ visit: GuideVisit) async throws -> Answer {
        let service = try visit.theService()
        let templates = try await store.templates(of: service.id)
        let zone = services.zone(service.zone)
        let day = TimeWords.date(iso: visit.query["day"]) ?? zone.civil(at: services.now).date
        let guests = min(max(visit.query["guests"].flatMap { Int($0) } ?? 4, 1), 500)
        let template = templates.first { $0.id.value == visit.query["template"] } ?? templates.first
        var result = HTML.nothing
        if let template, visit.query["day"] != nil {
            let place = services.zone(template.place.zone)
            let departure = try Departure(template.timing.moved(to: day), at: template.place, in: place)
            let last = day.adding(days: Self.horizon) ?? day
            let picture = try await services.planning.picture(
                of: service.id, in: departure.span.period.widened(byDays: Int64(Self.horizon) + 16), for: .browse
            ).staffing
            let offer = try TripOffer(template, in: place)
            let question = offer.question(departure, guests: guests, policy: service.policy)
            result = """
                <section class="stack"><h2>\(template.title) on \(TimeWords.day(day)), \(TimeWords(zone: place).city) time</h2>
                \(CrewWords(members: try await store.members(of: service.id), zone: place).answer(picture.whoCanRun(question)))
                \(Self.starts(picture.startDays(question, from: day, through: last).map(\.span.firstDay), guests: guests))</section>
                """
        }
        return GuidePage(
            "Who can run this?", section: .staffing,
            body: """
                <h1>Who can run this?</h1>
                \(templates.isEmpty ? "<p class=\"empty\">Make a template in Settings first.</p>" as HTML : """
                    <form class="inline card">
                    \(Fields.select("template", "Trip", templates.map { ($0.id.value, $0.title) }, selected: template?.id.value ?? ""))
                    \(Fields.input("day", "First day", type: "date", value: TimeWords.iso(day)))
                    \(Fields.input("guests", "Guests", type: "number", value: String(guests), min: 1, max: 500))
                    <button class="primary">Ask</button></form>
                    """)
                \(result)
                """
        ).answer(for: visit)
    }

    /// Days of half a year.
    private static let horizon = 183

    /// The first days with a crew, and how many there are in each month.
    private static func starts(_ days: [CivilDate], guests: Int) -> HTML {
        let months = Dictionary(grouping: days, by: MonthName.init(containing:))
        return """
            <h3>The first days with a crew for \(guests)</h3>
            \(days.isEmpty ? "<p class=\"empty\">None within half a year.</p>" as HTML : HTML.nothing)
            <ul class="plain">\(days.prefix(5).html { "<li>\(TimeWords.day($0))</li>" })</ul>
            <ul class="plain">\(months.sorted { $0.value[0] < $1.value[0] }.html { month, days in
                "<li>\(month.words): \(days.count) day\(days.count == 1 ? "" : "s")</li>"
            })</ul>
            """
    }

    func move(_ visit: GuideVisit) async throws -> Answer {
        let (service, stored) = try await trip(of: visit)
        guard let day = TimeWords.date(iso: visit.form["day"]), let start = TimeWords.second(clock: visit.form["start"])
        else { throw SeasonError.invalid("day", "wants a day such as 2026-07-03 and a time such as 08:00") }
        let timing: TripTiming =
            switch stored.trip.timing {
            case .singleDay(_, _, let minutes): .singleDay(day, startSecond: start, minutes: minutes)
            case .multiDay(_, _, let days, let end): .multiDay(day, startSecond: start, days: days, endSecond: end)
            }
        try await services.planning.moveTrip(
            stored.trip.id, of: service.id, to: timing, by: .person(try visit.thePerson()))
        return .seeOther(GuidePath.trip(stored.trip.id, of: service.slug) + "?moved=1")
    }

    func cancel(_ visit: GuideVisit) async throws -> Answer {
        let (service, stored) = try await trip(of: visit)
        try await store.cancelTrip(stored.trip.id, of: service.id, by: .person(try visit.thePerson()))
        return .seeOther(GuidePath.trip(stored.trip.id, of: service.slug))
    }

    /// Accepts a request, or cancels a party.
    func decide(_ visit: GuideVisit) async throws -> Answer {
        let (service, stored) = try await trip(of: visit)
        let (party, actor) = (PartyID(visit.form["party"] ?? ""), Actor.person(try visit.thePerson()))
        guard try await store.party(party, of: service.id)?.party.trip == stored.trip.id else {
            throw GuideFailure.notFound
        }
        switch visit.form["to"] {
        case "accept": try await store.acceptRequest(party, of: service.id, by: actor)
        case "cancel": try await store.cancelParty(party, of: service.id, by: actor)
        default: throw GuideFailure.notFound
        }
        return .seeOther(GuidePath.trip(stored.trip.id, of: service.slug))
    }

    /// For printing and for the crew: who, when, with whom. Guides see the sheet of trips they are on.
    func crewSheet(_ visit: GuideVisit) async throws -> Answer {
        let (service, stored) = try await trip(of: visit)
        let crew = try await store.crew(of: stored.trip.id, in: service.id).filter(\.state.holdsTime)
        let person = try visit.thePerson()
        guard visit.isOffice || crew.contains(where: { $0.guide == person }) else { throw GuideFailure.notFound }
        let names = Dictionary(
            try await store.members(of: service.id).map { ($0.person, $0) }, uniquingKeysWith: { one, _ in one })
        let parties = try await store.partyLines(of: stored.trip.id, in: service.id)
        let times = TimeWords(zone: services.zone(stored.trip.place.zone))
        return GuidePage(
            "Crew sheet · \(stored.trip.title)",
            body: """
                <h1>\(stored.trip.title)</h1>
                <p class="no-print"><a href="\(GuidePath.trip(stored.trip.id, of: service.slug))/crew-sheet/calendar">Into \
                a calendar</a></p>
                <dl class="facts"><dt>When</dt><dd>\(times.span(stored.trip.period))</dd><dt>Where</dt>\
                <dd>\(stored.trip.place.name) (\(stored.trip.place.zone.name))</dd><dt>Guests</dt>\
                <dd>\(stored.seatsTaken) of \(stored.trip.seats) seats</dd></dl>
                <h2>Crew</h2>\(crew.isEmpty ? "<p class=\"empty\">Nobody yet.</p>" as HTML : HTML.nothing)
                <ul class="list">\(crew.html { place in
                    """
                    <li><div class="main"><p><b>\(names[place.guide]?.name ?? "Somebody who left")</b>, \(place.role.words)</p></div>\
                    <span>\(names[place.guide]?.email ?? "")</span><span>\(place.state == .asked ? "asked" : "")</span></li>
                    """
                })</ul>
                <h2>Guests</h2>\(parties.isEmpty ? "<p class=\"empty\">No guests yet.</p>" as HTML : HTML.nothing)
                <ul class="list">\(parties.html { line in
                    """
                    <li><div class="main"><p><b>\(line.name ?? "Somebody who is deciding")</b>, party of \(line.party.party.size)</p>\
                    </div><span>\(line.phone ?? "")</span><span>waiver \(line.party.waiver.rawValue.lowercased())</span></li>
                    """
                })</ul>
                \(stored.trip.notes.isEmpty ? HTML.nothing : "<h2>Notes</h2><p>\(stored.trip.notes)</p>")
                """
        ).answer(for: visit)
    }

    /// The trip as a calendar file, for its crew and the office.
    func crewCalendar(_ visit: GuideVisit) async throws -> Answer {
        let (service, stored) = try await trip(of: visit)
        let crew = try await store.crew(of: stored.trip.id, in: service.id).filter(\.state.holdsTime)
        let person = try visit.thePerson()
        guard visit.isOffice || crew.contains(where: { $0.guide == person }) else { throw GuideFailure.notFound }
        let names = Dictionary(
            try await store.members(of: service.id).map { ($0.person, $0.name) }, uniquingKeysWith: { one, _ in one })
        let words = crew.map { "\(names[$0.guide] ?? "Somebody who left") (\($0.role.words))" }
        let entry = TripCalendar.Entry(
            id: stored.trip.id.value, trip: stored.trip, title: stored.trip.title,
            details: (words.isEmpty ? "No crew yet" : "Crew: \(words.joined(separator: ", "))")
                + "\n\(stored.seatsTaken) guests")
        var answer = Answer(
            status: .ok, contentType: "text/calendar; charset=utf-8",
            body: TripCalendar(name: service.name, asOf: services.now).text([entry]))
        answer.extra[.contentDisposition] = "attachment; filename=\"crew-sheet.ics\""
        return answer
    }

    private func trip(of visit: GuideVisit) async throws -> (GuideService, StoredTrip) {
        let service = try visit.theService()
        guard let stored = try await store.trip(TripID(try visit.parameter("trip")), of: service.id) else {
            throw GuideFailure.notFound
        }
        return (service, stored)
    }
}
