public import Trips

/// Different guides for every place.
public struct Crew: Hashable, Sendable {
    public struct Member: Hashable, Sendable {
        public let guide: PersonID
        /// Which of the question's needs they fill.
        public let need: Int
        public let role: CrewRole
        /// Days and nights of this season before this trip.
        public let load: Load
        /// Valid qualifications that this place does not ask for.
        public let spareQualifications: Int
    }

    /// By need, then as ranked.
    public let members: [Member]
    public let rank: CrewRank

    /// Why it stands where it stands.
    public var explanation: String {
        let (days, nights, spare) = (rank.load.days, rank.load.nights, rank.spareQualifications)
        return "\(days) days and \(nights) nights on trips this season between them; "
            + "\(spare) qualifications that this trip does not ask for"
    }
}

/// What crews are ranked by: fairness first, then qualifications kept for trips that need them, then names, so that the
/// order is always the same. Each is a sum over the crew.
public struct CrewRank: Hashable, Sendable, Comparable {
    public var load: Load = .zero
    public var spareQualifications = 0
    /// Places in the guides' list by name.
    var names = 0

    public static func < (left: CrewRank, right: CrewRank) -> Bool {
        (left.load.days, left.load.nights, left.spareQualifications, left.names)
            < (right.load.days, right.load.nights, right.spareQualifications, right.names)
    }

    static func + (left: CrewRank, right: CrewRank) -> CrewRank {
        CrewRank(
            load: left.load + right.load,
            spareQualifications: left.spareQualifications + right.spareQualifications,
            names: left.names + right.names)
    }
}
