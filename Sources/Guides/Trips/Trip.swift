public import CivilTime

/// One departure.
public struct Trip: Hashable, Sendable {
    public let id: TripID
    public let service: ServiceID
    public var title: String
    public var place: Place
    public var timing: TripTiming
    /// Derived from `timing` in the place's zone, never given.
    public let period: Period
    /// Most guests.
    public var seats: Int
    /// Guests that one guide leads; what the ratio is counted by.
    public var clientsPerGuide: Int
    public var needs: [CrewNeed]
    public var state: State
    /// The template it was made from, and the price as it stood then.
    public var template: TemplateID?
    public var price: Price?
    public var notes: String

    public enum State: String, Hashable, Sendable, CaseIterable {
        /// Seen by the office only.
        case draft
        /// Kept for a guest who is deciding; gone with the hold.
        case held
        /// Bookable and staffed.
        case open
        case cancelled
    }

    /// - Throws: where the timing has no period in the place's zone.
    public init(
        id: TripID, service: ServiceID, title: String, place: Place, timing: TripTiming, zone: Zone, seats: Int,
        clientsPerGuide: Int, needs: [CrewNeed] = [.init(role: .lead, count: 1)], state: State = .open,
        template: TemplateID? = nil, price: Price? = nil, notes: String = ""
    ) throws(TripTimingError) {
        period = try timing.period(in: zone)
        (self.id, self.service, self.title, self.place, self.timing) = (id, service, title, place, timing)
        (self.seats, self.clientsPerGuide, self.needs) = (seats, clientsPerGuide, needs)
        (self.state, self.template, self.price, self.notes) = (state, template, price, notes)
    }
}

/// Where a trip happens. Travel between places is counted by `PlaceID` pairs.
public struct Place: Hashable, Sendable {
    public var name: String
    public var zone: ZoneID

    public init(name: String, zone: ZoneID) { (self.name, self.zone) = (name, zone) }
}

/// Per guest, in the smallest unit of its currency, as it stood when the trip was made.
public struct Price: Hashable, Sendable {
    public var amount: Int64
    /// Of the amount, due when booking.
    public var deposit: Int64
    /// ISO 4217.
    public var currency: String

    public init(amount: Int64, deposit: Int64, currency: String) {
        (self.amount, self.deposit, self.currency) = (amount, deposit, currency)
    }
}

/// What trips are made from. A trip keeps what it took; later changes of the template do not reach it.
public struct TripTemplate: Hashable, Sendable {
    public let id: TemplateID
    public let service: ServiceID
    public var title: String
    public var place: Place
    /// The timing with a day that means nothing.
    public var timing: TripTiming
    public var seats: Int
    public var clientsPerGuide: Int
    public var needs: [CrewNeed]
    public var price: Price?

    public init(
        id: TemplateID, service: ServiceID, title: String, place: Place, timing: TripTiming, seats: Int,
        clientsPerGuide: Int, needs: [CrewNeed], price: Price?
    ) {
        (self.id, self.service, self.title, self.place, self.timing) = (id, service, title, place, timing)
        (self.seats, self.clientsPerGuide, self.needs, self.price) = (seats, clientsPerGuide, needs, price)
    }
}
