public import CivilTime
public import Trips

/// A trip that stands or might be made: a timing at a place.
public struct Departure: Hashable, Sendable {
    /// Nil where it is not made yet.
    public let trip: TripID?
    public let timing: TripTiming
    public let place: Place
    /// The place's.
    public let zone: Zone
    public let span: TripSpan

    /// - Throws: where the timing has no period at the place.
    public init(_ timing: TripTiming, at place: Place, in zone: Zone, trip: TripID? = nil)
        throws(TripTimingError)
    {
        (self.trip, self.timing, self.place, self.zone) = (trip, timing, place, zone)
        span = try TripSpan(timing, at: place, in: zone, trip: trip)
    }

    public init(_ trip: Trip, in zone: Zone) throws(TripTimingError) {
        try self.init(trip.timing, at: trip.place, in: zone, trip: trip.id)
    }

    /// The same at another time; nil where there is no such time.
    func retimed(_ timing: TripTiming) -> Departure? {
        // A time that does not exist is no candidate; which of the reasons it is nobody asks.
        try? Departure(timing, at: place, in: zone, trip: trip)
    }

    /// The same beginning on another day; nil where there is no such time.
    public func moved(to day: CivilDate) -> Departure? { retimed(timing.moved(to: day)) }
}
