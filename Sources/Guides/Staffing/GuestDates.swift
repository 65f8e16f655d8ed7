public import CivilTime
public import Trips

/// What guests may book of one kind of trip.
public struct TripOffer: Hashable, Sendable {
    /// On a day that means nothing.
    public let departure: Departure
    /// Most guests.
    public let seats: Int
    public let clientsPerGuide: Int
    public let needs: [CrewNeed]
    public let resources: [ResourceNeed]

    public init(
        _ departure: Departure, seats: Int, clientsPerGuide: Int, needs: [CrewNeed],
        resources: [ResourceNeed] = []
    ) {
        (self.departure, self.seats, self.clientsPerGuide) = (departure, seats, clientsPerGuide)
        (self.needs, self.resources) = (needs, resources)
    }

    /// - Throws: where the template's timing has no period.
    public init(
        _ template: TripTemplate, in zone: Zone, resources: [ResourceNeed] = []
    ) throws(TripTimingError) {
        self.init(
            try Departure(template.timing, at: template.place, in: zone), seats: template.seats,
            clientsPerGuide: template.clientsPerGuide, needs: template.needs, resources: resources)
    }

    /// What `guests` of it ask for on `departure`.
    public func question(_ departure: Departure, guests: Int, policy: StaffingPolicy) -> CrewQuestion {
        let full = needs.filled(forGuests: guests, clientsPerGuide: clientsPerGuide)
        return CrewQuestion(
            departure, needs: full, least: policy.ratioIsHard ? full : needs, resources: resources)
    }
}

/// A departure that stands and that guests may join.
public struct StandingTrip: Hashable, Sendable {
    public let offer: TripOffer
    public let guests: Int
    public let crew: [CrewSeat]

    /// - Parameter offer: with the trip's own timing, id, seats and needs; without resources that it has already.
    public init(_ offer: TripOffer, guests: Int, crew: [CrewSeat]) {
        (self.offer, self.guests, self.crew) = (offer, guests, crew)
    }
}

/// A day on which a party can go.
public struct GuestDate: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// With a trip that stands.
        case join(TripID, seatsLeft: Int)
        /// With one of their own.
        case new
    }

    public let departure: Departure
    public let kind: Kind
}

extension StaffingPicture {
    /// The days from `first` through `last` on which a party of `guests` can go: trips that stand and have seats, and
    /// guides for so many; else new departures that find their crew. By day; those that stand come first.
    public func guestDates(
        _ offer: TripOffer, guests: Int, standing: [StandingTrip], from first: CivilDate,
        through last: CivilDate
    ) -> [GuestDate] {
        let joined = standing.filter {
            first <= $0.offer.departure.span.firstDay && $0.offer.departure.span.firstDay <= last
        }
        .compactMap { joining($0, guests: guests) }
        let days =
            (1...max(offer.seats, 1)).contains(guests)
            ? startDays(
                offer.question(offer.departure, guests: guests, policy: rules.policy), from: first,
                through: last)
            : []
        let all = joined + days.map { GuestDate(departure: $0, kind: .new) }
        return all.sorted { $0.order < $1.order }
    }

    /// The trip as something to join; nil where seats, guides or resources are short. Booking asks the same again.
    public func joining(_ trip: StandingTrip, guests: Int) -> GuestDate? {
        let (left, departure) = (trip.offer.seats - trip.guests, trip.offer.departure)
        guard guests > 0, guests <= left, let id = departure.trip else { return nil }
        let question = trip.offer.question(
            departure, guests: trip.guests + guests, policy: rules.policy)
        let open = remaining(of: question.least, crew: trip.crew, on: departure.span)
        let rest = CrewQuestion(departure, needs: open, resources: trip.offer.resources)
        return crewExists(rest)
            ? GuestDate(departure: departure, kind: .join(id, seatsLeft: left)) : nil
    }
}

extension GuestDate {
    fileprivate var order: (CivilDate, Int, Instant) {
        (departure.span.firstDay, kind == .new ? 1 : 0, departure.span.period.start)
    }
}
