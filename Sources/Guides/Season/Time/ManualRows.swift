public import CivilTime
import StorageKit
public import Trips

/// A row that a guide wrote by hand.
public struct ManualRow: Hashable, Sendable {
    public let id: String
    public var period: Period
    /// False: blocks. True: opens, whatever a calendar or a season says.
    public var isAvailable: Bool
    public var visibility: GuideAvailability.Visibility
    /// Read by the guide, and by services that see detail.
    public var note: String
}

extension SeasonStore {
    /// Writes a row by hand; only the guide does.
    public func addManualRow(
        _ period: Period, isAvailable: Bool = false, visibility: GuideAvailability.Visibility = .busy,
        note: String = "", of guide: PersonID
    ) async throws -> ManualRow {
        guard note.utf8.count <= 2000 else { throw SeasonError.invalid("note", "wants at most 2000 bytes") }
        let (now, id) = (now(), (Self.fresh("avl_") as Identifier<ManualRow>).value)
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO guide_availability (person_id, row_id, start_at, end_at, is_available, is_tentative, source,
                    visibility, note, reason, created_at, changed_at)
                VALUES (?, ?, ?, ?, ?, 0, 'manual', ?, ?, 'by hand', ?, ?)
                """,
                [
                    .text(guide.value), .text(id), .integer(period.start.seconds), .integer(period.end.seconds),
                    SQLValue(isAvailable), .text(visibility.rawValue), .text(note), .integer(now.seconds),
                    .integer(now.seconds),
                ])
        }
        return ManualRow(id: id, period: period, isAvailable: isAvailable, visibility: visibility, note: note)
    }

    /// Changes a row that the guide wrote; rows of other sources are not found.
    public func updateManualRow(_ row: ManualRow, of guide: PersonID) async throws {
        guard row.note.utf8.count <= 2000 else { throw SeasonError.invalid("note", "wants at most 2000 bytes") }
        let now = now()
        let found = try await database.write { session in
            try session.execute(
                """
                UPDATE guide_availability SET start_at = ?, end_at = ?, is_available = ?, visibility = ?, note = ?,
                    changed_at = ? WHERE person_id = ? AND row_id = ? AND source = 'manual'
                """,
                [
                    .integer(row.period.start.seconds), .integer(row.period.end.seconds), SQLValue(row.isAvailable),
                    .text(row.visibility.rawValue), .text(row.note), .integer(now.seconds), .text(guide.value),
                    .text(row.id),
                ])
        }
        guard found == 1 else { throw SeasonError.notFound }
    }

    public func removeManualRow(_ id: String, of guide: PersonID) async throws {
        let found = try await database.write { session in
            try session.execute(
                "DELETE FROM guide_availability WHERE person_id = ? AND row_id = ? AND source = 'manual'",
                [.text(guide.value), .text(id)])
        }
        guard found == 1 else { throw SeasonError.notFound }
    }

    /// Rows that touch `period`, by start.
    public func manualRows(of guide: PersonID, in period: Period) async throws -> [ManualRow] {
        try await availabilityRows(of: guide, in: period).compactMap(ManualRow.init)
    }
}

extension ManualRow {
    /// Nil where the guide did not write it.
    public init?(_ row: AvailabilityRow) {
        guard row.availability.source == .manual else { return nil }
        self.init(
            id: row.id, period: row.availability.period, isAvailable: row.availability.isAvailable,
            visibility: row.availability.visibility, note: row.note)
    }
}
