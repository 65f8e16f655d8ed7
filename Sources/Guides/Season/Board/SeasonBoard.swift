public import CivilTime
import StorageKit
public import Trips

/// A stretch of a service's season as its office may see it: guides, trips, crews, and when guides are busy beside them.
/// Busy time has no title, by type; what a guide keeps from this service only says that it is taken.
public struct SeasonBoard: Sendable {
    public let version: Int64
    /// Active guides, by name.
    public let guides: [Member]
    /// By start, those without a crew too.
    public let trips: [StoredTrip]
    /// Of the trips above.
    public let assignments: [Assignment]
    /// Of guides above, by start: all rows but assignments of this service.
    public let busy: [Busy]
    public let qualifications: [PersonID: [Qualification]]
    /// Minutes on the road between places, either way.
    public let drives: [Drive]

    public struct Drive: Hashable, Sendable {
        public let one, other: String
        public let minutes: Int
    }

    public struct Busy: Hashable, Sendable {
        public let guide: PersonID
        public let period: Period
        public let source: GuideAvailability.Source
        public let isAvailable: Bool
        public let isTentative: Bool
        /// What this service may see of it, the guide's rules counted.
        public let visibility: GuideAvailability.Visibility
        /// When the row was last written.
        public let changed: Instant
    }

    public func crew(of trip: TripID) -> [Assignment] { assignments.filter { $0.trip == trip } }

    public var withoutBusyTime: SeasonBoard {
        SeasonBoard(
            version: version, guides: guides, trips: trips, assignments: assignments, busy: [],
            qualifications: qualifications, drives: drives)
    }
}

extension SeasonStore {
    /// One snapshot, one query of each table, whatever the number of guides.
    /// - Parameter guides: whose busy time is wanted; nil: everybody's.
    public func board(
        of service: ServiceID, in window: Period, busyOf guides: [PersonID]? = nil
    ) async throws -> SeasonBoard {
        let wanted = guides
        let zones = zones
        return try await database.read { session in
            let members = try session.members(where: "m.service_id = ?", service.value)
            let guides = members.filter { $0.isActive && $0.roles.contains(.guide) }
            let span: [SQLValue] = [.integer(window.end.seconds), .integer(window.start.seconds)]
            let trips = try session.trips(
                of: service, where: "start_at < ? AND end_at > ? AND state <> 'cancelled'", span, zones: zones)
            return SeasonBoard(
                version: try session.first(
                    "SELECT version FROM guide_services WHERE service_id = ?", [.text(service.value)]
                ) { try $0.integer(0) } ?? 0, guides: guides, trips: trips,
                assignments: try session.assignments(
                    where: """
                        service_id = ? AND trip_id IN (SELECT trip_id FROM trips
                            WHERE service_id = ? AND start_at < ? AND end_at > ? AND state <> 'cancelled')
                        """, [.text(service.value), .text(service.value)] + span),
                busy: try session.busy(of: service, span, only: wanted),
                qualifications: try session.qualifications(of: service),
                drives: try session.all(
                    "SELECT one, other, minutes FROM drive_times WHERE service_id = ?", [.text(service.value)]
                ) { .init(one: try $0.text(0), other: try $0.text(1), minutes: Int(try $0.integer(2))) })
        }
    }
}

extension ReadSession {
    fileprivate func busy(
        of service: ServiceID, _ span: [SQLValue], only guides: [PersonID]?
    ) throws -> [SeasonBoard.Busy] {
        if guides?.isEmpty == true { return [] }
        // Few are named; many are found by the service.
        let named = guides.flatMap { $0.count <= 100 ? $0 : nil }
        let who = named.map { "a.person_id IN (\($0.map { _ in "?" }.joined(separator: ", "))) AND " } ?? ""
        let found = try all(
            """
            SELECT a.person_id, a.start_at, a.end_at, a.source, a.is_available, a.is_tentative,
                CASE WHEN a.source = 'assignment' THEN 'busy' ELSE COALESCE(s.visibility, a.visibility) END, a.changed_at
            FROM guide_availability a
            LEFT JOIN availability_shares s
                ON s.person_id = a.person_id AND s.service_id = ? AND s.source = a.source
            WHERE \(who)a.person_id IN (SELECT person_id FROM memberships
                    WHERE service_id = ? AND role = 'GUIDE' AND is_active = 1)
                AND a.start_at < ? AND a.end_at > ? AND NOT (a.source = 'assignment' AND a.service_id = ?)
            ORDER BY a.start_at, a.row_id
            """,
            [.text(service.value)] + (named ?? []).map { .text($0.value) } + [.text(service.value)] + span
                + [.text(service.value)]
        ) { row -> SeasonBoard.Busy? in
            guard
                let period = Period(
                    from: Instant(seconds: try row.integer(1)), to: Instant(seconds: try row.integer(2)))
            else { return nil }
            return SeasonBoard.Busy(
                guide: PersonID(try row.text(0)), period: period,
                source: GuideAvailability.Source(rawValue: try row.text(3)) ?? .manual, isAvailable: try row.flag(4),
                isTentative: try row.flag(5),
                visibility: GuideAvailability.Visibility(rawValue: try row.text(6)) ?? .private,
                changed: Instant(seconds: try row.integer(7)))
        }
        return found.compactMap { $0 }
    }

    fileprivate func qualifications(of service: ServiceID) throws -> [PersonID: [Qualification]] {
        let rows = try all(
            """
            SELECT person_id, kind, valid_from, valid_through FROM qualifications WHERE person_id IN (
                SELECT person_id FROM memberships WHERE service_id = ?) ORDER BY person_id, kind
            """, [.text(service.value)]
        ) { row in
            (
                PersonID(try row.text(0)),
                Qualification(
                    kind: try row.text(1), validFrom: try row.optionalInteger(2).flatMap(CivilDate.init(stored:)),
                    validThrough: try row.optionalInteger(3).flatMap(CivilDate.init(stored:)))
            )
        }
        return Dictionary(grouping: rows, by: \.0).mapValues { $0.map(\.1) }
    }
}
