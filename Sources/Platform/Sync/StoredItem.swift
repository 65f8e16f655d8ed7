import Accounts
import StorageKit

/// What the store holds of an item, as far as applying needs it.
struct StoredItem: Hashable, Sendable {
    let number: Int64
    let remoteID: String
    let version: String?
    let uid: String
    let hash: [UInt8]
    let isDeleted: Bool
    /// Local changes not yet written to the provider; while there are any, the provider's text does not replace ours.
    /// None once the provider has refused them for good.
    let pending: Int64
    /// The application that manages it.
    let client: ClientID?

    private static let columns = """
        SELECT item, remote_id, version, uid, hash, deleted, CASE WHEN refused_at IS NULL THEN pending ELSE 0 END,
            client_id
        FROM items
        """

    /// The items of `calendar` at these addresses. Asked in chunks of one size, so that the statement is prepared once.
    static func find(
        _ ids: [String], in calendar: CalendarNumber, of account: AccountID, session: any ReadSession
    ) throws -> [String: StoredItem] {
        var found: [String: StoredItem] = [:]
        let size = 100
        for start in stride(from: 0, to: ids.count, by: size) {
            var chunk = Array(ids[start..<min(start + size, ids.count)])
            if ids.count > 4, let last = chunk.last { chunk += Array(repeating: last, count: size - chunk.count) }
            let marks = repeatElement("?", count: chunk.count).joined(separator: ", ")
            try session.forEach(
                columns + " WHERE account_id = ? AND calendar = ? AND remote_id IN (\(marks))",
                [.text(account.value), .integer(calendar.value)] + chunk.map(SQLValue.text)
            ) { row in
                let item = try StoredItem(row)
                found[item.remoteID] = item
            }
        }
        return found
    }

    /// Items we have written or are about to write, whose address the provider has not told us yet, by UID.
    static func unplaced(
        in calendar: CalendarNumber, of account: AccountID, session: any ReadSession
    ) throws -> [String: StoredItem] {
        let items = try session.all(
            columns
                + " WHERE account_id = ? AND calendar = ? AND pending > 0 AND remote_id LIKE '\(OwnItem.unplaced)%'",
            [.text(account.value), .integer(calendar.value)], StoredItem.init)
        return Dictionary(items.map { ($0.uid, $0) }) { first, _ in first }
    }

    private init(_ row: any SQLRow) throws {
        (number, remoteID, version) = (try row.integer(0), try row.text(1), try row.optionalText(2))
        (uid, hash, isDeleted) = (try row.text(3), try row.blob(4), try row.flag(5))
        (pending, client) = (try row.integer(6), try row.optionalText(7).map { ClientID($0) })
    }
}
