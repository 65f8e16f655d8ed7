import ArgumentParser
import CivilTime
import Foundation
import GuardedHTTP
import Hummingbird
import Logging
import SandboxKit
import SandboxServer

/// Pretend Google and Microsoft calendars on this machine; each subcommand only parses arguments and calls SandboxServer.
@main
struct ProviderSandbox: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provider-sandbox",
        abstract: "Stand-ins for Google Calendar v3 and Microsoft Graph calendars, with their OAuth servers.",
        discussion: "Everything is in memory and nobody in it is real. README.md beside the source says more.",
        subcommands: [Serve.self, Fault.self], defaultSubcommand: Serve.self)

    struct Serve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Serve them (this is what happens without a subcommand).")
        @Option(help: "Address to listen on.") var host = "127.0.0.1"
        @Option(help: "Port to listen on.") var port = 8090
        @Option(help: "Where others reach it; links begin with this.") var publicURL: String?
        @Option(help: "JSON file of people and calendars; without it some are made up.") var people: String?

        func run() async throws {
            let now: @Sendable () -> Instant = { Instant(seconds: Int64(Date().timeIntervalSince1970)) }
            let base = publicURL ?? "http://\(host):\(port)"
            let world = try SandboxWorld(base: base, people: try whoever(now()), now: now)
            var logger = Logger(label: "provider-sandbox")
            logger.logLevel = .error
            let service = SandboxService(world: world, host: host, port: port)
            try await service.application(logger: logger) {
                print(
                    """
                    Pretend calendars are at \(base)
                    Google's API root: \(base)/google/   Graph: \(base)/microsoft/v1.0
                    """)
                // Those who started it through a pipe wait for this line.
                fflush(nil)
            }.runService()
        }

        private func whoever(_ now: Instant) throws -> SandboxPeople {
            guard let people else { return SandboxPeople(around: now) }
            guard let data = FileManager.default.contents(atPath: people) else {
                throw ValidationError("--people: cannot read '\(people)'")
            }
            do { return try SandboxPeople(parsing: Array(data)) } catch {
                throw ValidationError("--people: \(people): \(error)")
            }
        }
    }

    struct Fault: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make something go wrong in a sandbox that runs.",
            discussion: "Kinds, and what they take:\n"
                + FaultOrder.help.map { "  \($0.kind)  \($0.takes)" }.joined(separator: "\n")
                + "\nEach also takes vendor=google|microsoft and person=ADDRESS; without: everybody.")
        @Option(help: "Where the sandbox is.") var at = "http://127.0.0.1:8090"
        @Argument(help: "What goes wrong.") var kind: String
        @Argument(help: "What it takes, as name=value.") var takes: [String] = []

        func run() async throws {
            let fields = try takes.map { text -> String in
                let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
                guard parts.count == 2 else { throw ValidationError("'\(text)' is not name=value") }
                return parts.map(PercentEncoding.segment).joined(separator: "=")
            }
            let body = (["kind=" + PercentEncoding.segment(kind)] + fields).joined(separator: "&")
            let request = FetchRequest(
                "POST", try WebAddress(parsing: at + "/faults"),
                headers: [Header("Content-Type", "application/x-www-form-urlencoded")], body: Array(body.utf8),
                redirects: .never)
            let answer = try await GuardedClient(policy: .development).send(request)
            print(String(decoding: answer.body, as: UTF8.self))
            if answer.status != 200 { throw ExitCode(65) }
        }
    }
}
