import API
import Accounts
import Authorization
import CivilTime
import Events
import Foundation
import GuardedHTTP
import GuidesAPI
import GuidesWeb
import Integrations
import Jobs
import Logging
import Mail
import Notifications
import Planning
import PostgreSQL
import ProviderKit
import SQLite
import Scheduling
import Season
import StorageKit
import Sync

/// The live parts of one process: database, stores, connectors, jobs.
struct AnchorpointPlatform: Sendable {
    let configuration: Configuration
    let database: any Database
    let accounts: AccountStore
    let profiles: ProfileStore
    let queue: WorkQueue
    let metrics = ServerMetrics()
    let requestLog: RequestLog
    let notices: NoticeQueue
    let registry: ProviderRegistry
    let reader: EventReader
    let writer: EventWriter
    let desk: AvailabilityDesk
    /// Which outside addresses may be reached.
    let addressPolicy: AddressPolicy
    let connector: Connector
    let authorization: AuthorizationDesk
    let creation: CalendarCreation
    let api: APIServices
    let guideCalendars: GuideCalendarParts
    /// Guide services' questions and promises, over `guideCalendars` and their own tables.
    let planning: PlanningDesk
    let logger: Logger

    /// The system's clock, in one place.
    static let now: @Sendable () -> Instant = { Instant(seconds: Int64(Date().timeIntervalSince1970)) }
    static let nowMilliseconds: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }
    static let random: @Sendable () -> Double = { Double.random(in: 0..<1) }

    /// Opens the database, brings its schema forward and checks the key.
    static func open(_ configuration: Configuration, note: String = "", logger: Logger) async throws
        -> AnchorpointPlatform
    {
        let database = try await openDatabase(configuration, note: note)
        do {
            try await Migrator(database, migrations: PlatformSchema.migrations).migrate()
            try await Migrator(database, migrations: SeasonSchema.migrations, ledger: SeasonSchema.ledger).migrate()
            let platform = try await AnchorpointPlatform(configuration, database: database, logger: logger)
            try await platform.guideCalendars.prepare(
                accounts: platform.accounts, publicURL: configuration.publicURL)
            if configuration.database.isEmbedded {
                try await platform.queue.endLeases()
                try await platform.notices.endLeases()
                try await platform.registry.keeper.endRenewals()
            }
            return platform
        } catch {
            await database.close()
            throw error
        }
    }

    static func openDatabase(_ configuration: Configuration, note: String) async throws -> any Database {
        switch configuration.database {
        case .sqlite(let path):
            let folder = (path as NSString).deletingLastPathComponent
            if !folder.isEmpty {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            }
            return try await SQLiteDatabase.open(path: path, note: note, durability: configuration.durability)
        case .postgresql(let url): return try await PostgreSQLDatabase.open(url: url)
        }
    }

    init(_ configuration: Configuration, database: any Database, logger: Logger) async throws {
        let zones = ZoneDatabase.system
        (self.configuration, self.database, self.logger) = (configuration, database, logger)
        accounts = AccountStore(database: database, key: try KeyFile.load(configuration), now: Self.now)
        profiles = ProfileStore(accounts: accounts)
        requestLog = RequestLog(accounts: accounts, metrics: metrics)
        queue = WorkQueue(database, random: Self.random)
        notices = NoticeQueue(accounts: accounts, random: Self.random)
        addressPolicy = configuration.addressPolicy
        let client = configuration.client
        registry = ProviderRegistry(
            database: database, client: client, reader: ItemReader(zones: zones), now: Self.now,
            vendors: try Dictionary(
                uniqueKeysWithValues: configuration.vendors.map { name, settings in
                    (name, try settings.connection(to: name, client: client, now: Self.now))
                }), keeper: GrantKeeper(profiles: profiles, pause: Self.pause))
        reader = EventReader(database: database, source: registry)
        writer = EventWriter(profiles: profiles, queue: queue, source: registry, zones: zones)
        desk = AvailabilityDesk(accounts: accounts)
        let linker = ProfileLinker(profiles: profiles, queue: queue)
        authorization = AuthorizationDesk(accounts: accounts, queue: queue)
        connector = Connector(
            profiles: profiles, linker: linker, authorization: authorization, registry: registry, zones: zones)
        creation = CalendarCreation(profiles: profiles, linker: linker, source: registry)
        api = APIServices(
            profiles: profiles, authorization: authorization, makeOwnCalendar: connector.makeOwnCalendar,
            creation: creation, reader: reader, writer: writer, desk: desk, source: registry, zones: zones,
            callbacks: addressPolicy, publicURL: configuration.publicURL, logger: logger,
            rate: RequestRate(perSecond: configuration.requestsPerSecond, perMinute: configuration.requestsPerMinute),
            requestLog: requestLog, nowMilliseconds: Self.nowMilliseconds)
        guideCalendars = GuideCalendarParts(
            database: database, key: accounts.key, queue: queue, publicURL: configuration.publicURL,
            policy: addressPolicy, inProcess: InProcessTransport(services: api.withoutLimits, metrics: metrics),
            logger: logger, now: Self.now, random: Self.random, pause: Self.pause)
        planning = PlanningDesk(
            season: SeasonStore(database: database, queue: queue, key: accounts.key, now: Self.now),
            time: guideCalendars.time)
    }

    /// Lets go of what guests and guides let run out, twice a minute.
    func seasonSweep() -> SeasonSweep {
        SeasonSweep(
            season: planning.season, cuts: guideCalendars.cutLetters(planning.season.letterBox), logger: logger,
            pause: Self.pause)
    }

    /// What the pages of guide services stand on. Whoever is at this machine may sign in as anybody of the sample.
    func guidesServices(isSample: Bool) -> GuidesServices {
        GuidesServices(
            planning: planning, calendars: guideCalendars.pageCalendars, publicURL: configuration.publicURL,
            isSample: isSample && configuration.isLoopback,
            showsLetters: configuration.isLoopback && configuration.mail == nil, prices: configuration.prices,
            pause: Self.pause)
    }

    var guidesAPIServices: GuidesAPIServices {
        GuidesAPIServices(
            planning: planning, choices: guideCalendars.choices, publicURL: configuration.publicURL)
    }

    /// The way to the API for a client in this process.
    func inProcessTransport() -> InProcessTransport { InProcessTransport(services: api, metrics: metrics) }

    /// Being cancelled while waiting only ends the wait; those who wait look for themselves.
    static let pause: @Sendable (Duration) async -> Void = { do { try await Task.sleep(for: $0) } catch {} }

    func requestLogWriter() -> RequestLogWriter {
        RequestLogWriter(
            log: requestLog, logger: logger, pause: Self.pause)
    }

    /// Bytes of an embedded database's write-ahead log; nil where there is none of ours.
    var walBytes: @Sendable () -> Int64? {
        guard case .sqlite(let path) = configuration.database else { return { nil } }
        return {
            // No file: an empty log.
            (try? FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int64) ?? 0
        }
    }

    /// Sends this process's share of notifications.
    func deliveries() -> DeliveryRunner {
        DeliveryRunner(
            queue: notices, log: DeliveryLog(accounts: accounts),
            sender: CallbackSender(
                policy: addressPolicy, now: Self.nowMilliseconds,
                local: guideCalendars.taking(below: configuration.publicURL)), logger: logger,
            observe: { [metrics] in metrics.delivered($0.metricName, took: $0.took) },
            pause: Self.pause)
    }

    /// The work of guides' calendars in this process.
    func guideJobs() -> IntegrationRunner {
        IntegrationRunner(
            guideCalendars.jobs,
            loop: WorkLoop(
                queue: queue, database: database, kinds: IntegrationWork.kinds, logger: logger, pause: Self.pause))
    }

    /// Sends letters, where a mail server is set; else they wait.
    func letters() -> LetterRunner? {
        configuration.mail.map {
            LetterRunner(store: planning.season, mail: $0, logger: logger, pause: Self.pause)
        }
    }

    /// The jobs of this process; `progress` hears what a sync has read so far.
    func jobs(progress: @escaping @Sendable (Profile, SyncProgress) -> Void = { _, _ in }) -> JobRunner {
        let zones = ZoneDatabase.system
        return JobRunner(
            JobServices(
                accounts: accounts, queue: queue,
                profileSync: ProfileSync(profiles: profiles, source: registry, zones: zones, random: Self.random),
                itemPush: ItemPush(profiles: profiles, source: registry, zones: zones),
                roller: WindowRoller(profiles: profiles, reader: registry.reader, zones: zones),
                opening: DomainOpener(
                    authorization: authorization, linker: ProfileLinker(profiles: profiles, queue: queue),
                    registry: registry, zones: zones, callbacks: GuardedClient(policy: addressPolicy)),
                logger: logger,
                random: Self.random,
                pause: Self.pause, progress: progress))
    }
}
