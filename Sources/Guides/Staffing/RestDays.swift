import CivilTime
import Trips

extension Timeline<CrewTrip> {
    /// Whole days without any trip must lie between two trips that both last several days: a trip of one day among them
    /// takes one away.
    func visitRest(around span: TripSpan, needed: Int, _ next: (Obstacle) -> Bool) {
        let place = index(startingFrom: span.period.start)
        let before = rest(pieces[..<place].reversed(), beside: span, needed: needed)
        let after = rest(pieces[place...], beside: span, needed: needed)
        if span.lastsSeveralDays {
            for short in [before, after].compactMap({ $0 }) {
                guard next(.restDays(short.trip, days: short.days, needed: needed)) else { return }
            }
        } else if let before, let after, before.days + after.days < needed {
            _ = next(.restDays(before.trip, days: before.days + after.days, needed: needed))
        }
    }

    /// The nearest trip of several days among `trips`, which lead away from `span`, where fewer than `needed` free days
    /// lie between.
    private func rest(
        _ trips: some Sequence<CrewTrip>, beside span: TripSpan, needed: Int
    ) -> (trip: TripID?, days: Int)? {
        var (first, last, days) = (span.firstDay, span.lastDay, 0)
        for other in trips.lazy.map(\.span) where span.trip == nil || other.trip != span.trip {
            days += max(Int(first.dayNumber - other.lastDay.dayNumber) - 1, 0)
            days += max(Int(other.firstDay.dayNumber - last.dayNumber) - 1, 0)
            guard days < needed else { return nil }
            if other.lastsSeveralDays {
                // What overlaps is told as such.
                let overlaps = other.period.start < span.period.end && span.period.start < other.period.end
                return overlaps ? nil : (other.trip, days)
            }
            (first, last) = (Swift.min(first, other.firstDay), Swift.max(last, other.lastDay))
        }
        return nil
    }
}
