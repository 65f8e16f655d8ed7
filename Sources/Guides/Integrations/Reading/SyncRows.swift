import CivilTime
import Sealing
import StorageKit
import Trips

/// The rows of one link in `guide_availability`. Every statement names the source `sync` and the link, so that nothing
/// here can touch what a guide or an office wrote.
struct SyncRows {
    let link: CalendarLink
    let session: any WriteSession
    let now: Instant

    /// Writes what entries mean; what is as it was is left alone. Returns how many rows changed.
    @discardableResult
    func apply(_ entries: [CalendarEntry]) throws -> Int {
        var changed = 0
        for entry in entries {
            switch entry.meaning {
            case .blocks(let period, let reason): changed += try put(entry, period, reason)
            case .free: changed += try remove(entry.key)
            case .ours: changed += try remove(entry.key)
            }
        }
        return changed
    }

    private func put(_ entry: CalendarEntry, _ period: Period, _ reason: BusyReason) throws -> Int {
        let changed = try session.execute(
            """
            INSERT INTO guide_availability (person_id, row_id, start_at, end_at, is_available, is_tentative, source,
                visibility, origin, origin_key, reason, created_at, changed_at)
            VALUES (?, ?, ?, ?, 0, ?, 'sync', ?, ?, ?, ?, ?, ?)
            ON CONFLICT (person_id, origin, origin_key) WHERE origin IS NOT NULL DO UPDATE SET
                start_at = excluded.start_at, end_at = excluded.end_at, is_tentative = excluded.is_tentative,
                reason = excluded.reason, visibility = excluded.visibility, changed_at = excluded.changed_at
            WHERE guide_availability.source = 'sync' AND (guide_availability.start_at <> excluded.start_at
                OR guide_availability.end_at <> excluded.end_at OR guide_availability.reason <> excluded.reason
                OR guide_availability.visibility <> excluded.visibility)
            """,
            [
                .text(link.guide.value), .text("avl_" + Crypto.token(20)), .integer(period.start.seconds),
                .integer(period.end.seconds), SQLValue(reason.isTentative),
                .text((entry.details == nil ? GuideAvailability.Visibility.busy : .detail).rawValue),
                .text(link.id.value), .text(entry.key), .text(reason.rawValue), .integer(now.seconds),
                .integer(now.seconds),
            ])
        try put(entry.details, key: entry.key)
        return changed
    }

    private func put(_ details: CalendarEntry.Details?, key: String) throws {
        guard link.level == .detail else { return }
        guard let details else { return try removeDetails(key) }
        try session.execute(
            """
            INSERT INTO calendar_details (person_id, origin, origin_key, summary, place) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (person_id, origin, origin_key) DO UPDATE SET summary = excluded.summary, place = excluded.place
            """,
            [
                .text(link.guide.value), .text(link.id.value), .text(key), .text(details.summary),
                SQLValue(details.place),
            ])
    }

    private func remove(_ key: String) throws -> Int {
        try removeDetails(key)
        return try session.execute(
            """
            DELETE FROM guide_availability WHERE person_id = ? AND origin = ? AND origin_key = ? AND source = 'sync'
            """, mine + [.text(key)])
    }

    private func removeDetails(_ key: String) throws {
        try session.execute(
            "DELETE FROM calendar_details WHERE person_id = ? AND origin = ? AND origin_key = ?", mine + [.text(key)])
    }

    /// Deletes rows that overlap `period`, are not among `kept`, and of which `wasRead` says that their calendar was read.
    /// Only after a complete read of `period`.
    func removeOthers(than kept: Set<String>, in period: Period, wasRead: (String) -> Bool) throws {
        let keys = try session.all(
            """
            SELECT origin_key FROM guide_availability
            WHERE person_id = ? AND origin = ? AND source = 'sync' AND end_at > ? AND start_at < ?
            """, mine + [.integer(period.start.seconds), .integer(period.end.seconds)]
        ) { try $0.text(0) }
        for key in keys where !kept.contains(key) && wasRead(key) { _ = try remove(key) }
    }

    /// Deletes the rows of a calendar that does not count any more.
    func removeAll(of calendar: String) throws {
        let prefix = CalendarEntry.prefix(calendar)
        for table in ["guide_availability", "calendar_details"] {
            try session.execute(
                "DELETE FROM \(table) WHERE person_id = ? AND origin = ? AND substr(origin_key, 1, ?) = ?",
                mine + [.integer(Int64(prefix.unicodeScalars.count)), .text(prefix)])
        }
    }

    func removeAll() throws {
        for table in ["guide_availability", "calendar_details"] {
            try session.execute("DELETE FROM \(table) WHERE person_id = ? AND origin = ?", mine)
        }
    }

    /// Deletes what has been over for long.
    func removeEnded(before instant: Instant) throws {
        try session.execute(
            "DELETE FROM guide_availability WHERE person_id = ? AND origin = ? AND source = 'sync' AND end_at < ?",
            mine + [.integer(instant.seconds)])
    }

    private var mine: [SQLValue] { [.text(link.guide.value), .text(link.id.value)] }
}
