import CivilTime
import Sealing
import Season
import StorageKit
import Support
import Synchronization
import Testing
import Trips

/// A season of one service in an empty database, with a clock that tests turn.
struct SeasonWorld: Sendable {
    let test: TestDatabase
    let store: SeasonStore
    let clock: Clock
    let service: GuideService
    let owner: PersonID
    let guides: [PersonID]

    final class Clock: Sendable {
        private let seconds: Mutex<Int64>
        init(_ start: Int64) { seconds = Mutex(start) }
        var now: Instant { Instant(seconds: seconds.withLock { $0 }) }
        func advance(_ by: Int64) { seconds.withLock { $0 += by } }
    }

    /// 1 May 2027, noon in Denver.
    static let start: Int64 = 1_809_194_400

    init(_ kind: TestDatabase.Kind, guides count: Int = 3) async throws {
        test = try await TestDatabase.make(kind)
        clock = Clock(Self.start)
        try await Migrator(test.database, migrations: [WorkQueue.migration(number: 1)], ledger: "queue_migrations")
            .migrate()
        try await Migrator(test.database, migrations: SeasonSchema.migrations, ledger: SeasonSchema.ledger).migrate()
        store = try Self.store(on: test.database, clock: clock)
        service = try await store.createService(
            name: "Redrock Rivers", slug: "redrock", contactEmail: "office@redrock.example",
            zone: ZoneID("America/Denver"))
        owner = try await store.person(email: "owner@redrock.example", name: "Ida Owner", zone: service.zone)
        try await store.setMember(owner, of: service.id, roles: [.owner], by: .system("test"))
        var made: [PersonID] = []
        for index in 0..<count {
            let guide = try await store.person(
                email: "guide\(index)@redrock.example", name: "Guide \(index)", zone: service.zone)
            try await store.setMember(guide, of: service.id, roles: [.guide], by: .person(owner))
            made.append(guide)
        }
        guides = made
    }

    static func store(on database: any Database, clock: Clock) throws -> SeasonStore {
        SeasonStore(
            database: database, queue: WorkQueue(database, random: { 0.5 }),
            key: try #require(SealingKey(bytes: [UInt8](repeating: 7, count: 32))), now: { clock.now })
    }

    func draft(day: Int, days: Int = 1, seats: Int = 8) throws -> TripDraft {
        let first = try #require(CivilDate(year: 2027, month: 6, day: 1)?.adding(days: day))
        return TripDraft(
            title: "Canyon float", place: Place(name: "Moab", zone: ZoneID("America/Denver")),
            timing: days == 1
                ? .singleDay(first, startSecond: 8 * 3600, minutes: 480)
                : .multiDay(first, startSecond: 8 * 3600, days: days, endSecond: 17 * 3600),
            seats: seats, clientsPerGuide: 4)
    }
}
