public import CivilTime
public import Trips

/// What a departure asks for.
public struct CrewQuestion: Hashable, Sendable {
    public var departure: Departure
    /// Needs of the same role and qualifications are one.
    public let needs: [CrewNeed]
    /// What must be there at least; less than `needs` where the ratio only warns.
    public let least: [CrewNeed]
    public var resources: [ResourceNeed]

    public init(
        _ departure: Departure, needs: [CrewNeed], least: [CrewNeed]? = nil,
        resources: [ResourceNeed] = []
    ) {
        (self.departure, self.resources) = (departure, resources)
        self.needs = Self.joined(needs)
        self.least = Self.joined(least ?? needs)
    }

    /// What `trip` asks for with `guests` on it.
    public init(
        _ trip: Trip, in zone: Zone, guests: Int, policy: StaffingPolicy, resources: [ResourceNeed] = []
    ) throws(TripTimingError) {
        let full = trip.needs(forGuests: guests)
        self.init(
            try Departure(trip, in: zone), needs: full, least: policy.ratioIsHard ? full : trip.needs,
            resources: resources)
    }

    /// A crew of more is none that anybody has; what comes from outside stays countable.
    static let mostPlaces = 1_000

    static func joined(_ needs: [CrewNeed]) -> [CrewNeed] {
        var all: [CrewNeed] = []
        for need in needs where need.count > 0 {
            let place = all.firstIndex { $0.fillsLike(need) } ?? all.endIndex
            if place == all.endIndex {
                all.append(CrewNeed(role: need.role, count: 0, qualifications: need.qualifications))
            }
            all[place].count = min(all[place].count + min(need.count, mostPlaces), mostPlaces)
        }
        return all
    }
}

extension CrewNeed {
    /// Whether whoever fills one place of it fills one of `other`.
    func fillsLike(_ other: CrewNeed) -> Bool {
        role == other.role && qualifications == other.qualifications
    }
}

/// Vans, boats and the like, by kind and count.
public struct ResourceNeed: Hashable, Sendable {
    public var kind: String
    public var count: Int

    public init(kind: String, count: Int) { (self.kind, self.count) = (kind, count) }
}
