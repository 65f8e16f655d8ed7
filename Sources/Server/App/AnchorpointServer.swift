import API
import CivilTime
import Foundation
import GuidesAPI
import GuidesWeb
import Hummingbird
import Jobs
import Logging
import NIOCore
import SandboxServer
import ServiceLifecycle
import StorageKit
import Synchronization
import UnixSignals
import Web

/// The server of one process: pages, API, jobs and the control socket, until it is asked to stop.
struct AnchorpointServer: Sendable {
    let platform: AnchorpointPlatform
    /// Whether people to try things out may be signed in as.
    var hasSample = false
    /// Pretend calendars that people may connect.
    var sandbox: SandboxWorld?
    let listening: @Sendable (_ port: Int) async -> Void

    /// Seconds that requests and jobs under way have to end when the server is asked to stop.
    static let grace = Duration.seconds(10)

    func run() async throws {
        // A file that may not grow is an error of its write (507), not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        let control = startControl()
        defer { control?.stop() }
        let mail = platform.letters().map { [ServiceGroupConfiguration.ServiceConfiguration(service: $0)] } ?? []
        var configuration = ServiceGroupConfiguration(
            services: [
                .init(service: try application(), successTerminationBehavior: .gracefullyShutdownGroup),
                .init(service: platform.jobs()),
                .init(service: platform.guideJobs()),
                .init(service: platform.deliveries()),
                .init(service: platform.seasonSweep()),
                .init(service: platform.requestLogWriter()),
            ] + mail, gracefulShutdownSignals: [.sigterm, .sigint], logger: platform.logger)
        configuration.maximumGracefulShutdownDuration = Self.grace
        try await ServiceGroup(configuration: configuration).run()
        await platform.database.close()
    }

    /// Commands typed on this machine are sent here, since an embedded database has one process.
    private func startControl() -> ControlListener? {
        guard case .sqlite(let path) = platform.configuration.database else { return nil }
        let runner = OperationRunner(platform: platform, runsJobs: false)
        return ControlListener(path: ControlSocket.path(forDatabase: path)) { await runner.run($0, $1) }
    }

    func application() throws -> some ApplicationProtocol {
        let configuration = platform.configuration
        let router = try router()
        let listening = self.listening
        return Application(
            router: router,
            server: .http1(
                configuration: .init(additionalChannelHandlers: [ContinueHandler()], idleTimeout: .seconds(30))),
            configuration: .init(
                address: .hostname(configuration.host, port: configuration.port), serverName: "Anchorpoint"),
            onServerRunning: { await listening($0.localAddress?.port ?? configuration.port) },
            logger: Logger(label: "http") { [logger = platform.logger] _ in ConnectionLog(logger: logger) })
    }

    /// Everything this server answers.
    func router() throws -> Router<ServerContext> {
        let configuration = platform.configuration
        let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestObserver(metrics: platform.metrics, logger: platform.logger))
        addOperatingRoutes(
            to: router, accounts: platform.accounts, metrics: platform.metrics, walBytes: platform.walBytes)
        addAPIRoutes(to: router, services: platform.api)
        addNoticeRoute(to: router, door: platform.guideCalendars.door)
        if let sandbox { addSandboxRoutes(to: router, world: sandbox) }
        addGuidesAPIRoutes(to: router, services: platform.guidesAPIServices)
        addGuidesRoutes(to: router, services: platform.guidesServices(isSample: hasSample))
        try addWebRoutes(
            to: router,
            services: WebServices(
                profiles: platform.profiles, events: platform.reader, connecting: platform.connector,
                vendors: VendorDesk(registry: platform.registry, publicURL: configuration.publicURL),
                signIns: SignIns(accounts: platform.accounts), authorization: platform.authorization,
                mailDomains: MailDomains(), api: DeveloperWindow(platform), signInTries: configuration.signInTries,
                trustedProxies: configuration.trustedProxies, publicURL: configuration.publicURL))
        return router
    }
}
