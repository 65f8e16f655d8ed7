import ArgumentParser

/// The server and its command line; each subcommand only parses arguments and calls App.
@main
struct Anchorpoint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "anchorpoint", abstract: "Keeps guides' calendars in step with the trips that hire them.")
}
