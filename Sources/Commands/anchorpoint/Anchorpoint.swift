import App
import ArgumentParser

/// The server and its command line; each subcommand only parses arguments and calls App.
@main
struct Anchorpoint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "anchorpoint",
        abstract: "Keeps guides' calendars in step with the trips that hire them.",
        discussion: """
            Settings come from flags, then ANCHORPOINT_* variables, then a file (ANCHORPOINT_CONFIG).
            Answers are JSON with --json or where standard output is not a terminal; messages go to standard error.
            Exit codes: 0 done, 64 wrong usage, 65 bad input, 66 not found, 69 cannot reach, 70 internal fault, \
            75 in use, 77 refused, 78 wrong settings.
            """,
        subcommands: [
            Serve.self, Migrate.self, Applications.self, Accounts.self, Calendars.self, Sync.self, Availability.self,
            SignIn.self, DeadLetters.self, Deliveries.self, Listen.self, AdminKeys.self, Verifications.self,
            Doctor.self,
        ])
}

/// Options of every command.
struct CommonOptions: ParsableArguments {
    @Option(help: "sqlite:PATH or postgres://user@host/name.") var database: String?
    @Flag(help: "Print JSON also on a terminal.") var json = false

    /// The settings given as flags.
    var flags: [String: String] {
        var flags: [String: String] = [:]
        flags["database"] = database
        return flags
    }

    /// Runs `operation` and prints its answer; ends with the exit code of its failure.
    func run(_ operation: Operation) async throws {
        if let failure = await CommandLineRunner(flags: flags, json: json).run(operation) {
            throw ExitCode(failure.code.rawValue)
        }
    }
}
