public import Trips

/// What a service asks between the trips of one guide.
public struct StaffingRules: Hashable, Sendable {
    public var policy: StaffingPolicy
    public var drives: DriveTimes

    public init(policy: StaffingPolicy = .init(), drives: DriveTimes = .init()) {
        (self.policy, self.drives) = (policy, drives)
    }

    /// Seconds around a trip within which another of the same guide may be too near.
    var reach: Int64 { Int64(max(policy.turnaroundMinutes, 0) + drives.longest) * 60 }
}

/// Minutes on the road between places, either way. Places that no row names are next door: a service that has not said
/// how far they are is held to its turnaround alone.
public struct DriveTimes: Hashable, Sendable {
    private struct Pair: Hashable, Sendable {
        let one, other: String
        init(_ left: String, _ right: String) {
            (one, other) = left < right ? (left, right) : (right, left)
        }
    }

    private var minutes: [Pair: Int] = [:]
    /// The longest of all, in minutes.
    public private(set) var longest = 0

    /// By names of places. Rows below 0 count as 0, those above a week as a week.
    public init(_ rows: [(one: String, other: String, minutes: Int)] = []) {
        for row in rows where row.one != row.other {
            let kept = min(max(row.minutes, 0), 7 * 1440)
            minutes[Pair(row.one, row.other)] = kept
            longest = max(longest, kept)
        }
    }

    public func minutes(from one: Place, to other: Place) -> Int {
        guard longest > 0, one.name != other.name else { return 0 }
        return minutes[Pair(one.name, other.name)] ?? 0
    }
}
