import App
import ArgumentParser

struct Applications: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Clients of the API.",
        subcommands: [Create.self, List.self, RotateSecret.self, RedirectURIs.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an application; prints its client_id and client_secret, which cannot be read again.")
        @OptionGroup var common: CommonOptions
        @Option(help: "What people see.") var name: String
        @Option(help: "Where people are sent back to; repeat for several.") var redirectURI: [String] = []
        @Flag(
            name: .customLong("public"), help: "It runs where no secret can be kept: it has none, and must use PKCE.")
        var isPublic = false

        func run() async throws {
            try await common.run(.createApplication(name: name, redirectURIs: redirectURI, isPublic: isPublic))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List applications with their redirect URIs and how many secrets are live.")
        @OptionGroup var common: CommonOptions

        func run() async throws { try await common.run(.listApplications) }
    }

    struct RotateSecret: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate-secret",
            abstract: "Give an application a new secret; those before it stay good for a while.")
        @OptionGroup var common: CommonOptions
        @Option(help: "The application.") var clientID: String
        @Option(help: "Hours for which the secrets before it stay good; 0 ends them now.") var overlap: Int32 = 24

        func run() async throws {
            try await common.run(.rotateSecret(clientID: clientID, overlap: Int64(overlap) * 3600))
        }
    }

    struct RedirectURIs: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "redirect-uris", abstract: "Show or change where people may be sent back to.")
        @OptionGroup var common: CommonOptions
        @Option(help: "The application.") var clientID: String
        @Option(help: "Register this one; repeat for several.") var add: [String] = []
        @Option(help: "Take this one back; repeat for several.") var remove: [String] = []

        func run() async throws {
            try await common.run(.redirectURIs(clientID: clientID, add: add, remove: remove))
        }
    }
}
