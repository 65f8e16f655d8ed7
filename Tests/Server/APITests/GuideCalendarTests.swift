import Accounts
import CivilTime
import GuardedHTTP
import HTTPTypes
import Integrations
import Jobs
import Notifications
import Season
import StorageKit
import Support
import Testing
import Trips

@testable import App

/// Guides' calendars on the platform of this server, through its own routes and pages.
@Suite("A guide's calendar, on this server's platform")
struct GuideCalendarTests {
    static let service = ServiceID("svc_1")

    /// A live server with a service and its guides.
    private func server(_ kind: TestDatabase.Kind = .sqlite, guides: Int) async throws -> LiveServer {
        let server = try await LiveServer(kind)
        let parts = server.platform.guideCalendars
        try await parts.prepare(accounts: server.platform.accounts, publicURL: LiveServer.base)
        try await parts.prepare(accounts: server.platform.accounts, publicURL: LiveServer.base)
        try await server.platform.database.write { session in
            try session.execute(
                """
                INSERT INTO guide_services (service_id, slug, name, contact_email, zone, mode, ratio_is_hard, rest_days,
                    turnaround_minutes, answer_hours, staffs_by_itself, tentative_blocks, created_at)
                VALUES ('svc_1', 'canyon', 'Canyon', 'o@example.com', 'Europe/Paris', 'hybrid', 1, 0, 60, 48, 0, 1, 0)
                """)
            for number in 1...guides {
                try session.execute(
                    "INSERT INTO people (person_id, email, name, zone, created_at) VALUES (?, ?, 'G', 'Europe/Paris', 0)",
                    [.text("per_\(number)"), .text("g\(number)@example.com")])
                try session.execute(
                    """
                    INSERT INTO memberships (service_id, person_id, role, created_at) VALUES ('svc_1', ?, 'GUIDE', 0)
                    """, [.text("per_\(number)")])
            }
        }
        return server
    }

    /// Links a calendar that lives here, as a guide's browser does it.
    private func link(_ server: LiveServer, _ number: Int) async throws -> LinkID {
        let (parts, browser) = (server.platform.guideCalendars, PageBrowser(server))
        let guide = PersonID("per_\(number)")
        let url = try await parts.linking.begin(
            OwnCalendars(of: guide, actedOnBy: guide), for: Self.service, session: "session-\(number)")
        let start = try await browser.get(String(url.dropFirst(LiveServer.base.count)))
        let choice = try #require(start.links.first { $0.contains("/connect/native?") })
        let back = try await browser.submit(
            browser.get(choice), to: "/connect/native", ["name": "Mine", "zone": "Europe/Paris"])
        #expect(back.location?.hasPrefix(LiveServer.base + GuideCalendarParts.linkedPath + "?") == true)
        return try await parts.linking.complete(
            code: back.parameter("code"), error: back.parameter("error"),
            state: try #require(back.parameter("state")), session: "session-\(number)", actor: guide)
    }

    private func account(_ server: LiveServer, _ number: Int) async throws -> CalendarLink {
        try #require(
            try await server.platform.database.read { try LinkStore.links(of: PersonID("per_\(number)"), in: $0) }.first
        )
    }

    /// The guide writes into the own calendar, by another application.
    private func write(
        _ server: LiveServer, _ number: Int, _ id: String, _ start: Instant, hours: Int64, token: String,
        calendar: String
    ) async throws {
        let reply = try await server.send(
            .post, "/v1/calendars/\(calendar)/events", bearer: token,
            body: """
                {"event_id": "\(id)", "summary": "Dentist", "description": "", "start": "\(start)",
                 "end": "\(Instant(seconds: start.seconds + hours * 3_600))"}
                """)
        #expect(reply.status == 202, "\(reply.text)")
    }

    /// Another application of the guide's account.
    private func otherToken(_ server: LiveServer, _ account: String) async throws -> String {
        let (application, _) = try await server.platform.accounts.createApplication(name: "Other", redirectURIs: [])
        let tokens = try await server.platform.accounts.createAccount(
            client: application.id, email: "\(account)@example.com", name: nil, zone: .utc, scope: .all)
        try await server.platform.database.write { session in
            try session.execute(
                "UPDATE tokens SET account_id = ? WHERE account_id = ?", [.text(account), .text(tokens.account.value)])
            try session.execute(
                "INSERT INTO grants (account_id, client_id, scope, created_at) VALUES (?, ?, ?, 0)",
                [.text(account), .text(application.id.value), .text(Scope.all.description)])
        }
        return tokens.accessToken.reveal()
    }

    @Test(
        "linked through the pages, told by notifications, its rows follow; a trip is written into it",
        arguments: TestDatabase.kinds)
    func whole(kind: TestDatabase.Kind) async throws {
        let server = try await server(kind, guides: 2)
        let (platform, parts) = (server.platform, server.platform.guideCalendars)
        _ = try await link(server, 1)
        _ = try await link(server, 2)
        try await server.settle()
        let known = try await account(server, 1)
        #expect(try await account(server, 2).account != known.account)
        let calendar = try #require(
            try await platform.database.read { try LinkStore.integrations(of: PersonID("per_1"), in: $0) }
                .first?.calendars.first?.id)
        let now = platform.accounts.now().seconds / 3_600 * 3_600
        let start = Instant(seconds: now + 2 * 86_400)
        let token = try await otherToken(server, known.account)
        try await write(server, 1, "evt", start, hours: 3, token: token, calendar: calendar)
        try await server.settle()
        func busy(_ number: Int, _ question: TimeQuestion) async throws -> GuideTime.Answer {
            let window = try #require(Period(from: Instant(seconds: now), to: Instant(seconds: now + 30 * 86_400)))
            return try #require(
                try await parts.time.busy(
                    [PersonID("per_\(number)")], in: window, for: question, service: Self.service
                ).first)
        }
        for question in TimeQuestion.allCases {
            #expect(try await busy(1, question).busy.map(\.period.start) == [start])
            #expect(try await busy(2, question).busy.isEmpty)
        }
        // Moved: known at once by asking, and by the notification a moment later.
        let later = Instant(seconds: start.seconds + 86_400)
        try await write(server, 1, "evt", later, hours: 3, token: token, calendar: calendar)
        #expect(try await busy(1, .commit).busy.map(\.period.start) == [later])
        try await server.settle()
        #expect(try await busy(1, .browse).busy.map(\.period.start) == [later])
        // A trip stands in the guide's calendar, as the guide sees it there, and is no busy time of its own.
        try await platform.database.write { session in
            try session.execute(
                """
                INSERT INTO trips (service_id, trip_id, title, place, place_zone, timing_mode, first_day, start_second,
                    start_at, end_at, seats, clients_per_guide, state, notes, created_at)
                VALUES ('svc_1', 'trp_1', 'Float', 'Moab', 'America/Denver', 'multi_day', 0, 0, ?, ?, 6, 3, 'open', '', 0)
                """, [.integer(now + 10 * 86_400), .integer(now + 12 * 86_400)])
            try session.execute(
                """
                INSERT INTO assignments (service_id, assignment_id, trip_id, person_id, role, state, created_at, changed_at)
                VALUES ('svc_1', 'asg_1', 'trp_1', 'per_1', 'lead', 'accepted', 0, 0)
                """)
            try platform.queue.enqueue(
                IntegrationWork.event(AssignmentID("asg_1"), of: Self.service), in: session)
        }
        try await server.settle()
        let shown = try await server.send(.get, "/v1/events?tzid=Etc/UTC", bearer: token)
        #expect(shown.text.contains("\"summary\":\"Float\""))
        #expect(try await busy(1, .browse).busy.map(\.period.start) == [later])
        #expect(try await busy(1, .commit).busy.map(\.period.start) == [later])
        await server.close()
    }

    @Test("a secret that the operator rotated is taken up at the next start")
    func rotation() async throws {
        let server = try await server(guides: 1)
        let platform = server.platform
        let client = try #require(
            try await platform.database.read { try BackendStore.all(in: $0) }.first?.clientID)
        _ = try await platform.accounts.rotateSecret(of: ClientID(client), overlap: 0)
        try await platform.guideCalendars.prepare(accounts: platform.accounts, publicURL: LiveServer.base)
        _ = try await link(server, 1)
        try await server.settle()
        #expect(try await account(server, 1).standing.state == .connected)
        await server.close()
    }

    @Test("a notification over HTTP: taken with its signature, refused without")
    func door() async throws {
        let server = try await server(guides: 1)
        _ = try await link(server, 1)
        let path = GuideCalendarParts.noticePath
        #expect(try await server.send(.post, path + "nobody", body: "{}").status == 403)
        #expect(
            try await server.send(.post, path + "nobody", body: String(repeating: "x", count: 70_000)).status == 413)
        await server.close()
    }

    @Test("twenty guides who change twice in a minute, through the whole server")
    func burst() async throws {
        let (count, server) = (20, try await server(guides: 20))
        for number in 1...count { _ = try await link(server, number) }
        try await server.settle()
        let now = server.platform.accounts.now().seconds / 3_600 * 3_600
        for round in 1...2 {
            for number in 1...count {
                let link = try await account(server, number)
                let calendar = try #require(
                    try await server.platform.database.read {
                        try LinkStore.integrations(of: PersonID("per_\(number)"), in: $0)
                    }.first?.calendars.first?.id)
                try await write(
                    server, number, "evt", Instant(seconds: now + Int64(round) * 86_400), hours: 2,
                    token: otherToken(server, link.account), calendar: calendar)
            }
        }
        try await server.settle()
        let right = try await server.platform.database.read { session in
            try session.first("SELECT count(*) FROM guide_availability WHERE source = 'sync'") { try $0.integer(0) }
        }
        // Two applications wrote one event each for every guide.
        #expect(right == Int64(count * 2))
        await server.close()
    }
}
