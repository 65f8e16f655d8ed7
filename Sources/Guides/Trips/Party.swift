public import CivilTime

/// Guests who book, pay and answer together.
public struct Party: Hashable, Sendable {
    public let id: PartyID
    public let trip: TripID
    public var size: Int
    public var state: State

    public enum State: Hashable, Sendable {
        /// Seats are kept while the guest decides.
        case held(until: Instant)
        /// Asked for; the office decides. Its seats are kept.
        case requested
        case booked
        case cancelled
        /// Held and not taken.
        case expired

        /// Whether its seats are taken.
        public var holdsSeats: Bool {
            switch self {
            case .held, .requested, .booked: true
            case .cancelled, .expired: false
            }
        }
    }

    public init(id: PartyID, trip: TripID, size: Int, state: State) {
        (self.id, self.trip, self.size, self.state) = (id, trip, size, state)
    }
}
