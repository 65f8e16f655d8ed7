public import CivilTime
import StorageKit
public import Trips

/// A row of a guide's time as the guide sees it, whatever it comes from.
public struct AvailabilityRow: Hashable, Sendable {
    public let id: String
    public let availability: GuideAvailability
    /// Of assignments.
    public let service: ServiceID?
    public let trip: TripID?
    public let note: String
    /// Why it is there: `by hand`, `assigned`, or how an event of a calendar was read (docs/guides-availability.md).
    public let reason: String
    public let createdAt: Instant
    public let changedAt: Instant
}

extension SeasonStore {
    /// Rows that touch `period`, by start.
    public func availabilityRows(of guide: PersonID, in period: Period) async throws -> [AvailabilityRow] {
        try await availabilityRows(
            of: guide, where: "end_at > ? AND start_at < ?",
            [.integer(period.start.seconds), .integer(period.end.seconds)])
    }

    public func availabilityRow(_ id: String, of guide: PersonID) async throws -> AvailabilityRow? {
        try await availabilityRows(of: guide, where: "row_id = ?", [.text(id)]).first
    }

    private func availabilityRows(
        of guide: PersonID, where condition: String, _ arguments: [SQLValue]
    ) async throws -> [AvailabilityRow] {
        try await database.read { session in
            try session.all(
                """
                SELECT row_id, start_at, end_at, is_available, is_tentative, source, visibility, service_id, trip_id, note,
                    reason, created_at, changed_at
                FROM guide_availability WHERE person_id = ? AND \(condition) ORDER BY start_at, row_id
                """, [.text(guide.value)] + arguments
            ) { row in
                let (start, end) = (Instant(seconds: try row.integer(1)), Instant(seconds: try row.integer(2)))
                guard let period = Period(from: start, to: end) else {
                    throw StorageError.unexpectedValue(column: 2, wanted: "an end after the start")
                }
                guard let source = GuideAvailability.Source(rawValue: try row.text(5)) else {
                    throw StorageError.unexpectedValue(column: 5, wanted: "a source")
                }
                return AvailabilityRow(
                    id: try row.text(0),
                    availability: GuideAvailability(
                        guide: guide, period: period, source: source, isAvailable: try row.flag(3),
                        isTentative: try row.flag(4),
                        visibility: GuideAvailability.Visibility(rawValue: try row.text(6)) ?? .private),
                    service: try row.optionalText(7).map { ServiceID($0) },
                    trip: try row.optionalText(8).map { TripID($0) }, note: try row.optionalText(9) ?? "",
                    reason: try row.text(10), createdAt: Instant(seconds: try row.integer(11)),
                    changedAt: Instant(seconds: try row.integer(12)))
            }
        }
    }
}
