import App
import ArgumentParser
import Foundation

struct Deliveries: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Notifications of the last week, and sending them again.", subcommands: [List.self, Replay.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List tries, the newest first, with what was sent.")
        @OptionGroup var common: CommonOptions
        @Option(help: "The application.") var clientID: String
        @Option(help: "Only this channel (chn_…).") var channel: String?
        @Flag(help: "Only those that were not acknowledged.") var failed = false
        @Option(help: "Only those after this number, oldest first.") var after: Int64?

        func run() async throws {
            try await common.run(.deliveries(client: clientID, channel: channel, failed: failed, after: after))
        }
    }

    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a notification again, with its id and bytes; or all that were never acknowledged.")
        @OptionGroup var common: CommonOptions
        @Option(help: "The application.") var clientID: String
        @Argument(help: "Its number in the list.") var delivery: Int64?
        @Flag(help: "All of the week that were never acknowledged.") var failed = false

        func validate() throws {
            guard (delivery != nil) != failed else { throw ValidationError("give a number, or --failed") }
        }

        func run() async throws { try await common.run(.replayDeliveries(client: clientID, number: delivery)) }
    }
}

struct Listen: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print an application's notifications as they are sent, and pass them to a program on this machine.",
        discussion: "Channels whose address cannot be reached from the server are shown all the same. Stop with Ctrl-C."
    )
    @OptionGroup var common: CommonOptions
    @Option(help: "The application.") var clientID: String
    @Option(help: "Where to pass them on: http://127.0.0.1:3000/hook, for example.") var forwardTo: String?

    func run() async throws {
        let target = forwardTo
        let failure = await CommandLineRunner(flags: common.flags, json: common.json).listen(client: clientID) {
            found in
            var line = "\(found.triedAt)  \(found.type)  \(found.outcome)"
            if let target { line += "  forwarded: " + (await found.forward(to: target)) }
            FileHandle.standardOutput.write(Data("\(line)\n\(found.body)\n".utf8))
        }
        if let failure { throw ExitCode(failure.code.rawValue) }
    }
}
