/// The state of trips, crews and parties as the audit alone tells it. A test compares it with the tables: what they
/// hold is what was recorded, and nothing was changed beside it.
public struct AuditReplay: Hashable, Sendable {
    public struct Trip: Hashable, Sendable {
        public var start, end: Int64
        public var seats: Int64
        public var state: String
    }
    public struct Assignment: Hashable, Sendable {
        public var trip, guide, role, state: String
        public var start, end: Int64
        public var overridden: Bool
    }
    public struct Party: Hashable, Sendable {
        public var trip, state: String
        public var size: Int64
        public var until: Int64?
    }

    public private(set) var trips: [String: Trip] = [:]
    public private(set) var assignments: [String: Assignment] = [:]
    public private(set) var parties: [String: Party] = [:]

    public init() {}

    public mutating func apply(_ change: SeasonChange) {
        switch change {
        case .tripAdded(let id, let start, let end, let seats, let state):
            trips[id] = Trip(start: start, end: end, seats: seats, state: state)
        case .tripMoved(let id, let start, let end):
            trips[id]?.start = start
            trips[id]?.end = end
        case .tripOpened(let id): trips[id]?.state = "open"
        case .tripCancelled(let id): trips[id]?.state = "cancelled"
        case .assigned(let id, let trip, let guide, let role, let state, let start, let end, let overridden):
            assignments[id] = Assignment(
                trip: trip, guide: guide, role: role, state: state, start: start, end: end, overridden: overridden)
        case .assignmentMoved(let id, let start, let end):
            assignments[id]?.start = start
            assignments[id]?.end = end
        case .assignmentAccepted(let id): assignments[id]?.state = "accepted"
        case .assignmentEnded(let id, let state): assignments[id]?.state = state
        case .partyHeld(let id, let trip, let size, let until):
            parties[id] = Party(trip: trip, state: "held", size: size, until: until)
        case .holdExtended(let id, let until): parties[id]?.until = until
        case .partyBooked(let id): settle(id, "booked")
        case .partyRequested(let id): settle(id, "requested")
        case .partyResized(let id, let size): parties[id]?.size = size
        case .partyMoved(let id, let trip): parties[id]?.trip = trip
        case .partyEnded(let id, let state): settle(id, state)
        case .memberChanged, .serviceChanged, .templateAdded, .templateRemoved, .guestChanged, .seen, .exported,
            .erased, .calendar, .backendChanged, .planAccepted:
            break
        }
    }

    private mutating func settle(_ party: String, _ state: String) {
        parties[party]?.state = state
        parties[party]?.until = nil
    }
}
