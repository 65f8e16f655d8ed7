import CivilTime
import StorageKit
public import Trips

extension SeasonStore {
    /// Lets go, in every service, of what has run out: holds of guests and questions to guides. Returns what guides did
    /// not answer, by service, for the office to be told.
    public func sweep() async throws -> [(service: ServiceID, unanswered: [Assignment])] {
        let now = now()
        let services = try await database.read { session in
            try session.all(
                """
                SELECT service_id FROM parties WHERE state = 'held' AND held_until <= ?
                UNION SELECT service_id FROM assignments WHERE state = 'asked' AND deadline <= ? ORDER BY service_id
                """, [.integer(now.seconds), .integer(now.seconds)]
            ) { ServiceID(try $0.text(0)) }
        }
        var ended: [(service: ServiceID, unanswered: [Assignment])] = []
        for service in services { ended.append((service, try await expireAsked(of: service))) }
        return ended
    }
}
