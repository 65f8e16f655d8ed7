import API
import Accounts
import CivilTime
import CronofyWire
import Foundation
import Glibc
import Logging
import Mail
import SQLite
import Season
import StorageKit
import Web

/// Runs commands: finds the process that holds the database, prints answers, and turns failures into exit codes.
public struct CommandLineRunner: Sendable {
    private let flags: [String: String]
    private let environment: [String: String]
    private let printsJSON: Bool

    /// `json`: also on a terminal.
    public init(flags: [String: String], json: Bool) {
        self.flags = flags
        environment = ProcessInfo.processInfo.environment
        printsJSON = json || isatty(STDOUT_FILENO) == 0
    }

    // MARK: Operations

    /// Runs `operation`, here or in the server that holds the database; nil where it worked.
    public func run(_ operation: Operation) async -> OperationFailure? {
        let outcome = Outcome(printsJSON: printsJSON)
        do {
            let configuration = try configuration()
            if try askServer(configuration, operation, { outcome.take($0) }) { return outcome.failure }
            let platform = try await AnchorpointPlatform.open(configuration, logger: logger(configuration))
            let runsJobs = configuration.database.isEmbedded
            await OperationRunner(platform: platform, runsJobs: runsJobs).run(operation) { outcome.take($0) }
            await platform.database.close()
            return outcome.failure
        } catch { return report(error) }
    }

    /// True where a server took it.
    private func askServer(
        _ configuration: Configuration, _ operation: Operation,
        _ take: @escaping @Sendable (OperationMessage) -> Void
    ) throws -> Bool {
        guard case .sqlite(let path) = configuration.database, SQLiteDatabase.holder(of: path) != nil else {
            return false
        }
        return try ControlClient.run(operation, at: ControlSocket.path(forDatabase: path), take)
    }

    // MARK: Listen

    /// Asks for an application's notifications until the process ends, and hands each to `take`.
    public func listen(client: String, take: @escaping @Sendable (ListenedNotification) async -> Void) async
        -> OperationFailure?
    {
        do {
            let configuration = try configuration()
            var platform: AnchorpointPlatform?
            let seen = SeenNotifications()
            while true {
                let answers = AnswerBox()
                let operation = Operation.deliveries(client: client, channel: nil, failed: false, after: seen.next)
                if try platform != nil || !askServer(configuration, operation, { answers.take($0) }) {
                    if platform == nil {
                        platform = try await AnchorpointPlatform.open(configuration, logger: logger(configuration))
                    }
                    if let platform {
                        await OperationRunner(platform: platform, runsJobs: false).run(operation) { answers.take($0) }
                    }
                }
                if let failure = answers.failure { return report(failure) }
                for notification in try seen.fresh(answers.json) { await take(notification) }
                try await Task.sleep(for: .milliseconds(500))
            }
        } catch is CancellationError { return nil } catch { return report(error) }
    }

    // MARK: Serve

    /// Serves until the process is asked to stop. `sample`: with people to try things out, into an empty database.
    public func serve(sample: Bool) async -> OperationFailure? {
        do {
            var configuration = try configuration()
            if configuration.port == 0 { configuration.port = try Self.freePort(configuration.host) }
            if flags["public-url"] == nil && environment["ANCHORPOINT_PUBLIC_URL"] == nil {
                configuration.listening(on: configuration.port, publicURLWasSet: false)
            }
            let sandbox = sample ? try configuration.bringSandbox(now: AnchorpointPlatform.now) : nil
            let logger = logger(configuration)
            let platform = try await AnchorpointPlatform.open(
                configuration, note: configuration.publicURL, logger: logger)
            if sample {
                try await SamplePeople(platform: platform).addWhereEmpty()
                try await SampleOutfitter(platform: platform).addWhereEmpty()
            }
            let link = try await SignIns(accounts: platform.accounts).issueLink(
                account: nil, life: SignIns.startLinkLife)
            let settled = configuration
            try await AnchorpointServer(platform: platform, hasSample: sample, sandbox: sandbox) { port in
                Self.greet(settled, port: port, link: link)
            }.run()
            return nil
        } catch { return report(error) }
    }

    private static func greet(_ configuration: Configuration, port: Int, link: Secret) {
        var lines = [
            "Anchorpoint is at \(configuration.publicURL)",
            "Sign in once with: \(configuration.publicURL)/sign-in/\(link.reveal())",
            "Guide services are at \(configuration.publicURL)/guides",
        ]
        if configuration.vendors.values.contains(where: \.isPretend) {
            lines.append(
                "Pretend Google and Microsoft accounts to connect are at \(configuration.publicURL)\(SandboxPath.prefix)/"
            )
        }
        if configuration.isDevelopment {
            lines.append("Development mode: calendars on this machine (loopback) may be read too.")
        }
        if configuration.database.isEmbedded && configuration.durability != .full {
            lines.append("synchronous = normal: a power cut may lose what was answered in the seconds before it.")
        }
        lines.append("Stop with Ctrl-C. Start without sample people by: anchorpoint serve --empty")
        StandardStream.output.write(lines.joined(separator: "\n") + "\n")
    }

    private static func freePort(_ host: String) throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { Glibc.close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr(host)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
            }
        }
        guard bound else { throw Configuration.Problem("port: no free port at \(host)") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    // MARK: Migrate

    public func migrate(dryRun: Bool) async -> OperationFailure? {
        do {
            let configuration = try configuration()
            let database = try await AnchorpointPlatform.openDatabase(configuration, note: "anchorpoint migrate")
            var done: [Migration] = []
            for migrator in [
                Migrator(database, migrations: PlatformSchema.migrations),
                Migrator(database, migrations: SeasonSchema.migrations, ledger: SeasonSchema.ledger),
            ] { done += dryRun ? try await migrator.plan() : try await migrator.migrate() }
            await database.close()
            var writer = JSONWriter()
            writer.object { writer in
                writer.member("dry_run", dryRun)
                writer.name("migrations")
                writer.array(done) { writer, migration in
                    writer.object { writer in
                        writer.member("number", migration.number)
                        writer.member("name", migration.name)
                        if dryRun {
                            writer.name("statements")
                            writer.array(migration.statements) { $0.value($1) }
                        }
                    }
                }
            }
            let lines = done.map {
                "\($0.number) \($0.name)" + (dryRun ? "\n" + $0.statements.joined(separator: ";\n") : "")
            }
            Outcome(printsJSON: printsJSON).take(
                .result(
                    json: writer.text, text: lines.isEmpty ? "the schema is up to date" : lines.joined(separator: "\n"))
            )
            return nil
        } catch { return report(error) }
    }

    // MARK: Doctor

    /// Checks what a server needs, and says of each thing whether it is there.
    /// - Parameter provider: only what connecting with this vendor needs; nil: everything, and each vendor that is set.
    public func doctor(provider: String? = nil) async -> OperationFailure? {
        var checks: [DoctorCheck] = []
        if provider == nil {
            let zones = ZoneDatabase.system
            checks.append(
                DoctorCheck(
                    "zone database", zones.zone(ZoneID("Europe/Paris")) != nil,
                    zones.version.map { "tzdata \($0)" } ?? "install the package tzdata"))
        }
        do {
            let configuration = try configuration()
            checks.append(DoctorCheck("settings", true, "public address \(configuration.publicURL)"))
            if provider == nil {
                checks.append(contentsOf: await databaseChecks(configuration))
                checks.append(await mailCheck(configuration))
            }
            for vendor in VendorSettings.vendors where (provider ?? vendor) == vendor {
                guard provider != nil || configuration.vendors[vendor] != nil else { continue }
                checks += await vendorChecks(vendor, configuration)
            }
        } catch { checks.append(DoctorCheck("settings", false, "\(error)")) }
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("checks")
            writer.array(checks) { writer, check in
                writer.object {
                    $0.member("name", check.name)
                    $0.member("ok", check.isGood)
                    $0.member("detail", check.detail)
                }
            }
        }
        let text = checks.map { "\($0.isGood ? "ok     " : "missing") \($0.name): \($0.detail)" }.joined(
            separator: "\n")
        Outcome(printsJSON: printsJSON).take(.result(json: writer.text, text: text))
        return checks.allSatisfy(\.isGood) ? nil : OperationFailure(.configuration, "something is missing; see above")
    }

    private func mailCheck(_ configuration: Configuration) async -> DoctorCheck {
        guard let mail = configuration.mail else {
            return DoctorCheck("mail", true, "no mail server is set (smtp-url): letters are kept, and sent to nobody")
        }
        switch await mail.probe() {
        case .taken:
            return DoctorCheck("mail", true, "\(mail.server.name) lets us in; letters come from \(mail.from.address)")
        case .later(let reason), .refused(let reason):
            return DoctorCheck("mail", false, "\(mail.server.name): \(reason)")
        }
    }

    private func vendorChecks(_ vendor: String, _ configuration: Configuration) async -> [DoctorCheck] {
        let check = VendorCheck(
            vendor: vendor, settings: configuration.vendors[vendor], publicURL: configuration.publicURL,
            client: configuration.client, now: AnchorpointPlatform.now)
        var checks = await check.checks()
        if case .sqlite(let path) = configuration.database, SQLiteDatabase.holder(of: path) != nil { return checks }
        do {
            let platform = try await AnchorpointPlatform.open(configuration, logger: logger(configuration))
            if let endings = try await VendorCheck.endings(of: vendor, in: platform) { checks.append(endings) }
            await platform.database.close()
        } catch { checks.append(DoctorCheck("database", false, Self.sentence(error))) }
        return checks
    }

    private func databaseChecks(_ configuration: Configuration) async -> [DoctorCheck] {
        if case .sqlite(let path) = configuration.database, let holder = SQLiteDatabase.holder(of: path) {
            return [DoctorCheck("database", true, "in use by the server at \(holder)")]
        }
        do {
            let platform = try await AnchorpointPlatform.open(configuration, logger: logger(configuration))
            let letters = try await platform.queue.deadLetters().count
            await platform.database.close()
            return [
                DoctorCheck(
                    "database", true, configuration.database.isEmbedded ? "SQLite, synchronous FULL" : "PostgreSQL"),
                DoctorCheck("key", true, configuration.key == nil ? configuration.keyFile : "from ANCHORPOINT_KEY"),
                DoctorCheck(
                    "work", true,
                    letters == 0 ? "nothing was given up" : "\(letters) given up; see: anchorpoint dead-letters"),
            ]
        } catch { return [DoctorCheck("database", false, Self.sentence(error))] }
    }

    // MARK: Shared

    private func configuration() throws(Configuration.Problem) -> Configuration {
        try Configuration(flags: flags, environment: environment)
    }

    private func logger(_ configuration: Configuration) -> Logger {
        var logger = Logger(label: "anchorpoint") {
            StreamLogHandler.standardError(label: $0, metadataProvider: RequestID.metadata)
        }
        logger.logLevel = Logger.Level(rawValue: configuration.logLevel) ?? .notice
        return logger
    }

    private func report(_ error: any Error) -> OperationFailure {
        let code: OperationFailure.Code =
            switch error {
            case is Configuration.Problem: .configuration
            case StorageError.inUse: .inUse
            case StorageError.unavailable: .unavailable
            case StorageError.newerSchema: .configuration
            case let failure as OperationFailure: failure.code
            default: .internalFault
            }
        let failure = OperationFailure(code, Self.sentence(error))
        Outcome(printsJSON: printsJSON).take(.failure(failure))
        return failure
    }

    private static func sentence(_ error: any Error) -> String {
        switch error {
        case let problem as Configuration.Problem: problem.description
        case let failure as OperationFailure: failure.message
        case StorageError.inUse(let path, let holder):
            "the database '\(path)' is in use\(holder.isEmpty ? "" : " by \(holder)"); stop that process first"
        case StorageError.unavailable(let reason): reason
        case StorageError.newerSchema(let found, let known):
            "the database has schema \(found), this program knows \(known): use the newer program"
        case StorageError.damaged(let message): "the database is damaged (\(message)); restore it from a backup"
        case StorageError.full(let volume): "\(volume) is full, read-only or failing"
        default: "\(error)"
        }
    }
}

extension DatabaseLocation {
    var isEmbedded: Bool {
        if case .sqlite = self { true } else { false }
    }
}

/// Prints what an operation answers: results to standard output, everything else to standard error.
private final class Outcome: Sendable {
    private let printsJSON: Bool
    private let failed = FailureBox()

    init(printsJSON: Bool) { self.printsJSON = printsJSON }

    var failure: OperationFailure? { failed.value }

    func take(_ message: OperationMessage) {
        switch message {
        case .progress(let text): if isatty(STDERR_FILENO) != 0 { StandardStream.error.write("\r\u{1b}[K\(text)") }
        case .result(let json, let text): StandardStream.output.write((printsJSON ? json : text) + "\n")
        case .failure(let failure):
            failed.set(failure)
            StandardStream.error.write("anchorpoint: \(failure.message)\n")
        }
    }
}

/// Standard output or error, written at once: nothing waits in a buffer when output goes to a pipe.
private enum StandardStream: Int32 {
    case output = 1
    case error = 2

    func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(rawValue, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
