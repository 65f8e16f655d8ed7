import Accounts
import CivilTime
import ProviderKit
import StorageKit
import Support
import Sync
import Testing

@testable import Events

/// An occurrence as the tables hold it, and whether a query asks for it, said as plainly as can be.
private struct NaiveOccurrence {
    let item, calendar, start, end, weight, changedAt, outsideAt, firstStart, lastEnd: Int64
    let recurrence: Int64
    let isDeleted: Bool
    let client: String?

    init(item: Int64, client: String?, calendar: Int64, recurrence: Int64, _ dice: inout Dice) {
        (self.item, self.client, self.calendar, self.recurrence) = (item, client, calendar, recurrence)
        start = Int64(dice.number(0...200))
        // Some are empty.
        end = start + Int64(dice.number(0...20))
        weight = Int64(dice.number(0...2))
        changedAt = Int64(dice.number(0...100))
        outsideAt = Int64(dice.number(0...Int(changedAt)))
        firstStart = start - Int64(dice.number(0...3) == 0 ? dice.number(0...60) : 0)
        lastEnd = end + Int64(dice.number(0...3) == 0 ? dice.number(0...60) : 0)
        isDeleted = dice.number(0...4) == 0
    }

    func isAskedFor(by query: EventQuery, deletedCalendars: Set<Int64>) -> Bool {
        let isOurs = client == query.client.value
        let (from, to) = (query.from?.seconds ?? .min, query.to?.seconds ?? .max)
        let span = query.includesMoved ? (firstStart, lastEnd) : (start, end)
        let isInside = span.0 < to && (span.1 > from || span.0 >= from)
        let hasCalendar = query.calendars?.contains(CalendarID("cal_\(calendar)")) ?? true
        let isThere = query.includesDeleted || !(isDeleted || deletedCalendars.contains(calendar))
        let isManagedAsAsked: Bool
        switch query.managed {
        case .included: isManagedAsAsked = true
        case .excluded: isManagedAsAsked = !isOurs
        case .only: isManagedAsAsked = isOurs
        }
        let isNews = query.changedSince.map { (isOurs ? outsideAt : changedAt) >= $0.seconds } ?? true
        return (isInside || query.managedIsUnbounded && isOurs) && hasCalendar && isThere && isManagedAsAsked && isNews
            && (!query.busyOnly || weight > 0)
    }
}

private struct NoSource: ProviderSource {
    struct Missing: Error {}
    func provider(for profile: Profile, credential: Secret?) throws -> any CalendarProvider { throw Missing() }
    func traits(of provider: ProviderName) -> ProviderTraits {
        ProviderTraits(wireName: "none", wireService: "none", pollInterval: nil)
    }
}

@Suite("Filters of a read, beside a naive filter", .serialized)
struct EventFilterTests {
    private static let account = AccountID("acc_1")
    private static let deletedCalendars: Set<Int64> = [4]

    private static func filled(_ kind: TestDatabase.Kind, _ dice: inout Dice) async throws -> (
        TestDatabase, [NaiveOccurrence]
    ) {
        let test = try await TestDatabase.make(kind)
        try await Migrator(test.database, migrations: PlatformSchema.migrations).migrate()
        var occurrences: [NaiveOccurrence] = []
        for item in 1...150 {
            let client = ["app_1", "app_2", nil, nil][dice.number(0...3)]
            let calendar = Int64(dice.number(1...4))
            for recurrence in 0..<dice.number(1...3) {
                occurrences.append(
                    NaiveOccurrence(
                        item: Int64(item), client: client, calendar: calendar, recurrence: Int64(recurrence), &dice))
            }
        }
        let rows = occurrences
        try await test.database.write { try insert(rows, in: $0) }
        return (test, rows)
    }

    private static func insert(_ rows: [NaiveOccurrence], in session: any WriteSession) throws {
        let owner = SQLValue.text(account.value)
        try AccountStore.insert(
            account, email: "a@example.com", name: nil, zone: .utc, now: Instant(seconds: 0), in: session)
        for number in 1...4 {
            try session.execute(
                """
                INSERT INTO calendars (account_id, calendar, calendar_id, profile_id, remote_id, name, read_only,
                    is_primary, deleted, blocks_time, counted, created_at) VALUES (?, ?, ?, 'pro_1', ?, 'x', 0, 0, ?, 1, 1, 0)
                """,
                [
                    owner, .integer(Int64(number)), .text("cal_\(number)"), .text("r\(number)"),
                    SQLValue(deletedCalendars.contains(Int64(number))),
                ])
        }
        var known: Set<Int64> = []
        for row in rows {
            if known.insert(row.item).inserted {
                try session.execute(
                    """
                    INSERT INTO items (account_id, item, calendar, remote_id, uid, hash, body, generation, deleted,
                        repeats, client_id, event_id) VALUES (?, ?, ?, ?, 'u', ?, '', 0, 0, 0, ?, ?)
                    """,
                    [
                        owner, .integer(row.item), .integer(row.calendar), .text("i\(row.item)"), .blob([0]),
                        SQLValue(row.client), SQLValue(row.client.map { _ in "e\(row.item)" }),
                    ])
            }
            try session.execute(
                """
                INSERT INTO occurrences (account_id, item, recurrence, calendar, component, start_at, end_at, weight,
                    deleted, changed_at, outside_at, first_start, last_end) VALUES (?, ?, ?, ?, -1, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [owner]
                    + [row.item, row.recurrence, row.calendar, row.start, row.end, row.weight, row.isDeleted ? 1 : 0]
                    .map(SQLValue.integer)
                    + [row.changedAt, row.outsideAt, row.firstStart, row.lastEnd].map(SQLValue.integer))
        }
    }

    private static func query(_ dice: inout Dice) -> EventQuery {
        func chance() -> Bool { dice.number(0...1) == 0 }
        var query = EventQuery(account: account, client: ClientID("app_1"))
        if chance() { query.from = Instant(seconds: Int64(dice.number(0...200))) }
        if chance() { query.to = Instant(seconds: (query.from?.seconds ?? 0) + Int64(dice.number(1...100))) }
        if chance() { query.calendars = Set((1...5).filter { _ in chance() }.map { CalendarID("cal_\($0)") }) }
        query.managed = [.excluded, .included, .only][dice.number(0...2)]
        (query.managedIsUnbounded, query.includesDeleted, query.includesMoved) = (chance(), chance(), chance())
        if chance() { query.changedSince = Instant(seconds: Int64(dice.number(0...100))) }
        query.busyOnly = chance()
        return query
    }

    @Test(
        "every random query finds what the naive filter finds, once, in order, over all its pages",
        arguments: TestDatabase.kinds)
    func random(kind: TestDatabase.Kind) async throws {
        var (dice, found) = (Dice(seed: 20_310_405), 0)
        let (test, rows) = try await Self.filled(kind, &dice)
        let reader = EventReader(database: test.database, source: NoSource())
        for _ in 0..<300 {
            let (query, limit) = (Self.query(&dice), dice.number(1...60))
            let wanted = rows.filter { $0.isAskedFor(by: query, deletedCalendars: Self.deletedCalendars) }
                .sorted { ($0.start, $0.item, $0.recurrence) < ($1.start, $1.item, $1.recurrence) }
                .map { EventUID(item: ItemNumber($0.item), recurrence: $0.recurrence) }
            var (got, progress) = ([EventUID](), EventProgress?.none)
            repeat {
                let page = try await reader.freeBusy(query, after: progress, limit: limit)
                #expect(page.total == wanted.count && page.records.count <= limit)
                got += page.records.map(\.uid)
                progress = page.next.map { EventProgress(after: $0, total: page.total) }
            } while progress != nil
            #expect(got == wanted, "\(query)")
            found += got.count
        }
        // A filter that finds nothing, or everything, would show nothing.
        #expect(found > 300 && found < 300 * rows.count / 2)
        await test.close()
    }
}
