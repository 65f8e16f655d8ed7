import CivilTime
import StorageKit
public import Trips

extension SeasonStore {
    /// The audit of a service from line `after` on, at most `limit` lines, oldest first; of one `thing` only where named.
    public func audit(
        of service: ServiceID, after: Int64 = 0, thing: String? = nil, limit: Int = 1000
    ) async throws -> [AuditEntry] {
        try await database.read { session in
            try session.all(
                """
                SELECT entry, at, actor, detail FROM audit WHERE service_id = ? AND entry > ?
                \(thing == nil ? "" : "AND thing = ?") ORDER BY entry LIMIT ?
                """,
                [.text(service.value), .integer(after)] + [thing.map(SQLValue.text)].compactMap { $0 }
                    + [.integer(Int64(clamping: limit))]
            ) { row in
                AuditEntry(
                    number: try row.integer(0), at: Instant(seconds: try row.integer(1)), actor: try row.text(2),
                    change: try SeasonChange(text: try row.text(3)))
            }
        }
    }

    /// The number of changes so far: what a page that follows along compares.
    public func version(of service: ServiceID) async throws -> Int64 {
        try await database.read { session in
            try session.first("SELECT version FROM guide_services WHERE service_id = ?", [.text(service.value)]) {
                try $0.integer(0)
            } ?? 0
        }
    }
}
