public import Trips

/// A trip with places to fill.
public struct OpenTrip: Hashable, Sendable {
    public let trip: TripID
    public let span: TripSpan
    /// What is still open, without those who are on it already.
    public let needs: [CrewNeed]

    public init(_ trip: TripID, span: TripSpan, needs: [CrewNeed]) {
        var own = span
        own.trip = trip
        (self.trip, self.span, self.needs) = (trip, own, CrewQuestion.joined(needs))
    }
}

/// Guides for a season's open trips. Every proposal is possible beside all others, and stays so when only some of them
/// are accepted: a trip less never keeps anybody from another.
public struct SeasonPlan: Hashable, Sendable {
    /// By start of the trip.
    public let proposals: [Proposal]
    public let unfilled: [UnfilledPlace]
    public let objective: SeasonObjective
    /// No plan is better than this. Equal to `objective` where the plan is proven best.
    public let bound: SeasonObjective
    /// Whether no better plan exists; else the plan is the best found, and how much better one could be is what `bound`
    /// leaves.
    public let isExact: Bool
    /// Days and nights of everybody, before and with the plan.
    public let loads: [GuideLoad]
    /// Whether looking was ended before its time: another run may come further.
    public let isCutShort: Bool
    /// The same question with the same seed and effort gives the same plan, unless it was cut short.
    public let seed: UInt64

    /// What to say about how good it is.
    public var explanation: String {
        let places = "\(objective.filled) of \(objective.filled + unfilled.count) places filled"
        if isExact { return places + "; no plan fills more or is fairer" }
        if bound.filled > objective.filled { return places + "; no plan fills more than \(bound.filled)" }
        return places
            + "; no plan fills more; unevenness is \(objective.days) in days and \(objective.nights) in nights, "
            + "and no plan can be below \(bound.days) and \(bound.nights)"
    }
}

/// What plans are compared by: places filled, then evenness of days, then of nights. Sums of squares fall when a day
/// moves from somebody with more to somebody with less, so the least is the most even.
public struct SeasonObjective: Hashable, Sendable, Comparable {
    public var filled: Int
    /// Sum over the guides of the square of their days.
    public var days: Int
    /// The same of nights.
    public var nights: Int

    /// Better comes first.
    public static func < (left: SeasonObjective, right: SeasonObjective) -> Bool {
        (-left.filled, left.days, left.nights) < (-right.filled, right.days, right.nights)
    }
}

/// A guide for one place of a trip.
public struct Proposal: Hashable, Sendable {
    public let trip: TripID
    public let role: CrewRole
    public let guide: PersonID
    /// The guide's days and nights if the whole plan is accepted.
    public let load: Load
    /// Who else could take the place beside the rest of the plan, least loaded first.
    public let alternatives: [GuideLoad]

    /// Why this guide.
    public var explanation: String {
        guard let least = alternatives.first, let most = alternatives.last else {
            return "the only one who can beside the rest of the plan"
        }
        let others =
            least.after.days == most.after.days ? "\(least.after.days)" : "\(least.after.days) to \(most.after.days)"
        return
            "has \(load.days) days and \(load.nights) nights with this plan; \(alternatives.count) others could, who have "
            + "\(others) days without it"
    }
}

/// Somebody's days and nights before and with a plan.
public struct GuideLoad: Hashable, Sendable {
    public let guide: PersonID
    public let before, after: Load
}

/// A place that the plan leaves open, with what keeps each guide from it, the plan's own trips included.
public struct UnfilledPlace: Hashable, Sendable {
    public struct Reason: Hashable, Sendable {
        public let guide: PersonID
        public let obstacles: [Obstacle]
    }

    public let trip: TripID
    public let need: CrewNeed
    public let reasons: [Reason]
}
