public import CivilTime

/// What somebody does on a trip.
public enum CrewRole: String, Hashable, Sendable, CaseIterable {
    case lead, assist, trainee, backup

    /// Whether guests count on them: trainees and backups do not count for the ratio.
    public var leadsGuests: Bool { self == .lead || self == .assist }
}

/// What a crew needs of one role.
public struct CrewNeed: Hashable, Sendable {
    public var role: CrewRole
    public var count: Int
    /// All of them, each valid through the last day.
    public var qualifications: Set<String>

    public init(role: CrewRole, count: Int, qualifications: Set<String> = []) {
        (self.role, self.count, self.qualifications) = (role, count, qualifications)
    }
}

/// A certificate that a guide holds, such as first aid.
public struct Qualification: Hashable, Sendable {
    /// A short name of the service's choosing: `wfr`, `raft-4`, `rock-lead`.
    public var kind: String
    public var validFrom: CivilDate?
    /// Its last valid day; nil: without end.
    public var validThrough: CivilDate?

    public init(kind: String, validFrom: CivilDate? = nil, validThrough: CivilDate? = nil) {
        (self.kind, self.validFrom, self.validThrough) = (kind, validFrom, validThrough)
    }

    /// Whether it holds on every day from `first` through `last`.
    public func holds(from first: CivilDate, through last: CivilDate) -> Bool {
        (validFrom.map { $0 <= first } ?? true) && (validThrough.map { $0 >= last } ?? true)
    }
}

extension Trip {
    /// The needs with assistants added until the guides who lead guests suffice for `guests`.
    public func needs(forGuests guests: Int) -> [CrewNeed] {
        needs.filled(forGuests: guests, clientsPerGuide: clientsPerGuide)
    }
}

extension [CrewNeed] {
    /// With assistants added until the guides who lead guests suffice for `guests`, `clientsPerGuide` to each; as stated
    /// where that is 0.
    public func filled(forGuests guests: Int, clientsPerGuide: Int) -> [CrewNeed] {
        let stated = filter(\.role.leadsGuests).reduce(0) { $0 + $1.count }
        guard clientsPerGuide > 0, guests > 0 else { return self }
        let wanted = guests / clientsPerGuide + (guests % clientsPerGuide > 0 ? 1 : 0)
        guard wanted > stated else { return self }
        var all = self
        if let place = all.firstIndex(where: { $0.role == .assist }) {
            all[place].count += wanted - stated
        } else {
            all.append(CrewNeed(role: .assist, count: wanted - stated))
        }
        return all
    }
}

/// A guide's place on a trip.
public struct Assignment: Hashable, Sendable {
    public let id: AssignmentID
    public let trip: TripID
    public let guide: PersonID
    public var role: CrewRole
    public var state: State
    /// Until when an asked guide may answer.
    public var deadline: Instant?
    /// Why a conflict was overridden, and by whom.
    public var override: Override?

    public enum State: String, Hashable, Sendable, CaseIterable {
        case asked, accepted, declined, expired, cancelled

        /// Whether the guide's time is taken.
        public var holdsTime: Bool { self == .asked || self == .accepted }
    }

    public struct Override: Hashable, Sendable {
        public var by: PersonID
        public var reason: String

        public init(by: PersonID, reason: String) { (self.by, self.reason) = (by, reason) }
    }

    public init(
        id: AssignmentID, trip: TripID, guide: PersonID, role: CrewRole, state: State,
        deadline: Instant? = nil,
        override: Override? = nil
    ) {
        (self.id, self.trip, self.guide, self.role) = (id, trip, guide, role)
        (self.state, self.deadline, self.override) = (state, deadline, override)
    }
}
