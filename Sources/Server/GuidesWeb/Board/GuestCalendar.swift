import CivilTime
import Integrations
import Planning
import Season
import Staffing
import Trips

/// What guests may book of one kind of trip in a month.
struct GuestOffer: Sendable {
    let title: String
    let place: Place
    let price: Price?
    let template: TemplateID?
    let dates: [GuestDate]
}

/// Works out the dates that guests can really have: seats, ratio and crew counted.
struct GuestCalendar: Sendable {
    let services: GuidesServices
    let service: GuideService

    func offers(in month: MonthName, guests: Int) async throws -> [GuestOffer] {
        let zone = services.zone(service.zone)
        let (first, after) = (month.first, month.adding(1).first)
        guard let last = after.adding(days: -1),
            let month = Period(from: zone.instant(of: first.midnight), to: zone.instant(of: after.midnight))
        else { return [] }
        let today = zone.civil(at: services.now).date
        // A departure of one's own is offered from tomorrow on: somebody has to pack.
        guard last > today, let tomorrow = today.adding(days: 1) else { return [] }
        let templates = try await services.store.templates(of: service.id)
        // A day on each side, for places in other zones.
        let board = try await services.store.board(of: service.id, in: month.widened(byDays: 1), busyOf: [])
        let picture = try await services.planning.picture(
            of: service.id, in: month.widened(byDays: 60), for: .browse
        ).staffing
        let open = board.trips.filter { $0.trip.state == .open && $0.trip.period.start > services.now }
        var offers: [GuestOffer] = []
        for template in templates {
            let place = services.zone(template.place.zone)
            let standing = try open.filter { $0.trip.template == template.id }.map { try self.standing($0, board) }
            let dates = picture.guestDates(
                try TripOffer(template, in: place), guests: guests, standing: standing, from: max(first, tomorrow),
                through: last)
            offers.append(
                GuestOffer(
                    title: template.title, place: template.place, price: template.price, template: template.id,
                    dates: dates))
        }
        let known = Set(templates.map(\.id))
        for stored in open where !(stored.trip.template.map(known.contains) ?? false) {
            guard let date = picture.joining(try standing(stored, board), guests: guests),
                (first...last).contains(date.departure.span.firstDay)
            else { continue }
            offers.append(
                GuestOffer(
                    title: stored.trip.title, place: stored.trip.place, price: stored.trip.price, template: nil,
                    dates: [date]))
        }
        return offers
    }

    private func standing(_ stored: StoredTrip, _ board: SeasonBoard) throws -> StandingTrip {
        let trip = stored.trip
        let offer = TripOffer(
            try Departure(trip, in: services.zone(trip.place.zone)), seats: trip.seats,
            clientsPerGuide: trip.clientsPerGuide,
            needs: trip.needs)
        let crew = board.crew(of: trip.id).filter(\.state.holdsTime).map { CrewSeat(guide: $0.guide, role: $0.role) }
        return StandingTrip(offer, guests: stored.seatsTaken, crew: crew)
    }
}
