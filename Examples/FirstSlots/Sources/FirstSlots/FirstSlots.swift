import CivilTime
import CronofyClient
import Foundation

/// Prints when somebody is free tomorrow: `FirstSlots SERVER`, with the answers of `anchorpoint applications create` and
/// `anchorpoint accounts create` in application.json and account.json.
@main
struct FirstSlots {
    struct Application: Decodable { let client_id, client_secret: String }
    struct Account: Decodable { let sub, access_token, refresh_token: String }

    static func main() async throws {
        let server = CommandLine.arguments.dropFirst().first ?? "http://127.0.0.1:8080"
        let application: Application = try read("application.json")
        let person: Account = try read("account.json")
        let cronofy = CronofyApplication(
            clientID: application.client_id, clientSecret: application.client_secret,
            server: DataCenter(server: server))
        let account = cronofy.account(
            AccountTokens(accessToken: person.access_token, refreshToken: person.refresh_token))

        let today = Int64(Date().timeIntervalSince1970) / 86_400 * 86_400
        let (opens, closes) = (today + 86_400 + 8 * 3600, today + 86_400 + 17 * 3600)
        guard let calendar = try await account.calendars().first(where: { !$0.isReadOnly && !$0.isDeleted }) else {
            return print("there is no calendar to write to")
        }
        let event = EventDraft(
            summary: "Scouting the north ridge", start: .moment(Instant(seconds: opens + 2 * 3600)),
            end: .moment(Instant(seconds: opens + 4 * 3600)))
        try await account.upsert(event: "scouting", event, in: calendar.id)

        let question = AvailabilityQuestion(
            groups: [.init([.init(person.sub)])], duration: .seconds(3600),
            when: .within([TimeSpan(start: Instant(seconds: opens), end: Instant(seconds: closes))]))
        for opening in try await cronofy.availability(of: question) {
            print("free from \(opening.span.start) to \(opening.span.end)")
        }
        var query = EventQuery(zone: "Etc/UTC")
        query.managed = .only
        for try await event in account.events(query) { print("of ours: \(event.summary)") }
    }

    static func read<Value: Decodable>(_ file: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
    }
}
