import CivilTime
import Season
import Staffing
import StorageKit
import Trips

/// What the tables say of a service's guides, but for their busy time: one query for each table, whatever the number of
/// guides.
struct PictureRows: Sendable {
    let members: [Member]
    let rules: StaffingRules
    private var qualifications: [PersonID: [Qualification]] = [:]
    private var trips: [PersonID: [CrewTrip]] = [:]

    /// Days around a window whose trips count for fairness and rest.
    static let season: Int64 = 180

    init(
        _ service: ServiceID, around window: Period, only guides: [PersonID]?, in session: any ReadSession
    ) throws {
        guard let found = try session.service(service) else { throw SeasonError.notFound }
        members = try session.members(of: service).filter { member in
            member.roles.contains(.guide) && (guides?.contains(member.person) ?? true)
        }
        rules = try Self.rules(of: found, in: session)
        let named = members.map(\.person)
        qualifications = try Self.qualifications(named, in: session)
        trips = try Self.trips(service, around: window.widened(byDays: Self.season), of: named, in: session)
    }

    func picture(of member: Member, busy: [BusyTime]) -> GuidePicture {
        GuidePicture(
            id: member.person, name: member.name, isActive: member.isActive,
            qualifications: qualifications[member.person] ?? [], busy: busy, trips: trips[member.person] ?? [])
    }

    static func rules(of service: GuideService, in session: any ReadSession) throws -> StaffingRules {
        StaffingRules(policy: service.policy, drives: DriveTimes(try drives(service.id, in: session)))
    }

    private static func drives(
        _ service: ServiceID, in session: any ReadSession
    ) throws -> [(one: String, other: String, minutes: Int)] {
        try session.all("SELECT one, other, minutes FROM drive_times WHERE service_id = ?", [.text(service.value)]) {
            (try $0.text(0), try $0.text(1), Int(clamping: try $0.integer(2)))
        }
    }

    private static func qualifications(
        _ guides: [PersonID], in session: any ReadSession
    ) throws -> [PersonID: [Qualification]] {
        let rows = try inChunks(guides) { marks, people in
            try session.all(
                "SELECT person_id, kind, valid_from, valid_through FROM qualifications WHERE person_id IN (\(marks))",
                people
            ) { row in (guide: PersonID(try row.text(0)), held: try Qualification(row: row, at: 1)) }
        }
        return Dictionary(grouping: rows, by: \.guide).mapValues { $0.map(\.held) }
    }

    /// The trips of `service` that `guides` are on.
    static func trips(
        _ service: ServiceID, around window: Period, of guides: [PersonID], in session: any ReadSession
    ) throws -> [PersonID: [CrewTrip]] {
        let rows = try inChunks(guides) { marks, people in
            try session.all(
                """
                SELECT a.person_id, a.role, t.trip_id, t.place, t.place_zone, t.start_at, t.end_at, t.first_day,
                    COALESCE(t.days, 1)
                FROM assignments a JOIN trips t ON t.service_id = a.service_id AND t.trip_id = a.trip_id
                WHERE a.service_id = ? AND a.state IN ('asked', 'accepted') AND t.end_at > ? AND t.start_at < ?
                    AND a.person_id IN (\(marks))
                """,
                [.text(service.value), .integer(window.start.seconds), .integer(window.end.seconds)] + people
            ) { row in (guide: PersonID(try row.text(0)), trip: try CrewTrip(row: row)) }
        }
        return Dictionary(grouping: rows, by: \.guide).mapValues { $0.map(\.trip) }
    }

    /// Databases take so many arguments.
    private static func inChunks<Row>(
        _ guides: [PersonID], _ read: (_ marks: String, _ people: [SQLValue]) throws -> [Row]
    ) throws -> [Row] {
        try stride(from: 0, to: guides.count, by: 500).flatMap { start in
            let chunk = guides[start..<min(start + 500, guides.count)]
            return try read(chunk.map { _ in "?" }.joined(separator: ", "), chunk.map { .text($0.value) })
        }
    }
}

extension CrewTrip {
    fileprivate init(row: any SQLRow) throws {
        guard let role = CrewRole(rawValue: try row.text(1)),
            let period = Period(from: Instant(seconds: try row.integer(5)), to: Instant(seconds: try row.integer(6))),
            let first = Int32(exactly: try row.integer(7)).flatMap(CivilDate.init(dayNumber:)),
            let last = first.adding(days: Int(clamping: try row.integer(8)) - 1)
        else { throw StorageError.unexpectedValue(column: 1, wanted: "a crew's trip") }
        self.init(
            TripSpan(
                trip: TripID(try row.text(2)), period: period, firstDay: first, lastDay: last,
                place: Place(name: try row.text(3), zone: ZoneID(try row.text(4)))), role: role)
    }
}
