import CivilTime
import Trips

extension StaffingPicture {
    /// Every change that is tried, made: smallest first.
    static func changes(of departure: Departure) -> [(change: TripChange, departure: Departure)] {
        TripChange.tried.compactMap { change in
            guard let changed = change.applied(to: departure.timing).flatMap(departure.retimed) else {
                return nil
            }
            return (change, changed)
        }
    }

    /// The smallest change of each kind that lets `guide` fill a need, smallest first.
    func nearMisses(
        of guide: GuidePicture, _ needs: [CrewNeed], _ obstacles: [[Obstacle]],
        _ changes: [(change: TripChange, departure: Departure)], limit: Int
    ) -> [NearMiss] {
        // No time helps where something else is in the way.
        let open = needs.indices.filter { obstacles[$0].allSatisfy(\.dependsOnTime) }
        guard !open.isEmpty, limit > 0 else { return [] }
        var found: [NearMiss] = []
        for (change, departure) in changes
        where !found.contains(where: { $0.change.code == change.code }) {
            guard let need = open.first(where: { guide.fits(needs[$0], on: departure.span) }),
                guide.isFree(for: departure.span, under: rules)
            else { continue }
            found.append(NearMiss(change: change, need: need, departure: departure))
            if found.count == limit { break }
        }
        return found
    }
}
