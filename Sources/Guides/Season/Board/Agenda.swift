public import CivilTime
import StorageKit
public import Trips

/// A guide's place on a trip, as the guide sees it.
public struct AgendaEntry: Hashable, Sendable {
    public let serviceName: String
    public let slug: String
    public let trip: StoredTrip
    public let assignment: Assignment
    /// The others on it.
    public let crew: [String]
}

/// A guest's party with its first guest, as the crew and the office see it.
public struct PartyLine: Hashable, Sendable {
    public let party: StoredParty
    public let name, email, phone: String?
}

extension SeasonStore {
    /// The guide's trips, of all their services, that end after `instant`, by start; those they may still answer too.
    public func agenda(of guide: PersonID, after instant: Instant) async throws -> [AgendaEntry] {
        let zones = zones
        return try await database.read { session in
            let mine = try session.assignments(
                where: "person_id = ? AND state IN ('asked', 'accepted')", [.text(guide.value)])
            let byTrip = Dictionary(mine.map { ($0.trip, $0) }, uniquingKeysWith: { first, _ in first })
            var entries: [AgendaEntry] = []
            let services = try session.all(
                """
                SELECT DISTINCT a.service_id, s.name, s.slug FROM assignments a
                JOIN guide_services s ON s.service_id = a.service_id
                WHERE a.person_id = ? AND a.state IN ('asked', 'accepted')
                """, [.text(guide.value)]
            ) { (ServiceID(try $0.text(0)), try $0.text(1), try $0.text(2)) }
            for (service, name, slug) in services {
                let condition = """
                    end_at > ? AND state <> 'cancelled' AND trip_id IN (SELECT trip_id FROM assignments
                        WHERE service_id = ? AND person_id = ? AND state IN ('asked', 'accepted'))
                    """
                let keys: [SQLValue] = [.integer(instant.seconds), .text(service.value), .text(guide.value)]
                let trips = try session.trips(of: service, where: condition, keys, zones: zones)
                let others = Dictionary(
                    grouping: try session.all(
                        """
                        SELECT a.trip_id, p.name, a.role FROM assignments a JOIN people p ON p.person_id = a.person_id
                        WHERE a.service_id = ? AND a.state IN ('asked', 'accepted') AND a.person_id <> ?
                        ORDER BY a.role, p.name
                        """, [.text(service.value), .text(guide.value)]
                    ) { (TripID(try $0.text(0)), "\(try $0.text(1)) (\(try $0.text(2)))") }, by: \.0)
                for trip in trips {
                    guard let assignment = byTrip[trip.trip.id] else { continue }
                    entries.append(
                        AgendaEntry(
                            serviceName: name, slug: slug, trip: trip, assignment: assignment,
                            crew: (others[trip.trip.id] ?? []).map(\.1)))
                }
            }
            return entries.sorted { ($0.trip.trip.period.start, $0.trip.trip.id) < ($1.trip.trip.period.start, $1.trip.trip.id) }
        }
    }

    /// The parties of a trip with their guests, those that hold seats first.
    public func partyLines(of trip: TripID, in service: ServiceID) async throws -> [PartyLine] {
        try await database.read { session in
            let guests = Dictionary(
                try session.all(
                    """
                    SELECT guest_id, name, email, phone FROM guests WHERE service_id = ? AND guest_id IN (
                        SELECT primary_guest FROM parties WHERE service_id = ? AND trip_id = ?)
                    """, [.text(service.value), .text(service.value), .text(trip.value)]
                ) { (try $0.text(0), (try $0.text(1), try $0.text(2), try $0.optionalText(3))) },
                uniquingKeysWith: { first, _ in first })
            let parties = try session.parties(
                where: "service_id = ? AND trip_id = ?", [.text(service.value), .text(trip.value)])
            return parties.filter(\.party.state.holdsSeats).map { party in
                let guest = party.guest.flatMap { guests[$0] }
                return PartyLine(party: party, name: guest?.0, email: guest?.1, phone: guest?.2)
            }
        }
    }

    /// Names of people, for pages that have ids.
    public func name(of person: PersonID) async throws -> (name: String, email: String, zone: ZoneID)? {
        try await database.read { session in
            try session.first("SELECT name, email, zone FROM people WHERE person_id = ?", [.text(person.value)]) {
                (try $0.text(0), try $0.text(1), ZoneID(try $0.text(2)))
            }
        }
    }
}
