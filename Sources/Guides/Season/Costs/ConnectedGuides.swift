public import CivilTime
import StorageKit
public import Trips

/// How many guides of a service have a calendar linked, and how many of them are on trips in each stretch of time.
public struct ConnectedGuides: Hashable, Sendable {
    public let guides: Int
    public let connected: Int
    /// For each stretch asked for.
    public let onTrips: [Int]
}

extension SeasonStore {
    public func connectedGuides(of service: ServiceID, in stretches: [Period]) async throws -> ConnectedGuides {
        try await database.read { session in
            let linked = """
                FROM memberships m WHERE m.service_id = ? AND m.role = 'GUIDE' AND m.is_active = 1
                """
            let hasLink = " AND EXISTS (SELECT 1 FROM calendar_links l WHERE l.person_id = m.person_id)"
            func count(_ more: String, _ arguments: [SQLValue] = []) throws -> Int {
                let found = try session.first("SELECT COUNT(*) \(linked)\(more)", [.text(service.value)] + arguments) {
                    try $0.integer(0)
                }
                return Int(found ?? 0)
            }
            return ConnectedGuides(
                guides: try count(""), connected: try count(hasLink),
                onTrips: try stretches.map { stretch in
                    try count(
                        hasLink + """
                             AND EXISTS (SELECT 1 FROM assignments a JOIN trips t
                                ON t.service_id = a.service_id AND t.trip_id = a.trip_id
                                WHERE a.service_id = m.service_id AND a.person_id = m.person_id
                                AND a.state IN ('asked', 'accepted') AND t.state <> 'cancelled'
                                AND t.end_at > ? AND t.start_at < ?)
                            """, [.integer(stretch.start.seconds), .integer(stretch.end.seconds)])
                })
        }
    }
}
