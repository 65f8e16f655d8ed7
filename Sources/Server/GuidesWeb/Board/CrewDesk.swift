import CivilTime
import Season
import Staffing
import Trips

/// Asks staffing about a service's season: one snapshot in, reasons and crews out. Browsing, assigning and 'who can run
/// this?' ask here, so that they cannot differ.
struct CrewDesk: Sendable {
    let services: GuidesServices

    /// Days on either side of what is asked about that count for rest and fairness.
    private static let margin: Int64 = 60 * 86_400

    /// The guides of `service` as its office may know them, for questions about `period`.
    func picture(of service: GuideService, for period: Period) async throws -> StaffingPicture {
        guard let start = period.start.advanced(bySeconds: -Self.margin),
            let end = period.end.advanced(bySeconds: Self.margin), let window = Period(from: start, to: end)
        else { throw GuideFailure.notFound }
        return Self.picture(
            of: try await services.store.board(of: service.id, in: window), policy: service.policy)
    }

    static func picture(of board: SeasonBoard, policy: StaffingPolicy) -> StaffingPicture {
        let trips = Dictionary(board.trips.map { ($0.trip.id, $0.trip) }, uniquingKeysWith: { one, _ in one })
        let busy = Dictionary(grouping: board.busy, by: \.guide)
        let crews = Dictionary(grouping: board.assignments.filter(\.state.holdsTime), by: \.guide)
        let guides = board.guides.map { guide in
            let rows = busy[guide.person] ?? []
            // What a guide opened by hand is open, whatever their calendar says.
            let open = rows.filter { $0.isAvailable && $0.source == .manual }.map(\.period)
            let taken = rows.filter { row in
                !row.isAvailable
                    && !(row.source == .sync && open.contains { $0.start <= row.period.start && $0.end >= row.period.end })
            }
            return GuidePicture(
                id: guide.person, name: guide.name, qualifications: board.qualifications[guide.person] ?? [],
                busy: taken.map {
                    BusyTime($0.period, source: $0.source, isTentative: $0.isTentative, visibility: $0.visibility)
                },
                trips: (crews[guide.person] ?? []).compactMap { place in
                    trips[place.trip].map { CrewTrip(TripSpan($0), role: place.role) }
                })
        }
        return StaffingPicture(
            guides: guides, rules: StaffingRules(policy: policy, drives: DriveTimes(board.drives.map { ($0.one, $0.other, $0.minutes) })))
    }

    /// What keeps `guide` from a place on `trip`; empty where they can.
    func obstacles(for guide: PersonID, to trip: Trip, as role: CrewRole, of service: GuideService) async throws
        -> [Obstacle]
    {
        let picture = try await picture(of: service, for: trip.period)
        guard let guide = picture.guide(guide) else { return [.notMember] }
        let need = trip.needs.first { $0.role == role } ?? CrewNeed(role: role, count: 1)
        return guide.obstacles(to: TripSpan(trip), filling: need, under: picture.rules)
    }
}
