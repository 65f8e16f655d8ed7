import App
import ArgumentParser

struct Accounts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "People.", subcommands: [Create.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Make an account with tokens, for development and tests. Known e-mail: the same account, new tokens."
        )
        @OptionGroup var common: CommonOptions
        @Option(help: "The application that gets the tokens.") var clientID: String
        @Option(help: "The person's address.") var email: String
        @Option(help: "The person's name.") var name: String?
        @Option(help: "IANA zone, such as Europe/Paris (Etc/UTC).") var timeZone: String?
        @Option(help: "Scopes, separated by spaces (all).") var scope: String?

        func run() async throws {
            try await common.run(
                .createAccount(clientID: clientID, email: email, name: name, timeZone: timeZone, scope: scope))
        }
    }
}

struct SignIn: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print a new link to sign in to the pages.")
    @OptionGroup var common: CommonOptions
    @Option(help: "Sign in as this person (acc_…) instead of as the operator.") var account: String?

    func run() async throws { try await common.run(.signIn(account: account)) }
}

struct DeadLetters: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List work that was given up, or try it again.")
    @OptionGroup var common: CommonOptions
    @Flag(help: "Try all of it again.") var replay = false

    func run() async throws { try await common.run(.deadLetters(replay: replay)) }
}
