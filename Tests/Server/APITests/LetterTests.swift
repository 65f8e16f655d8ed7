import CivilTime
import Jobs
import Logging
import Mail
import Planning
import Sealing
import Season
import StorageKit
import Support
import Testing
import Trips

@testable import App

@Suite("Letters, from the page to a mail server")
struct LetterTests {
    /// Sends what is due until nothing is, as if the pauses between tries had passed.
    private func send(_ server: LiveServer, to sink: MailSink, tries: Int = 1) async throws {
        let runner = LetterRunner(
            store: server.platform.planning.season,
            mail: MailSender(
                server: try MailServer("smtp://127.0.0.1:\(sink.port)"),
                from: try #require(MailSenderName("Redrock <office@redrock.example>"))),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, pause: AnchorpointPlatform.pause)
        for _ in 0..<tries {
            try await server.platform.database.write {
                try $0.execute("UPDATE work SET run_at = 0 WHERE kind = 'mail'")
            }
            while await runner.runOnce() > 0 {}
        }
    }

    private func service(_ store: SeasonStore) async throws -> GuideService {
        let service = try await store.createService(
            name: "Redrock", slug: "redrock", contactEmail: "o@redrock.example", zone: ZoneID("America/Denver"))
        let owner = try await store.person(email: "o@redrock.example", name: "Ida", zone: service.zone)
        try await store.setMember(owner, of: service.id, roles: [.owner], by: .system("test"))
        return service
    }

    @Test("each is one piece of work, goes out once, and what it said is not kept", arguments: TestDatabase.kinds)
    func once(kind: TestDatabase.Kind) async throws {
        let (server, sink) = (try await LiveServer(kind), try MailSink())
        defer { sink.stop() }
        let store = server.platform.planning.season
        for number in 1...5 {
            try await store.send(
                to: "g\(number)@example.com", subject: "Hello \(number)", body: "secret-link-\(number)")
        }
        let rows = try await server.platform.database.read { session in
            try session.all("SELECT key FROM work WHERE kind = 'mail'") { try $0.text(0) }
        }
        let ids = try await store.letters().map(\.id)
        #expect(rows.count == 5 && Set(rows) == Set(ids))
        try await send(server, to: sink, tries: 3)
        #expect(try sink.messages.count == 5)
        for letter in try await store.letters() {
            guard case .sent = letter.state else {
                Issue.record("\(letter.state)")
                continue
            }
            #expect(letter.body.isEmpty)
        }
        #expect(try await server.platform.queue.pending(kind: "mail", keyPrefix: "", dueBy: .max) == 0)
    }

    @Test("the office sees what is not delivered and why, never what it says")
    func refusals() async throws {
        let (server, sink) = (try await LiveServer(), try MailSink())
        defer { sink.stop() }
        let store = server.platform.planning.season
        let service = try await service(store)
        for name in ["never", "busy", "drop-late", "good"] {
            try await store.send(
                to: "\(name)@example.com", subject: "To \(name)", body: "https://x/secret-link", of: service.id)
        }
        try await store.send(to: "o@redrock.example", subject: "Other", body: "of nobody's office")
        try await send(server, to: sink, tries: 3)
        #expect(try sink.tries(to: "never@example.com") == 1)
        #expect(try sink.tries(to: "busy@example.com") == 3)
        #expect(try sink.tries(to: "drop-late@example.com") == 3)
        #expect(try await server.platform.queue.deadLetters().map(\.error) == ["550 5.1.1 no such mailbox here"])
        let browser = PageBrowser(server)
        let owner = try #require(try await store.person(of: "o@redrock.example"))
        let path = "/guides/sign-in/" + (try await store.issueSignInLink(for: owner)).reveal()
        _ = try await browser.submit(try await browser.get(path), to: "/guides/sign-in/")
        let page = try await browser.get("/guides/services/redrock/letters")
        #expect(page.status == 200)
        for text in [
            "never@example.com", "550 5.1.1 no such mailbox here", "not delivered", "tried again", "451 4.3.0",
        ] {
            #expect(page.text.contains(text), "\(text)")
        }
        #expect(!page.text.contains("secret-link") && !page.text.contains("Other"))
        // A person may have it tried again; it is the same letter.
        _ = try await server.platform.queue.replayDeadLetters()
        try await send(server, to: sink)
        #expect(try sink.tries(to: "never@example.com") == 2)
    }

    @Test("what waited for two days is out of date, and an address that is none is told")
    func outOfDate() async throws {
        let (server, sink) = (try await LiveServer(), try MailSink())
        defer { sink.stop() }
        let store = server.platform.planning.season
        try await store.send(to: "late@example.com", subject: "Late", body: "x")
        try await store.send(to: "not an address", subject: "Odd", body: "x")
        try await server.platform.database.write {
            try $0.execute(
                "UPDATE letters SET created_at = created_at - ? WHERE address LIKE 'late%'",
                [.integer(LetterRunner.life + 1)])
        }
        try await send(server, to: sink)
        #expect(try sink.messages.isEmpty)
        #expect(try await server.platform.queue.deadLetters().count == 2)
        for letter in try await store.letters() {
            guard case .refused = letter.state else {
                Issue.record("\(letter.state)")
                continue
            }
        }
        await #expect(throws: SeasonError.self) {
            try await store.send(to: "a@b.example\r\nBcc: c@d.example", subject: "x", body: "x")
        }
        await #expect(throws: SeasonError.self) {
            try await store.send(to: "a@b.example", subject: "x\r\nBcc: c@d.example", body: "x")
        }
    }
}
