import App
import ArgumentParser
import Foundation

struct Calendars: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Connections and calendars.",
        subcommands: [Connect.self, List.self, Import.self, Export.self])

    struct Connect: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Connect a calendar account; prints the profile and its calendars.")
        @OptionGroup var common: CommonOptions
        @Option(help: "The person (acc_…).") var account: String
        @Option(help: "caldav, icloud, ics or native.") var provider: String
        @Option(help: "Address of the server or feed; for caldav a mail address or domain will do.") var url: String?
        @Option(help: "User name at the server.") var username: String?
        @Flag(help: "Read the password from standard input.") var passwordStdin = false

        func run() async throws {
            let password = passwordStdin ? readLine(strippingNewline: true) : nil
            try await common.run(
                .connect(account: account, provider: provider, url: url, username: username, password: password))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List a person's calendars with their age.")
        @OptionGroup var common: CommonOptions
        @Option(help: "The person (acc_…).") var account: String

        func run() async throws { try await common.run(.listCalendars(account: account)) }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Import an .ics file as a calendar that lives here.")
        @OptionGroup var common: CommonOptions
        @Option(help: "The person (acc_…).") var account: String
        @Argument(help: "The file, of at most 10 MB.") var file: String

        private static let largestFile = 10 << 20

        func run() async throws {
            let data: Data
            do {
                let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
                data = try handle.read(upToCount: Self.largestFile + 1) ?? Data()
            } catch {
                FileHandle.standardError.write(Data("anchorpoint: cannot read '\(file)'\n".utf8))
                throw ExitCode(OperationFailure.Code.notFound.rawValue)
            }
            guard data.count <= Self.largestFile else {
                FileHandle.standardError.write(
                    Data("anchorpoint: '\(file)' is larger than 10 MB; import its events in several files\n".utf8))
                throw ExitCode(OperationFailure.Code.badInput.rawValue)
            }
            let name = (file as NSString).lastPathComponent
            try await common.run(
                .importFile(account: account, name: name, text: String(decoding: data, as: UTF8.self)))
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a calendar as one .ics file (within JSON with --json).")
        @OptionGroup var common: CommonOptions
        @Option(help: "The person (acc_…).") var account: String
        @Option(help: "The calendar (cal_…); all of the person's calendars where left out.") var calendar: String?

        func run() async throws { try await common.run(.export(account: account, calendar: calendar ?? "")) }
    }
}

struct Sync: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Bring calendars in step now.")
    @OptionGroup var common: CommonOptions
    @Option(help: "Only this person (acc_…).") var account: String?
    @Flag(help: "Wait until it is done, with progress on a terminal.") var wait = false

    func run() async throws { try await common.run(.sync(account: account, wait: wait)) }
}

struct Availability: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "When all of these people are free.")
    @OptionGroup var common: CommonOptions
    @Option(help: "People (acc_…), separated by commas.") var accounts: String
    @Option(help: "Start: 2031-04-05T08:00:00Z or 2031-04-05.") var from: String
    @Option(help: "End, exclusive.") var to: String
    @Option(help: "Length: 45m, 2h or 1h30m.") var duration: String
    @Option(help: "List starts on this grid (15m) instead of whole stretches.") var startInterval: String?

    func run() async throws {
        try await common.run(
            .availability(
                accounts: accounts.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }, from: from,
                to: to, minutes: try minutes(duration, "duration"),
                startInterval: try startInterval.map { try minutes($0, "start-interval") }))
    }

    private func minutes(_ text: String, _ option: String) throws -> Int {
        guard let minutes = DurationText.minutes(text) else {
            throw ValidationError("--\(option) '\(text)' is not a length; write 45m, 2h or 1h30m")
        }
        return minutes
    }
}
