public import CivilTime
public import Trips

/// A trip as far as a guide's time is concerned: when and where.
public struct TripSpan: Hashable, Sendable {
    /// Nil for a trip that is not made yet.
    public var trip: TripID?
    public var period: Period
    /// The days it touches at its place.
    public var firstDay, lastDay: CivilDate
    public var place: Place

    public init(
        trip: TripID? = nil, period: Period, firstDay: CivilDate, lastDay: CivilDate, place: Place
    ) {
        (self.trip, self.period, self.place) = (trip, period, place)
        (self.firstDay, self.lastDay) = (firstDay, max(firstDay, lastDay))
    }

    public init(_ trip: Trip) {
        // A trip has a period, so its last day exists.
        self.init(
            trip: trip.id, period: trip.period, firstDay: trip.timing.firstDay,
            lastDay: trip.timing.lastDay ?? trip.timing.firstDay, place: trip.place)
    }

    /// What a timing takes at a place in `zone`, which is the place's.
    /// - Throws: where it has no period there.
    public init(_ timing: TripTiming, at place: Place, in zone: Zone, trip: TripID? = nil)
        throws(TripTimingError)
    {
        self.init(
            trip: trip, period: try timing.period(in: zone), firstDay: timing.firstDay,
            lastDay: timing.lastDay ?? timing.firstDay, place: place)
    }

    public var days: Int { Int(lastDay.dayNumber - firstDay.dayNumber) + 1 }
    public var nights: Int { days - 1 }
    var lastsSeveralDays: Bool { lastDay > firstDay }

    /// Which day of the trip a date is, from 1.
    func number(of day: CivilDate) -> Int { Int(day.dayNumber - firstDay.dayNumber) + 1 }
}
