public import Accounts
public import Availability
public import CivilTime
import StorageKit

/// A time an application has opened for an account (part 2, §5).
public struct AvailablePeriod: Hashable, Sendable {
    public var id: String
    public var period: Period
    public var zone: ZoneID?
    public init(id: String, period: Period, zone: ZoneID?) { (self.id, self.period, self.zone) = (id, period, zone) }
}

/// Weekly open hours an application keeps for an account (part 2, §6).
public struct AvailabilityRule: Hashable, Sendable {
    public var id: String
    public var zone: ZoneID
    /// Whose events take time in these hours; nil: every calendar.
    public var calendars: [CalendarID]?
    public var spans: [WeeklyHours.Span]
    public init(id: String, zone: ZoneID, calendars: [CalendarID]?, spans: [WeeklyHours.Span]) {
        (self.id, self.zone, self.calendars, self.spans) = (id, zone, calendars, spans)
    }
}

/// Keeps available periods and rules, each application's own for each account. Every write counts as a change of the
/// account, so that no cached picture outlives it.
public struct ManagedAvailability: Sendable {
    let accounts: AccountStore

    public init(accounts: AccountStore) { self.accounts = accounts }

    // MARK: Periods

    public func upsert(_ period: AvailablePeriod, of account: AccountID, by client: ClientID) async throws {
        try await accounts.database.write { session in
            try session.execute(
                """
                INSERT INTO available_periods (account_id, client_id, period_id, start_at, end_at, zone)
                VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (account_id, client_id, period_id) DO UPDATE SET
                    start_at = excluded.start_at, end_at = excluded.end_at, zone = excluded.zone
                """,
                [
                    .text(account.value), .text(client.value), .text(period.id), .integer(period.period.start.seconds),
                    .integer(period.period.end.seconds), SQLValue(period.zone?.name),
                ])
            try AccountStore.touch(account, in: session)
        }
    }

    /// `id` nil: all of them. One that is not there is deleted already.
    public func deletePeriods(_ id: String?, of account: AccountID, by client: ClientID) async throws {
        try await accounts.database.write { session in
            let one = id.map { [SQLValue.text($0)] } ?? []
            try session.execute(
                "DELETE FROM available_periods WHERE account_id = ? AND client_id = ?"
                    + (id == nil ? "" : " AND period_id = ?"), [.text(account.value), .text(client.value)] + one)
            try AccountStore.touch(account, in: session)
        }
    }

    /// Periods that start before `to` and end on or after `from`, by start and id: at most `limit` after `after`.
    public func periods(
        of account: AccountID, by client: ClientID, from: Instant?, to: Instant?,
        after: (start: Int64, id: String)?, limit: Int
    ) async throws -> [AvailablePeriod] {
        let filter = Self.filter(account, client, from: from, to: to)
        let rest: [SQLValue] = after.map { [.integer($0.start), .text($0.id)] } ?? []
        let condition = filter.sql + (after == nil ? "" : " AND (start_at, period_id) > (?, ?)")
        return try await accounts.database.read { session in
            try session.all(
                "SELECT period_id, start_at, end_at, zone FROM available_periods" + condition
                    + " ORDER BY start_at, period_id LIMIT ?",
                filter.values + rest + [.integer(Int64(limit))], Self.period
            ).compactMap { $0 }
        }
    }

    public func countPeriods(
        of account: AccountID, by client: ClientID, from: Instant?, to: Instant?
    ) async throws -> Int {
        let filter = Self.filter(account, client, from: from, to: to)
        let count = try await accounts.database.read { session in
            try session.first("SELECT COUNT(*) FROM available_periods" + filter.sql, filter.values) {
                try $0.integer(0)
            }
        }
        return Int(count ?? 0)
    }

    private static func filter(
        _ account: AccountID, _ client: ClientID, from: Instant?, to: Instant?
    ) -> (sql: String, values: [SQLValue]) {
        var sql = " WHERE account_id = ? AND client_id = ?"
        var values: [SQLValue] = [.text(account.value), .text(client.value)]
        if let from {
            sql += " AND end_at >= ?"
            values.append(.integer(from.seconds))
        }
        if let to {
            sql += " AND start_at < ?"
            values.append(.integer(to.seconds))
        }
        return (sql, values)
    }

    static func period(_ row: any SQLRow) throws -> AvailablePeriod? {
        let (start, end) = (Instant(seconds: try row.integer(1)), Instant(seconds: try row.integer(2)))
        // Stored only where it is one.
        guard let period = Period(from: start, to: end) else { return nil }
        return AvailablePeriod(
            id: try row.text(0), period: period, zone: try row.optionalText(3).map { ZoneID($0) })
    }

    // MARK: Rules

    /// - Throws: `.unknownCalendars` for calendars that the account does not have.
    public func upsert(_ rule: AvailabilityRule, of account: AccountID, by client: ClientID) async throws {
        try await accounts.database.write { session in
            let known = Set(try ProfileStore.calendars(of: account, in: session).map(\.id))
            guard rule.calendars?.allSatisfy(known.contains) ?? true else { throw Fault.unknownCalendars }
            try session.execute(
                """
                INSERT INTO availability_rules (account_id, client_id, rule_id, zone, calendars, weekly)
                VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (account_id, client_id, rule_id) DO UPDATE SET
                    zone = excluded.zone, calendars = excluded.calendars, weekly = excluded.weekly
                """,
                [
                    .text(account.value), .text(client.value), .text(rule.id), .text(rule.zone.name),
                    SQLValue(rule.calendars.map { $0.map(\.value).joined(separator: " ") }),
                    .text(RuleText.write(rule.spans)),
                ])
            try AccountStore.touch(account, in: session)
        }
    }

    public enum Fault: Error, Hashable, Sendable { case unknownCalendars }

    /// False where there is none.
    public func deleteRule(_ id: String, of account: AccountID, by client: ClientID) async throws -> Bool {
        try await accounts.database.write { session in
            try AccountStore.touch(account, in: session)
            return try session.execute(
                "DELETE FROM availability_rules WHERE account_id = ? AND client_id = ? AND rule_id = ?",
                [.text(account.value), .text(client.value), .text(id)]) > 0
        }
    }

    /// By id.
    public func rules(of account: AccountID, by client: ClientID) async throws -> [AvailabilityRule] {
        try await accounts.database.read { session in
            try session.all(
                """
                SELECT rule_id, zone, calendars, weekly FROM availability_rules
                WHERE account_id = ? AND client_id = ? ORDER BY rule_id
                """, [.text(account.value), .text(client.value)], Self.rule)
        }
    }

    static func rule(_ row: any SQLRow) throws -> AvailabilityRule {
        AvailabilityRule(
            id: try row.text(0), zone: ZoneID(try row.text(1)),
            calendars: try row.optionalText(2).map { $0.split(separator: " ").map { CalendarID(String($0)) } },
            spans: RuleText.read(try row.text(3)))
    }
}

/// The spans of a rule as one text: `1 540 750;…`, weekday, start and end in minutes.
enum RuleText {
    static func write(_ spans: [WeeklyHours.Span]) -> String {
        spans.map { "\($0.day.rawValue) \($0.start) \($0.end)" }.joined(separator: ";")
    }

    static func read(_ text: String) -> [WeeklyHours.Span] {
        text.split(separator: ";").compactMap { part in
            let numbers = part.split(separator: " ").compactMap { Int($0) }
            guard numbers.count == 3, let day = Weekday(rawValue: numbers[0]) else { return nil }
            return WeeklyHours.Span(day: day, start: numbers[1], end: numbers[2])
        }
    }
}
