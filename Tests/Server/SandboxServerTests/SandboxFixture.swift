import CivilTime
import CronofyWire
import HTTPTypes
import PageKit
import SandboxKit
import Synchronization
import Testing

@testable import SandboxServer

/// A world on a clock that tests turn.
struct SandboxFixture {
    let world: SandboxWorld
    private let clock: Clock

    final class Clock: Sendable { let seconds = Mutex<Int64>(1_767_225_600) }

    static let people = """
        {"people": [
          {"vendor": "google", "email": "anna@gmail.example", "zone": "Europe/Berlin",
           "calendars": [{"name": "Anna", "events": [
             {"title": "Dentist", "start": "2026-03-03T10:00:00", "end": "2026-03-03T11:00:00"}]}]},
          {"vendor": "microsoft", "email": "cleo@outlook.example", "zone": "Europe/Berlin",
           "calendars": [{"name": "Calendar", "events": [{"title": "Away", "start": "2026-03-03", "end": "2026-03-05"}]}]}],
         "clients": [{"id": "c", "secret": "s", "redirect_uris": ["https://app.example/back"]}]}
        """

    init() throws {
        let clock = Clock()
        self.clock = clock
        world = try SandboxWorld(base: "http://127.0.0.1:1", people: SandboxPeople(parsing: Array(Self.people.utf8))) {
            Instant(seconds: clock.seconds.withLock { $0 })
        }
    }

    func pass(seconds: Int64) { clock.seconds.withLock { $0 += seconds } }

    func ask(_ method: String, _ target: String, _ headers: [String: String] = [:], _ body: String = "") async
        -> (status: Int, json: JSONValue, location: String?)
    {
        let reply = await world.reply(to: SandboxRequest(method, target, headers: headers, body: Array(body.utf8)))
        switch reply {
        case .page(let answer): return (Int(answer.status.code), .string(answer.body), answer.location)
        case .answer(let answer, _):
            let json: JSONValue
            do { json = try JSONValue(parsing: answer.body) } catch { json = .null }
            return (answer.status, json, nil)
        }
    }

    static let authorize: [String: String] = [
        "google": "/google/o/oauth2/v2/auth", "microsoft": "/microsoft/common/oauth2/v2.0/authorize",
    ]
    static let token = ["google": "/google/token", "microsoft": "/microsoft/common/oauth2/v2.0/token"]
    static let who = ["google": "anna@gmail.example", "microsoft": "cleo@outlook.example"]
    static let list = [
        "google": "/google/calendar/v3/users/me/calendarList", "microsoft": "/microsoft/v1.0/me/calendars",
    ]
    static let scope = [
        "google": "https://www.googleapis.com/auth/calendar", "microsoft": "offline_access%20Calendars.ReadWrite",
    ]

    /// The code that a consent gives.
    func code(_ vendor: String, _ more: String = "&access_type=offline&prompt=consent") async throws -> String {
        let query =
            "client_id=c&response_type=code&redirect_uri=https://app.example/back&state=x&scope="
            + (Self.scope[vendor] ?? "") + more
        let scope = Self.scope[vendor]?.split(separator: "%20").last ?? ""
        let answer = await ask(
            "POST", (Self.authorize[vendor] ?? "") + "?" + query, [:],
            "answer=allow&as=\(Self.who[vendor] ?? "")&scope=\(scope)")
        let back = try #require(answer.location)
        #expect(back.hasPrefix("https://app.example/back?") && back.contains("state=x"))
        return try #require(FormText(parsing: back.split(separator: "?")[1])["code"])
    }

    func exchange(_ vendor: String, _ fields: String, secret: String = "s") async -> (status: Int, json: JSONValue) {
        let answer = await ask("POST", Self.token[vendor] ?? "", [:], "client_id=c&client_secret=\(secret)&" + fields)
        return (answer.status, answer.json)
    }

    func link(_ vendor: String) async throws -> (access: String, refresh: String) {
        let answer = await exchange(
            vendor, "grant_type=authorization_code&redirect_uri=https://app.example/back&code=\(try await code(vendor))"
        )
        return (try #require(answer.json["access_token"]?.text), try #require(answer.json["refresh_token"]?.text))
    }

    func calendars(_ vendor: String, _ access: String) async -> Int {
        await ask("GET", Self.list[vendor] ?? "", ["authorization": "Bearer " + access]).status
    }
}
