import CivilTime
import Trips

/// The season in numbers: places and guides by index, and who may not lead what together with what.
struct SeasonProblem {
    struct Place: Hashable {
        let trip: Int
        let need: CrewNeed
    }

    let trips: [OpenTrip]
    let places: [Place]
    let guides: [GuidePicture]
    let rules: StaffingRules
    /// For each place, the guides whom nothing keeps from it today.
    let eligible: [[Int]]
    /// Trips that one guide cannot both run: bit sets, `words` a trip.
    let conflicts: [UInt64]
    let words: Int

    init(_ open: [OpenTrip], _ picture: StaffingPicture) {
        let trips = open.sorted { ($0.span.period.start, $0.trip) < ($1.span.period.start, $1.trip) }
        let guides = picture.guides
        var (places, eligible) = ([Place](), [[Int]]())
        for (index, trip) in trips.enumerated() {
            let free = guides.indices.filter { guides[$0].isFree(for: trip.span, under: picture.rules) }
            for need in trip.needs {
                let able = free.filter { guides[$0].fits(need, on: trip.span) }
                for _ in 0..<need.count {
                    places.append(Place(trip: index, need: CrewNeed(one: need)))
                    eligible.append(able)
                }
            }
        }
        let words = (trips.count + 63) / 64
        var conflicts = Array(repeating: UInt64(0), count: trips.count * words)
        for one in trips.indices {
            for other in trips.indices
            where one == other || trips[one].trip == trips[other].trip
                || trips[one].span.clash(with: trips[other].span, under: picture.rules) != nil
            {
                conflicts[one * words + other / 64] |= 1 << UInt64(other % 64)
            }
        }
        (self.trips, self.guides, rules, self.words) = (trips, guides, picture.rules, words)
        (self.places, self.eligible, self.conflicts) = (places, eligible, conflicts)
    }

    func conflict(_ one: Int, _ other: Int) -> Bool {
        conflicts[one * words + other / 64] & (1 << UInt64(other % 64)) != 0
    }

    func load(_ place: Int) -> Load { Load(of: trips[places[place].trip].span) }

    /// Groups of places that share no guide with each other: each is a question of its own. Places that nobody can fill
    /// are in none.
    func components() -> [[Int]] {
        var group = Array(guides.indices)
        func root(_ guide: Int) -> Int {
            var at = guide
            while group[at] != at { at = group[at] }
            return at
        }
        for able in eligible { for guide in able.dropFirst() { group[root(guide)] = root(able[0]) } }
        let fillable = places.indices.filter { !eligible[$0].isEmpty }
        let byRoot = Dictionary(grouping: fillable) { root(eligible[$0][0]) }
        return byRoot.values.sorted { $0[0] < $1[0] }
    }
}

extension CrewNeed {
    /// One place of it.
    init(one need: CrewNeed) { self.init(role: need.role, count: 1, qualifications: need.qualifications) }
}
