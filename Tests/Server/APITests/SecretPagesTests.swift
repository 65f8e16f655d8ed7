import Accounts
import CivilTime
import CronofyWire
import Foundation
import GuardedHTTP
import HTTPTypes
import Integrations
import Jobs
import Logging
import Notifications
import Planning
import Sealing
import Season
import StorageKit
import Support
import Testing
import Trips

@testable import App
@testable import GuidesAPI
@testable import GuidesWeb

@Suite("What stands in a guide's calendar appears nowhere")
struct SecretPagesTests {
    static let word = "pl4nted-s3cret"

    /// A private event with the secret in every field that holds text, two days ahead, in the guide's own calendar.
    private func plant(_ world: SampleWorld, _ guide: PersonID) async throws -> Instant {
        let platform = world.server.platform
        let link = try #require(try await platform.database.read { try LinkStore.links(of: guide, in: $0) }.first)
        let calendar = try #require(
            try await platform.database.read { try LinkStore.integrations(of: guide, in: $0) }.first?.calendars.first?
                .id)
        let (application, _) = try await platform.accounts.createApplication(name: "Other", redirectURIs: [])
        let tokens = try await platform.accounts.createAccount(
            client: application.id, email: "other@example.com", name: nil, zone: .utc, scope: .all)
        try await platform.database.write { session in
            try session.execute(
                "UPDATE tokens SET account_id = ? WHERE account_id = ?",
                [.text(link.account), .text(tokens.account.value)])
            try session.execute(
                "INSERT INTO grants (account_id, client_id, scope, created_at) VALUES (?, ?, ?, 0)",
                [.text(link.account), .text(application.id.value), .text(Scope.all.description)])
        }
        let start = Instant(seconds: world.store.now().seconds / 3_600 * 3_600 + 40 * 86_400)
        let word = Self.word
        let reply = try await world.server.send(
            .post, "/v1/calendars/\(calendar)/events", bearer: tokens.accessToken.reveal(),
            body: """
                {"event_id": "\(word)", "summary": "\(word)", "description": "\(word)", "event_private": true,
                 "location": {"description": "\(word)"}, "url": "https://\(word).example/", "start": "\(start)",
                 "attendees": {"invite": [{"email": "\(word)@example.com", "display_name": "\(word)"}]},
                 "end": "\(Instant(seconds: start.seconds + 8 * 3_600))"}
                """)
        #expect(reply.status == 202, "\(reply.text)")
        return start
    }

    /// Every page of the table as one visitor, its forms with what a real form holds.
    private func everything(
        _ world: SampleWorld, _ browser: PageBrowser, trip: TripID, guide: PersonID
    ) async throws -> [(route: String, text: String)] {
        let routes = GuideTable(
            services: world.server.platform.guidesServices(isSample: true),
            cookies: GuideCookies(publicURL: LiveServer.base)
        ).routes
        let token = try await browser.get("/guides/me/account").formToken ?? ""
        var found: [(route: String, text: String)] = []
        // What ends the trip comes last.
        let isEnd: (GuideRoute) -> Bool = { $0.path.hasSuffix("/cancel") }
        for route in routes.filter({ !isEnd($0) }) + routes.filter(isEnd) where !route.path.hasSuffix("/sign-out") {
            var path = route.path
            for (name, value) in [
                ("{service}", world.service.slug), ("{slug}", world.service.slug), ("{trip}", trip.value),
                ("{token}", "none"), ("{party}", "pty_none"),
            ] { path = path.replacingOccurrences(of: name, with: value) }
            let reply =
                switch route.method {
                case .get: try await browser.get(path)
                case .post:
                    try await browser.post(
                        path,
                        [
                            "form_token": token, "trip": trip.value, "guide": guide.value, "role": "lead",
                            "guests": "2", "to": "make",
                        ])
                }
            found.append((route.path, reply.text + "\(reply.headers)"))
            // What a page has just made known, such as an address of a calendar, is read too.
            for address in reply.text.components(after: LiveServer.base + "/guides/feeds/", until: "<") {
                found.append((route.path + " feed", try await browser.get("/guides/feeds/" + address).text))
            }
        }
        return found
    }

    /// Every endpoint of the JSON API as somebody with a key, asked about the trip, the guide's rows and the service.
    private func api(
        _ world: SampleWorld, _ person: PersonID, trip: TripID, guide: PersonID
    ) async throws -> [(route: String, text: String)] {
        let key = try await world.store.makePersonToken(named: "test", of: person).reveal()
        let all = try #require(Period(from: Instant(seconds: 0), to: Instant(seconds: 8_000_000_000)))
        let rows = try await world.store.availabilityRows(of: guide, in: all).map(\.id)
        var found: [(route: String, text: String)] = []
        for endpoint in GuidesEndpoints(services: world.server.platform.guidesAPIServices).all
        where endpoint.method != .delete {
            let ids = endpoint.path.contains("{id}") ? rows + [trip.value, world.service.id.value] : [""]
            for id in ids {
                let reply = try await world.server.send(
                    endpoint.method, endpoint.path.replacingOccurrences(of: "{id}", with: id), bearer: key,
                    body: endpoint.method == .get ? "" : #"{"guide": "\#(guide.value)"}"#)
                found.append((endpoint.path, reply.text))
            }
        }
        return found
    }

    @Test(
        "no page, form, feed, answer in JSON, letter, log line, audit line or row of Guides holds it, for any role; a leak is found",
        arguments: TestDatabase.kinds)
    func nowhere(kind: TestDatabase.Kind) async throws {
        let world = try await SampleWorld(kind)
        try await world.server.settle()
        let guide = try #require(try await world.store.person(of: "guide1@basalt.example"))
        let start = try await plant(world, guide)
        try await world.server.settle()
        let zone = try #require(ZoneDatabase.system.zone(ZoneID("America/Denver")))
        // A trip that the secret event is in the way of: its explanations, refusals and suggestions are asked for.
        let draft = TripDraft(
            title: "Visible-w0rd", place: Place(name: "Moab", zone: zone.id),
            timing: .multiDay(zone.civil(at: start).date, startSecond: 0, days: 2, endSecond: 20 * 3600),
            seats: 6, clientsPerGuide: 6, needs: [CrewNeed(role: .lead, count: 1)])
        var texts: [(route: String, text: String)] = []
        for email in [
            "ida@basalt.example", "olu@basalt.example", "guide2@basalt.example", "guide1@basalt.example", nil,
        ] {
            let trip = try await world.store.addTrip(draft, to: world.service.id, by: .system("test")).id
            let browser = if let email { try await world.browser(email) } else { PageBrowser(world.server) }
            texts += try await everything(world, browser, trip: trip, guide: guide)
            if let email {
                let person = try #require(try await world.store.person(of: email))
                let other = try await world.store.addTrip(draft, to: world.service.id, by: .system("test")).id
                texts += try await api(world, person, trip: other, guide: guide)
            }
        }
        try await world.server.settle()
        for letter in try await world.store.letters() { texts.append(("letter", "\(letter)")) }
        texts.append(("log", world.log.all.joined(separator: "\n")))
        // Guides' tables; the platform's own hold the event.
        let tables = try await world.tables(kind)
        #expect(tables.contains { $0.name == "audit" } && tables.contains { $0.name == "guide_availability" })
        for table in tables { texts.append(("table \(table.name)", table.text)) }
        for (route, text) in texts { #expect(!text.contains(Self.word), "\(route)") }
        // The event is known, and in the way.
        #expect(texts.contains { $0.text.contains("busy by their calendar") })
        // The control: what the office may see is found by the same search.
        let seen = Set(texts.filter { $0.text.contains("Visible-w0rd") }.map(\.route))
        #expect(seen.count > 5 && seen.contains("table trips"))
        #expect(seen.contains { $0.hasSuffix("feed") } && seen.contains("/api/trips"))
        await world.server.close()
    }
}
