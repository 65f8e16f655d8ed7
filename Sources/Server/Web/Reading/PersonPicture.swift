import Accounts
import CivilTime
import StorageKit

/// Everything the pages of one person start from, as of one moment.
struct PersonPicture: Sendable {
    let account: Account
    let profiles: [Profile]
    /// Deleted ones left out.
    let calendars: [CalendarRecord]
    let putAside: Int
    let activity: [CalendarNumber: Activity]

    /// The latest event that has begun and the next one, of a calendar: how people tell which calendar this is (B19).
    struct Activity: Hashable, Sendable {
        let last: Instant?
        let next: Instant?
    }

    func calendars(of profile: Profile) -> [CalendarRecord] { calendars.filter { $0.profile == profile.id } }

    func profile(of calendar: CalendarRecord) -> Profile? { profiles.first { $0.id == calendar.profile } }

    static func read(_ account: Account, now: Instant, in session: any ReadSession) throws -> PersonPicture {
        let owner = SQLValue.text(account.id.value)
        let rows = try session.all(
            """
            SELECT calendar, MAX(CASE WHEN start_at <= ? THEN start_at END), MIN(CASE WHEN start_at > ? THEN start_at END)
            FROM occurrences WHERE account_id = ? AND deleted = 0 GROUP BY calendar
            """, [.integer(now.seconds), .integer(now.seconds), owner]
        ) { row in
            (
                CalendarNumber(try row.integer(0)),
                Activity(
                    last: try row.optionalInteger(1).map { Instant(seconds: $0) },
                    next: try row.optionalInteger(2).map { Instant(seconds: $0) })
            )
        }
        return PersonPicture(
            account: account, profiles: try ProfileStore.profiles(of: account.id, in: session),
            calendars: try ProfileStore.calendars(of: account.id, in: session).filter { !$0.isDeleted },
            putAside: try countPutAside(owner, in: session), activity: Dictionary(rows) { first, _ in first })
    }

    static func countPutAside(_ owner: SQLValue, in session: any ReadSession) throws -> Int {
        let count = try session.first(
            "SELECT COUNT(*) FROM items WHERE account_id = ? AND fault IS NOT NULL AND deleted = 0", [owner]
        ) { try $0.integer(0) }
        return Int(count ?? 0)
    }
}
