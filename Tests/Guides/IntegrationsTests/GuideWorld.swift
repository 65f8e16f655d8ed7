import CivilTime
import CronofyClient
import Foundation
import Sealing
import Season
import StorageKit
import Support
import Synchronization
import Testing
import Trips

@testable import Integrations

/// A service with its guides, on a stand-in platform and a clock that is set.
struct GuideWorld: Sendable {
    let test: TestDatabase
    let clock: TestClock
    let platform: StandInPlatform
    let calls: LinkCalls
    let backends: BackendStore
    let backend: CalendarBackend
    let queue: WorkQueue
    let linking: GuideLinking
    let choices: CalendarChoices
    let switching: BackendSwitch
    let reader: CalendarReader
    let jobs: IntegrationJobs
    let time: GuideTime
    let door: NotificationDoor

    static let service = ServiceID("svc_1")
    static let session = "browser-session"

    var database: any Database { test.database }

    init(_ kind: TestDatabase.Kind = .sqlite, mode: CalendarMode = .hybrid) async throws {
        test = try await TestDatabase.make(kind)
        let database = test.database
        try await Migrator(
            database, migrations: [WorkQueue.migration(number: 1)], ledger: "work_migrations"
        ).migrate()
        try await Migrator(database, migrations: SeasonSchema.migrations, ledger: SeasonSchema.ledger).migrate()
        let clock = TestClock(Int64(Date().timeIntervalSince1970))
        let platform = StandInPlatform(clock: clock)
        (self.clock, self.platform) = (clock, platform)
        let now: @Sendable () -> Instant = { clock.now }
        let key = try #require(SealingKey(bytes: [UInt8](repeating: 7, count: 32)))
        backends = BackendStore(database: database, key: key, now: now)
        backend = try await backends.add(
            .builtIn(publicURL: StandInPlatform.base), clientID: StandInPlatform.clientID,
            clientSecret: Secret(StandInPlatform.secret))
        calls = LinkCalls(
            links: LinkStore(database: database, key: key, now: now),
            backends: BackendDirectory(store: backends, retries: .never, rate: { _ in Self.noRate }) { _ in platform })
        queue = WorkQueue(database) { 0.5 }
        linking = GuideLinking(calls: calls, queue: queue, redirectURI: "https://guides.example.com/linked")
        choices = CalendarChoices(calls: calls, queue: queue)
        switching = BackendSwitch(links: calls.links, queue: queue)
        reader = CalendarReader(calls: calls, zones: .system, callbackBase: "https://guides.example.com/n/")
        jobs = IntegrationJobs(
            reader: reader, events: TripEventWriter(calls: calls), calls: calls, queue: queue, random: { 0 })
        time = GuideTime(calls: calls, zones: .system) { do { try await Task.sleep(for: $0) } catch {} }
        door = NotificationDoor(calls: calls, queue: queue)
        try await addService(Self.service, mode: mode)
    }

    static let noRate = RateBudget(perSecond: 1_000_000, perMinute: 1_000_000)

    func close() async { await test.close() }

    func addService(
        _ id: ServiceID, mode: CalendarMode = .hybrid, region: String? = nil, backend: BackendID? = nil
    ) async throws {
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO guide_services (service_id, slug, name, contact_email, zone, region, mode, backend_id,
                    ratio_is_hard, rest_days, turnaround_minutes, answer_hours, staffs_by_itself, tentative_blocks,
                    created_at)
                VALUES (?, ?, 'Canyon', 'o@example.com', 'America/Denver', ?, ?, ?, 1, 0, 60, 48, 0, 1, 0)
                """,
                [.text(id.value), .text(id.value), SQLValue(region), .text(mode.rawValue), SQLValue(backend?.value)])
        }
    }

    func guide(_ number: Int) -> PersonID { PersonID("per_\(number)") }

    func addGuide(_ number: Int, to service: ServiceID = Self.service) async throws {
        let person = guide(number).value
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO people (person_id, email, name, zone, created_at) VALUES (?, ?, 'Guide', 'America/Denver', 0)
                ON CONFLICT (person_id) DO NOTHING
                """, [.text(person), .text("\(person)@example.com")])
            try session.execute(
                "INSERT INTO memberships (service_id, person_id, role, created_at) VALUES (?, ?, 'GUIDE', 0)",
                [.text(service.value), .text(person)])
        }
    }

    func own(_ number: Int) throws -> OwnCalendars {
        try OwnCalendars(of: guide(number), actedOnBy: guide(number))
    }

    /// Adds a guide with an account at the platform and links it, as a browser would.
    @discardableResult
    func addLinkedGuide(_ number: Int, level: DetailLevel = .busy) async throws -> LinkID {
        try await addGuide(number)
        return try await link(number, level: level)
    }

    func link(_ number: Int, level: DetailLevel = .busy) async throws -> LinkID {
        let known = platform.with { $0.accounts["acc_\(number)"] != nil }
        if known {
            platform.with { $0.codes["code_\(number)"] = "acc_\(number)" }
        } else {
            _ = platform.add(number)
        }
        let url = try await linking.begin(own(number), for: Self.service, session: Self.session, level: level)
        return try await linking.complete(
            code: "code_\(number)", error: nil, state: Self.state(in: url), session: Self.session, actor: guide(number))
    }

    static func state(in url: String) -> String {
        let pairs = url.split(separator: "?").last?.split(separator: "&") ?? []
        return pairs.first { $0.hasPrefix("state=") }.map { String($0.dropFirst(6)) } ?? ""
    }

    /// Does everything that is due by the test's clock, until nothing is; returns how many pieces that were.
    @discardableResult
    func settle(rounds: Int = 2_000) async throws -> Int {
        var done = 0
        for _ in 0..<rounds {
            let now = clock.now.seconds
            try await database.write {
                try $0.execute("UPDATE work SET run_at = 0 WHERE run_at <= ? AND run_at > 0", [.integer(now)])
            }
            let works = try await queue.claim(kinds: IntegrationWork.kinds, limit: 8, lease: 60)
            guard !works.isEmpty else { break }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for work in works {
                    group.addTask {
                        do { try await jobs.perform(work, lease: 60) } catch {
                            try await queue.fail(work, error: "\(error)", retry: .backoff)
                        }
                    }
                }
                try await group.waitForAll()
            }
            done += works.count
        }
        return done
    }

    func link(of number: Int) async throws -> CalendarLink {
        try #require(try await database.read { try LinkStore.links(of: guide(number), in: $0) }.first)
    }

    struct Row: Hashable, Sendable {
        let start, end, reason: String
        let isTentative: Bool
    }

    func rows(of number: Int, source: String = "sync") async throws -> [Row] {
        try await database.read { session in
            try session.all(
                """
                SELECT start_at, end_at, reason, is_tentative FROM guide_availability
                WHERE person_id = ? AND source = ? ORDER BY start_at, end_at
                """, [.text(guide(number).value), .text(source)]
            ) {
                Row(
                    start: Instant(seconds: try $0.integer(0)).description,
                    end: Instant(seconds: try $0.integer(1)).description, reason: try $0.text(2),
                    isTentative: try $0.flag(3))
            }
        }
    }

    /// A moment so many days and hours after the start of today in UTC.
    func at(_ days: Int64, _ hours: Int64 = 0) -> String { instant(days, hours).description }

    func instant(_ days: Int64, _ hours: Int64 = 0) -> Instant {
        Instant(seconds: clock.start / 86_400 * 86_400 + days * 86_400 + hours * 3_600)
    }

    func day(_ days: Int64) -> String { String(at(days).prefix(10)) }

    func period(_ from: Int64, _ to: Int64) throws -> Period {
        try #require(Period(from: instant(from), to: instant(to)))
    }

    func busy(
        _ number: Int, _ question: TimeQuestion = .browse, from: Int64 = 0, to: Int64 = 30,
        service: ServiceID = Self.service
    ) async throws -> GuideTime.Answer {
        try #require(
            try await time.busy([guide(number)], in: period(from, to), for: question, service: service).first)
    }

    func addRow(
        _ number: Int, source: String, from: Instant, to: Instant, available: Bool = false, service: String? = nil,
        trip: String? = nil, visibility: String = "busy", note: String? = nil
    ) async throws {
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO guide_availability (person_id, row_id, service_id, trip_id, start_at, end_at, is_available,
                    is_tentative, source, visibility, note, reason, created_at, changed_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, '', 0, 0)
                """,
                [
                    .text(guide(number).value), .text("avl_" + Crypto.token(12)), SQLValue(service), SQLValue(trip),
                    .integer(from.seconds), .integer(to.seconds), SQLValue(available), .text(source),
                    .text(visibility), SQLValue(note),
                ])
        }
    }
}
