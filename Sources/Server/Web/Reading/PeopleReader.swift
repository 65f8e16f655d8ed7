import Accounts
import CivilTime
import StorageKit

/// Reads what pages show of people, each page in one snapshot.
struct PeopleReader: Sendable {
    let services: WebServices
    private var database: any Database { services.accounts.database }

    /// People on one page of the list.
    static let pageSize = 100
    /// Items put aside that one page shows.
    static let itemLimit = 200

    /// The picture of one person, or nil where there is no such account.
    func person(_ id: AccountID) async throws -> PersonPicture? {
        let now = services.now
        return try await database.read { session in
            guard let account = try AccountStore.account(id, in: session) else { return nil }
            return try PersonPicture.read(account, now: now, in: session)
        }
    }

    /// Pictures of the people on page `page`, from 0, and how many people there are.
    func people(page: Int) async throws -> (people: [PersonPicture], total: Int) {
        let (accounts, now) = (try await services.accounts.accounts(), services.now)
        let shown = Array(accounts.dropFirst(page * Self.pageSize).prefix(Self.pageSize))
        let pictures = try await database.read { session in
            try shown.map { try PersonPicture.read($0, now: now, in: session) }
        }
        return (pictures, accounts.count)
    }

    /// What was put aside, newest item first.
    func putAside(of account: AccountID) async throws -> [PutAsideItem] {
        try await database.read { session in
            try session.all(
                """
                SELECT i.item, i.calendar, i.fault, i.fault_at, c.summary FROM items i
                LEFT JOIN components c ON c.account_id = i.account_id AND c.item = i.item AND c.component = 0
                WHERE i.account_id = ? AND i.fault IS NOT NULL AND i.deleted = 0 ORDER BY i.item DESC LIMIT ?
                """, [.text(account.value), .integer(Int64(Self.itemLimit))]
            ) { row in
                PutAsideItem(
                    item: ItemNumber(try row.integer(0)), calendar: CalendarNumber(try row.integer(1)),
                    reason: try row.text(2), since: try row.optionalInteger(3).map { Instant(seconds: $0) },
                    summary: try row.optionalText(4))
            }
        }
    }
}

/// An item that could not be read, and why.
struct PutAsideItem: Hashable, Sendable {
    let item: ItemNumber
    let calendar: CalendarNumber
    let reason: String
    let since: Instant?
    /// From an earlier reading that went well.
    let summary: String?
}
