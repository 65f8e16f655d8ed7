import CivilTime
import HTTPTypes
import PageKit
import Sealing
import Season
import Trips

/// Calendars to subscribe to: a guide's own trips, and all trips of a service for its office.
struct FeedHandlers: Sendable {
    let services: GuidesServices

    private var store: SeasonStore { services.store }

    /// Days of a service's trips: back and ahead.
    private static let (back, ahead): (Int64, Int64) = (30, 400)

    // MARK: Making an address

    func show(_ visit: GuideVisit) async throws -> Answer { try await page(visit, made: nil) }

    func make(_ visit: GuideVisit) async throws -> Answer {
        let person = try visit.thePerson()
        guard visit.form["to"] != "end" else {
            try await store.endFeed(of: person, for: visit.service?.id)
            return try await page(visit, made: nil)
        }
        return try await page(visit, made: try await store.makeFeed(of: person, for: visit.service?.id))
    }

    private func page(_ visit: GuideVisit, made: Secret?) async throws -> Answer {
        let person = try visit.thePerson()
        let since = try await store.feedMade(of: person, for: visit.service?.id)
        let zone = services.zone(try await store.name(of: person)?.zone ?? .utc)
        let what = visit.service.map { "all trips of \($0.name), with their crews" } ?? "your trips"
        let address = made.map { "\(services.publicURL)/guides/feeds/\($0.reveal()).ics" }
        return GuidePage(
            "Subscribe",
            body: """
                <section class="narrow stack"><div><h1>Subscribe</h1><p class="lead">An address that shows \(what) in any \
                calendar program. Whoever has it can read them.</p></div>
                \(address.map { "<p>This is shown once. Copy it now:</p><pre>\($0)</pre>" as HTML })
                \(since.map { "<p class=\"sub\">The address was made \(TimeWords(zone: zone).moment($0)).</p>" as HTML }
                    ?? "<p class=\"empty\">There is no address yet.</p>")
                <div class="row">\(Fields.button(
                    visit, visit.path, since == nil ? "Make an address" : "Make a new address; the old one ends",
                    style: "primary", [("to", "make")]))\
                \(since == nil ? HTML.nothing : Fields.button(visit, visit.path, "End it", [("to", "end")]))</div></section>
                """
        ).answer(for: visit)
    }

    // MARK: Reading it

    func read(_ visit: GuideVisit) async throws -> Answer {
        var token = try visit.parameter("token")
        if token.hasSuffix(".ics") { token.removeLast(4) }
        guard let feed = try await store.feed(Secret(token)) else { throw GuideFailure.notFound }
        let (name, entries) =
            if let service = feed.service { try await trips(of: service) } else { try await own(feed.person) }
        return answer(visit, name: name, entries)
    }

    /// The same entries have the same tag, whenever they are stamped: a weak one (RFC 9110 8.8.1).
    private func answer(_ visit: GuideVisit, name: String, _ entries: [TripCalendar.Entry]) -> Answer {
        let same = TripCalendar(name: name, asOf: Instant(seconds: 0)).text(entries)
        let tag = "W/\"\(Crypto.hex(Crypto.sha256(same).prefix(16).map { $0 }))\""
        let asked = (visit.headers[.ifNoneMatch] ?? "").split(separator: ",").map { String($0.filter { $0 != " " }) }
        let isKnown = asked.contains { $0 == tag || $0 == "*" || "W/" + $0 == tag }
        var answer = Answer(
            status: isKnown ? .notModified : .ok, contentType: "text/calendar; charset=utf-8",
            body: isKnown ? "" : TripCalendar(name: name, asOf: services.now).text(entries))
        answer.extra[.eTag] = tag
        answer.extra[.cacheControl] = "private, no-cache"
        return answer
    }

    private func own(_ person: PersonID) async throws -> (String, [TripCalendar.Entry]) {
        let since = services.now.advanced(bySeconds: -Self.back * 86_400) ?? services.now
        let entries = try await store.agenda(of: person, after: since).map { entry in
            TripCalendar.Entry(
                id: entry.assignment.id.value, trip: entry.trip.trip,
                title: entry.assignment.state == .asked ? "Asked: \(entry.trip.trip.title)" : entry.trip.trip.title,
                details: ["\(entry.serviceName), \(entry.assignment.role.words)"].joined()
                    + (entry.crew.isEmpty ? "" : "\nWith \(entry.crew.joined(separator: ", "))"),
                isTentative: entry.assignment.state == .asked)
        }
        return ("My trips", entries)
    }

    private func trips(of id: ServiceID) async throws -> (String, [TripCalendar.Entry]) {
        let now = services.now
        guard let service = try await store.service(id), let from = now.advanced(bySeconds: -Self.back * 86_400),
            let to = now.advanced(bySeconds: Self.ahead * 86_400), let period = Period(from: from, to: to)
        else { throw GuideFailure.notFound }
        let names = Dictionary(
            try await store.members(of: id).map { ($0.person, $0.name) }, uniquingKeysWith: { one, _ in one })
        var entries: [TripCalendar.Entry] = []
        for stored in try await store.trips(of: id, in: period) where stored.trip.state == .open {
            let crew = try await store.crew(of: stored.trip.id, in: id).filter(\.state.holdsTime)
            let words = crew.map { "\(names[$0.guide] ?? "Somebody who left") (\($0.role.words))" }
            entries.append(
                TripCalendar.Entry(
                    id: stored.trip.id.value, trip: stored.trip, title: stored.trip.title,
                    details: "\(stored.seatsTaken) of \(stored.trip.seats) seats taken"
                        + (words.isEmpty ? "\nNo crew yet" : "\nCrew: \(words.joined(separator: ", "))"),
                    isTentative: crew.isEmpty))
        }
        return (service.name, entries)
    }
}
