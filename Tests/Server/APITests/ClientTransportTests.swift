import Accounts
import CivilTime
import CronofyClient
import Foundation
import GuardedHTTP
import Hummingbird
import Logging
import StorageKit
import Support
import Testing

@testable import API
@testable import App

/// A real server and a client that reaches it in one of the two ways.
private struct TransportWorld: Sendable {
    enum Way: CaseIterable, Sendable { case http, inProcess }

    let platform: AnchorpointPlatform
    let database: TestDatabase
    let transport: any CronofyTransport
    let server: DataCenter
    let cronofy: CronofyApplication
    let account: CronofyAccount
    let sub: String
    let calendar: String

    /// Runs `body` against a server on a free port.
    static func run(
        _ way: Way, perSecond: Int = 0, retries: RetryPolicy = .standard,
        _ body: @escaping @Sendable (TransportWorld) async throws -> Void
    ) async throws {
        let database = try await TestDatabase.make(.sqlite)
        try await Migrator(database.database, migrations: PlatformSchema.migrations).migrate()
        var configuration = try Configuration(flags: ["database": "sqlite:/nowhere"], environment: [:])
        configuration.key = String(repeating: "07", count: 32)
        configuration.port = Int(Loopback.freePort())
        configuration.publicURL = "http://127.0.0.1:\(configuration.port)"
        (configuration.requestsPerSecond, configuration.requestsPerMinute) = (perSecond, 0)
        let platform = try await AnchorpointPlatform(
            configuration, database: database.database, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let (listening, ready) = AsyncStream.makeStream(of: Void.self)
        let application = try AnchorpointServer(platform: platform, listening: { _ in ready.yield() }).application()
        let world = try await TransportWorld(way, platform, database, retries)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.runService(gracefulShutdownSignals: []) }
            for await _ in listening { break }
            // Its failure, if any, after the server has been stopped.
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body(world)) } catch { outcome = .failure(error) }
            group.cancelAll()
            do { try await group.waitForAll() } catch is CancellationError {}
            try outcome.get()
        }
        await database.close()
    }

    private init(
        _ way: Way, _ platform: AnchorpointPlatform, _ database: TestDatabase, _ retries: RetryPolicy
    ) async throws {
        (self.platform, self.database) = (platform, database)
        server = DataCenter(server: platform.configuration.publicURL)
        transport =
            switch way {
            case .http: HTTPTransport()
            case .inProcess: platform.inProcessTransport()
            }
        let (application, secret) = try await platform.accounts.createApplication(name: "Trips", redirectURIs: [])
        cronofy = CronofyApplication(
            clientID: application.id.value, clientSecret: secret.reveal(), server: server, transport: transport,
            rate: RateBudget(perSecond: 1000, perMinute: 1_000_000), retries: retries)
        let person = try await platform.accounts.createAccount(
            client: application.id, email: "maya@example.com", name: "Maya", zone: ZoneID("Europe/Paris"), scope: .all)
        sub = person.account.value
        try await platform.database.write {
            try platform.connector.makeOwnCalendar(of: person.account, named: "Trips", in: $0)
        }
        account = cronofy.account(
            AccountTokens(accessToken: person.accessToken.reveal(), refreshToken: person.refreshToken.reveal()))
        calendar = try await platform.profiles.calendars(of: person.account).first?.id.value ?? ""
    }

    /// The start of the hour a day ahead.
    var tomorrow: Instant { Instant(seconds: platform.accounts.now().seconds / 3600 * 3600 + 86_400) }

    func draft(_ summary: String, hours: ClosedRange<Int64>) -> EventDraft {
        EventDraft(
            summary: summary, start: .moment(Instant(seconds: tomorrow.seconds + hours.lowerBound * 3600)),
            end: .moment(Instant(seconds: tomorrow.seconds + hours.upperBound * 3600)))
    }
}

@Suite("CronofyClient over HTTP and in process: one suite")
struct ClientTransportTests {
    @Test("identity, calendars and who asks", arguments: TransportWorld.Way.allCases)
    private func identity(way: TransportWorld.Way) async throws {
        try await TransportWorld.run(way) { world in
            let info = try await world.account.userInfo()
            #expect(info.sub == world.sub && info.email == "maya@example.com")
            #expect(try await world.account.calendars().map(\.id) == [world.calendar])
            let stranger = world.cronofy.account(AccountTokens(accessToken: "nobody", refreshToken: nil))
            await #expect(throws: CronofyError.unauthorized) { try await stranger.calendars() }
        }
    }

    @Test(
        "events: written, paged, batched, deleted, and refused with the fields named",
        arguments: TransportWorld.Way.allCases)
    private func events(way: TransportWorld.Way) async throws {
        try await TransportWorld.run(way) { world in
            let writes = (0..<50).map {
                EventWrite.upsert(id: "e\($0)", world.draft("Trip \($0) ü/?", hours: 2...3), calendar: world.calendar)
            }
            for _ in 0..<3 { #expect(try await world.account.batch(writes).allSatisfy { $0 == nil }) }
            for number in 50..<120 {
                try await world.account.upsert(
                    event: "e\(number)", world.draft("Trip \(number)", hours: 4...5), in: world.calendar)
            }
            var query = EventQuery(zone: "Etc/UTC")
            query.managed = .only
            let read = try await world.account.events(query).collected()
            #expect(Set(read.compactMap(\.id)) == Set((0..<120).map { "e\($0)" }) && read.count == 120)
            #expect(read.contains { $0.summary == "Trip 7 ü/?" })
            try await world.account.delete(event: "e7", in: world.calendar)
            #expect(try await world.account.events(query).collected().count == 119)
            await #expect(throws: CronofyError.notFound) {
                try await world.account.upsert(event: "x", world.draft("x", hours: 1...2), in: "cal_no_one")
            }
            var draft = world.draft("x", hours: 1...2)
            draft.color = "blue"
            do {
                try await world.account.upsert(event: "x", draft, in: world.calendar)
                Issue.record("a colour that is none was accepted")
            } catch CronofyError.invalid(let fields) { #expect(fields["color"] != nil) }
        }
    }

    @Test("availability with the API key", arguments: TransportWorld.Way.allCases)
    private func availability(way: TransportWorld.Way) async throws {
        try await TransportWorld.run(way) { world in
            try await world.account.upsert(event: "busy", world.draft("Trip", hours: 2...4), in: world.calendar)
            let day = TimeSpan(start: world.tomorrow, end: Instant(seconds: world.tomorrow.seconds + 9 * 3600))
            let question = AvailabilityQuestion(
                groups: [.init([.init(world.sub)])], duration: .seconds(3600), when: .within([day]))
            let slots = try await world.cronofy.availability(of: question)
            #expect(slots.map { ($0.span.start.seconds - world.tomorrow.seconds) / 3600 } == [0, 1, 4, 5, 6, 7, 8])
        }
    }

    @Test("an expired access token is renewed, once for all who wait", arguments: TransportWorld.Way.allCases)
    private func renewal(way: TransportWorld.Way) async throws {
        try await TransportWorld.run(way) { world in
            try await world.platform.database.write {
                try $0.execute("UPDATE tokens SET expires_at = 1 WHERE expires_at IS NOT NULL")
            }
            let before = await world.account.tokens.accessToken
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { _ = try await world.account.calendars() } }
                try await group.waitForAll()
            }
            #expect(await world.account.tokens.accessToken != before)
        }
    }

    @Test("the server's limit reaches the client, and the two ways share it", arguments: TransportWorld.Way.allCases)
    private func limits(way: TransportWorld.Way) async throws {
        try await TransportWorld.run(way, perSecond: 3, retries: .never) { world in
            var refused = 0
            for _ in 0..<12 {
                do { _ = try await world.account.calendars() } catch CronofyError.rateLimited { refused += 1 }
            }
            #expect(refused > 0)
        }
    }

    @Test("in process nothing is sent to another address, and a cancelled task sends nothing")
    func boundaries() async throws {
        try await TransportWorld.run(.inProcess) { world in
            let request = TransportRequest(
                method: .get, url: "http://127.0.0.1:1/v1/userinfo", headers: [:], body: [])
            await #expect(throws: TransportFailure.self) { try await world.transport.send(request) }
            let own = TransportRequest(
                method: .get, url: world.server.apiURL + "/v1/userinfo", headers: [:], body: [])
            let reply = try await world.transport.send(own)
            #expect(reply.status == 401 && reply.headers["x-request-id"]?.hasPrefix("req_") == true)
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await world.transport.send(own).status
            }
            await #expect(throws: TransportFailure.cancelled) { try await task.value }
        }
    }
}
