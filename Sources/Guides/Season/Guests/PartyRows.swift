import CivilTime
import StorageKit
public import Trips

/// A party as its trip's office sees it.
public struct StoredParty: Hashable, Sendable {
    public let party: Party
    /// Nil while the guest only holds seats.
    public let guest: String?
    public let payment: PaymentStatus
    public let info: InfoStatus
    public let waiver: WaiverStatus
}

public enum PaymentStatus: String, Hashable, Sendable {
    case pending = "PENDING"
    case paid = "PAID"
    case refunded = "REFUNDED"
    case cancelled = "CANCELLED"
}
public enum InfoStatus: String, Hashable, Sendable {
    case pending = "PENDING"
    case complete = "COMPLETE"
}
public enum WaiverStatus: String, Hashable, Sendable {
    case pending = "PENDING"
    case signed = "SIGNED"
}

extension ReadSession {
    func party(_ id: PartyID, of service: ServiceID) throws -> StoredParty? {
        try parties(where: "service_id = ? AND party_id = ?", [.text(service.value), .text(id.value)]).first
    }

    /// In the order they were made.
    func parties(where condition: String, _ arguments: [SQLValue]) throws -> [StoredParty] {
        try all(
            """
            SELECT party_id, trip_id, size, state, held_until, primary_guest, payment_status, info_status, waiver_status
            FROM parties WHERE \(condition) ORDER BY created_at, party_id
            """, arguments
        ) { row in
            guard let state = Party.State(text: try row.text(3), until: try row.optionalInteger(4)) else {
                throw StorageError.unexpectedValue(column: 3, wanted: "a party's state")
            }
            return StoredParty(
                party: Party(
                    id: PartyID(try row.text(0)), trip: TripID(try row.text(1)), size: Int(try row.integer(2)),
                    state: state),
                guest: try row.optionalText(5), payment: PaymentStatus(rawValue: try row.text(6)) ?? .pending,
                info: InfoStatus(rawValue: try row.text(7)) ?? .pending,
                waiver: WaiverStatus(rawValue: try row.text(8)) ?? .pending)
        }
    }
}

extension Party.State {
    init?(text: String, until: Int64?) {
        switch (text, until) {
        case ("held", let until?): self = .held(until: Instant(seconds: until))
        case ("requested", _): self = .requested
        case ("booked", _): self = .booked
        case ("cancelled", _): self = .cancelled
        case ("expired", _): self = .expired
        default: return nil
        }
    }
}
