import App
import ArgumentParser

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the API and the pages, and keep calendars in step.",
        discussion:
            "With --sample (only into an empty database) some people with calendars are there to try things out.")

    @OptionGroup var common: CommonOptions
    @Option(help: "Address to listen on (127.0.0.1).") var host: String?
    @Option(help: "Port to listen on (8080); 0 takes any free one.") var port: Int?
    @Option(help: "Where others reach this server. On http and loopback it is development mode.") var publicURL: String?
    @Option(help: "Mail server for letters, as in smtps://user:password@host; see docs/cli.md.") var smtpURL: String?
    @Option(help: "Who letters come from, as in 'Redrock <office@redrock.example>'.") var mailFrom: String?
    @Flag(help: "Start with sample people, or with nobody.") var contents: Contents?

    enum Contents: String, EnumerableFlag { case sample, empty }

    func run() async throws {
        var flags = common.flags
        flags["host"] = host
        flags["port"] = port.map(String.init)
        flags["public-url"] = publicURL
        flags["smtp-url"] = smtpURL
        flags["mail-from"] = mailFrom
        if let failure = await CommandLineRunner(flags: flags, json: common.json).serve(sample: contents == .sample) {
            throw ExitCode(failure.code.rawValue)
        }
    }
}

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Bring the database's schema up to this program's.")

    @OptionGroup var common: CommonOptions
    @Flag(help: "Only say what would be done.") var dryRun = false

    func run() async throws {
        if let failure = await CommandLineRunner(flags: common.flags, json: common.json).migrate(dryRun: dryRun) {
            throw ExitCode(failure.code.rawValue)
        }
    }
}

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check this machine and the settings, and name each missing thing.",
        discussion:
            "Of a vendor that people sign in with: whether this server is registered there, and what to register.")

    enum Provider: String, CaseIterable, ExpressibleByArgument { case google, microsoft }

    @OptionGroup var common: CommonOptions
    @Option(help: "Only what connecting with this vendor needs.") var provider: Provider?

    func run() async throws {
        let runner = CommandLineRunner(flags: common.flags, json: common.json)
        if let failure = await runner.doctor(provider: provider?.rawValue) {
            throw ExitCode(failure.code.rawValue)
        }
    }
}
