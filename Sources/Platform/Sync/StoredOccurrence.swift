import Accounts
import StorageKit

/// An occurrence as it is stored, to be compared with what a new text of its item says.
struct StoredOccurrence: Hashable, Sendable {
    let row: OccurrenceRow
    let isDeleted: Bool
    /// The hull of every span it ever had: where a moved event once was (`include_moved`).
    let firstStart: Int64
    let lastEnd: Int64
    /// When it last changed other than by the application that manages it.
    let outsideAt: Int64

    static func all(of item: Int64, account: AccountID, session: any ReadSession) throws -> [StoredOccurrence] {
        try session.all(
            """
            SELECT recurrence, component, start_at, end_at, start_day, end_day, start_zone, end_zone, weight, deleted,
                first_start, last_end, outside_at
            FROM occurrences WHERE account_id = ? AND item = ?
            """, [.text(account.value), .integer(item)]
        ) { row in
            StoredOccurrence(
                row: OccurrenceRow(
                    recurrence: try row.integer(0), component: try row.integer(1), start: try row.integer(2),
                    end: try row.integer(3), startDay: try row.optionalInteger(4), endDay: try row.optionalInteger(5),
                    startZone: try row.optionalText(6), endZone: try row.optionalText(7), weight: try row.integer(8)),
                isDeleted: try row.flag(9), firstStart: try row.integer(10), lastEnd: try row.integer(11),
                outsideAt: try row.integer(12))
        }
    }
}
