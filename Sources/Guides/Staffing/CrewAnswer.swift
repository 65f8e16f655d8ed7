public import Trips

/// Who can run a departure, and why the others cannot.
public struct CrewAnswer: Hashable, Sendable {
    /// What was asked for; where the ratio only warns and no full crew exists, the least.
    public let needs: [CrewNeed]
    /// The crews below are too small for the guests.
    public let isBelowRatio: Bool
    /// Best first. Empty where no crew can be made of those who can, or a resource is short.
    public let crews: [Crew]
    /// False where better crews than these may exist, because looking for them was stopped.
    public let isComplete: Bool
    /// Places that stay empty however those who can are placed.
    public let openPlaces: Int
    /// Everybody who can fill a place, least loaded first.
    public let able: [AbleGuide]
    /// Everybody else; those whom the smallest change frees come first.
    public let unable: [UnableGuide]
    /// The resources that the trip would take, by id.
    public let resources: [String]
    public let shortages: [ResourceShortage]
}

public struct AbleGuide: Hashable, Sendable {
    public let guide: PersonID
    /// Which of the needs, by index.
    public let needs: [Int]
    public let load: Load
}

public struct UnableGuide: Hashable, Sendable {
    public let guide: PersonID
    /// For each need, what keeps them from it.
    public let obstacles: [[Obstacle]]
    /// What would free them, smallest first; at most one of each kind.
    public let nearMisses: [NearMiss]

    /// What keeps them from the need that they are nearest to.
    public var fewest: [Obstacle] { obstacles.min { $0.count < $1.count } ?? [] }
}

/// A change of the trip that lets a guide fill a need; no smaller one that staffing tries does.
public struct NearMiss: Hashable, Sendable {
    public let change: TripChange
    public let need: Int
    public let departure: Departure
}
