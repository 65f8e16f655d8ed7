import App
import ArgumentParser

struct AdminKeys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admin-keys", abstract: "Keys that may make applications through the API.",
        subcommands: [Create.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a key; it cannot be read again.")
        @OptionGroup var common: CommonOptions

        func run() async throws { try await common.run(.createAdminKey) }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End all keys.")
        @OptionGroup var common: CommonOptions
        @Flag(help: "Yes, all.") var all = false

        func validate() throws { guard all else { throw ValidationError("say --all: every key ends") } }
        func run() async throws { try await common.run(.revokeAdminKeys) }
    }
}

struct Verifications: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Redirect addresses that applications asked to have registered.",
        subcommands: [List.self, Accept.self, Refuse.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List what waits.")
        @OptionGroup var common: CommonOptions

        func run() async throws { try await common.run(.listVerifications) }
    }

    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Register what an application asked for.")
        @OptionGroup var common: CommonOptions
        @Option(help: "The application.") var clientID: String

        func run() async throws { try await common.run(.settleVerification(client: clientID, accept: true)) }
    }

    struct Refuse: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Register nothing, and take it off the list.")
        @OptionGroup var common: CommonOptions
        @Option(help: "The application.") var clientID: String

        func run() async throws { try await common.run(.settleVerification(client: clientID, accept: false)) }
    }
}
