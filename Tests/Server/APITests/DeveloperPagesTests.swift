import Accounts
import Authorization
import CivilTime
import CronofyWire
import Foundation
import HTTPTypes
import Notifications
import Support
import Testing
import Web

@testable import App

/// A browser signed in as whoever runs the server.
private func operatorBrowser(_ server: LiveServer) async throws -> PageBrowser {
    let browser = PageBrowser(server)
    let link = try await SignIns(accounts: server.platform.accounts).issueLink(account: nil).reveal()
    let page = try await browser.get("/sign-in/" + link)
    _ = try await browser.submit(page, to: "/sign-in/")
    return browser
}

@Suite("Pages for developers: credentials, channels, requests, trying a call")
struct DeveloperPagesTests {
    @Test("an application is made, its secret rotated with overlap, its addresses changed")
    func credentials() async throws {
        let server = try await LiveServer()
        let browser = try await operatorBrowser(server)
        let list = try await browser.get("/applications")
        let bad = try await browser.submit(list, to: "/applications", ["name": "Trips", "redirect": "ftp://x/"])
        #expect(bad.status == 422 && bad.text.contains("aria-invalid"))
        let made = try await browser.submit(
            list, to: "/applications", ["name": "Trips & <b>", "redirect": "https://app.example.com/back"])
        let first = try #require(made.secret)
        #expect(made.status == 200 && made.text.contains("Trips &amp; &lt;b&gt;"))
        let application = try #require(try await server.platform.accounts.applications().first)
        let path = "/applications/\(application.id.value)"

        let overview = try await browser.get(path)
        #expect(!overview.text.contains(first), "a secret is shown once")
        let rotated = try await browser.submit(overview, to: "/secret", ["overlap": "24"])
        let second = try #require(rotated.secret)
        for secret in [first, second] {
            #expect(try await server.platform.accounts.accepts(Secret(secret), of: application.id))
        }
        #expect(try await browser.get(path).text.contains("One before it is good until"))
        let ended = try await browser.submit(try await browser.get(path), to: "/secret", ["overlap": "0"])
        let third = try #require(ended.secret)
        #expect(try await server.platform.accounts.accepts(Secret(third), of: application.id))
        #expect(try await !server.platform.accounts.accepts(Secret(second), of: application.id))
        #expect(try await browser.submit(overview, to: "/secret", ["overlap": "99999"]).status == 400)

        func change(_ fields: [String: String]) async throws -> LiveServer.Reply {
            try await browser.submit(try await browser.get(path), to: "/redirects", fields)
        }
        #expect(try await change(["add": "https://two.example.com/#part"]).status == 422)
        #expect(try await change(["add": "https://two.example.com/"]).status == 303)
        #expect(try await change(["remove": "https://app.example.com/back"]).status == 303)
        #expect(
            try await server.platform.accounts.application(application.id)?.redirectURIs == ["https://two.example.com/"]
        )

        let asked = Verification(
            redirectURIs: ["https://three.example.com/"], contactEmail: "dev@example.com", contactName: nil)
        try await server.platform.authorization.ask(asked, by: application.id)
        let waiting = try await browser.get(path)
        #expect(waiting.text.contains("https://three.example.com/") && waiting.text.contains("dev@example.com"))
        _ = try await browser.submit(waiting, to: "/verification", ["answer": "yes"])
        #expect(try await server.platform.accounts.application(application.id)?.redirectURIs.count == 2)
        #expect(try await server.platform.authorization.verifications().isEmpty)
        await server.close()
    }

    @Test("connected accounts stand with their state; nobody but the operator sees any of it")
    func accounts() async throws {
        let world = try await NotifyWorld()
        let path = "/applications/\(world.listener.value)"
        let browser = try await operatorBrowser(world.server)
        let page = try await browser.get(path)
        #expect(page.text.contains(world.account.value) && page.text.contains("class=\"state "))
        let owner = PageBrowser(world.server)
        let link = try await SignIns(accounts: world.server.platform.accounts).issueLink(account: world.account)
            .reveal()
        _ = try await owner.submit(try await owner.get("/sign-in/" + link), to: "/sign-in/")
        for place in ["/applications", path, path + "/channels", path + "/requests", path + "/try"] {
            #expect(try await owner.get(place).status == 404, "\(place)")
            #expect(try await PageBrowser(world.server).get(place).status == 401, "\(place)")
            #expect(try await browser.get(place).status == 200, "\(place)")
        }
        #expect(try await browser.get("/applications/nobody/channels").status == 404)
        await world.close()
    }

    @Test("deliveries stand with their bodies, one or all are sent again")
    func deliveries() async throws {
        let fails = Flag(true)
        let sink = LoopbackServer { _ in .text(fails.value ? 500 : 200, "") }
        let world = try await NotifyWorld()
        try await world.open(sink.url + "/hook")
        try await world.deliver()
        let path = "/applications/\(world.listener.value)/channels"
        let browser = try await operatorBrowser(world.server)
        let failing = try await browser.get(path)
        #expect(failing.text.contains("verification") && failing.text.contains(sink.url))
        #expect(failing.text.contains("&quot;type&quot;:&quot;verification&quot;"), "the body as it was sent")
        fails.value = false
        try await world.skipPauses()
        try await world.deliver()
        let sent = sink.requests.count
        let again = try await browser.submit(
            try await browser.get(path), to: "/replay",
            ["delivery": try #require(try await world.log().last).number.description])
        #expect(again.location?.hasSuffix("done=replayed") == true)
        try await world.skipPauses()
        try await world.deliver()
        #expect(sink.requests.count == sent + 1 && sink.requests.last?.body == sink.requests.first?.body)
        #expect(sink.requests.last?.headers["webhook-id"] == sink.requests.first?.headers["webhook-id"])
        let all = try await browser.submit(try await browser.get(path), to: "/replay")
        #expect(all.location?.hasSuffix("nothing-to-replay") == true)
        #expect(try await browser.get(path + "?show=failed").text.contains("Send it again"))
        sink.stop()
        await world.close()
    }

    @Test("requests stand with masked bodies, the newest first")
    func requests() async throws {
        let world = try await NotifyWorld()
        try await world.write("one", summary: "Secret-Ravine")
        _ = try await world.server.send(.get, "/v1/calendars", bearer: world.writerToken)
        let browser = try await operatorBrowser(world.server)
        let page = try await browser.get("/applications/\(world.writer.value)/requests")
        let text = page.text
        #expect(
            text.contains("POST /v1/calendars/{calendar_id}/events") && text.contains("&quot;event_id&quot;:&quot;one"))
        #expect(!text.contains("Secret-Ravine") && text.contains("•••"))
        let (calendars, write) = (text.firstRange(of: "GET /v1/calendars"), text.firstRange(of: "POST /v1/calendars"))
        let (newer, older) = (try #require(calendars), try #require(write))
        #expect(newer.lowerBound < older.lowerBound)
        await world.close()
    }

    @Test("every call that is offered is one that this server takes, filled in so that it works")
    func trying() async throws {
        let world = try await NotifyWorld()
        let browser = try await operatorBrowser(world.server)
        let path = "/applications/\(world.listener.value)/try"
        let page = try await browser.get(path)
        let calls = page.text.components(after: "<option value=\"", until: "\"")
        #expect(calls.count > 20)
        // What needs more than a test account has: an event of others, a page, people of a domain.
        let needMore: Set = [403, 404, 422]
        var worked: [String] = []
        for call in calls {
            let form = try await browser.get(path + "?call=" + call)
            let fields = [
                "call": call, "path": form.value(of: "path") ?? "", "body": form.textarea ?? "",
            ]
            let answer = try await browser.submit(form, to: "/try", fields)
            #expect(answer.status == 200, "\(call)")
            let status = try #require(answer.shownStatus, "\(call)")
            #expect((200..<300).contains(status) || needMore.contains(status), "\(call): \(status)")
            if (200..<300).contains(status) { worked.append(call) }
            #expect(answer.text.contains("curl -X") && answer.text.contains("requests.request("), "\(call)")
            #expect(!answer.text.contains(world.secret), "\(call) shows the secret")
        }
        for call in [
            "get_v1_userinfo", "get_v1_events", "post_v1_calendars_calendar_id_events", "post_v1_availability",
        ] {
            #expect(worked.contains(call), "\(call) in \(worked)")
        }
        // Nobody's data: the listener's person has nothing of it.
        #expect(try await world.server.platform.accounts.connected(to: world.listener, limit: 10).count == 2)
        let outside = try await browser.submit(
            page, to: "/try", ["call": "get_v1_userinfo", "path": "https://elsewhere.example/v1/x"])
        #expect(outside.status == 422)
        await world.close()
    }
}

extension LiveServer.Reply {
    /// The secret that a page shows.
    fileprivate var secret: String? { text.components(after: "<code>CRN_", until: "<").first.map { "CRN_" + $0 } }

    /// The value of an input.
    fileprivate func value(of name: String) -> String? {
        text.components(after: "name=\"\(name)\" type=\"text\" value=\"", until: "\"").first.map(Self.plain)
    }

    fileprivate var textarea: String? {
        guard let tag = text.components(separatedBy: "<textarea").dropFirst().first,
            let start = tag.firstIndex(of: ">")
        else { return nil }
        return Self.plain(String(tag[tag.index(after: start)...].prefix { $0 != "<" }))
    }

    fileprivate var shownStatus: Int? {
        text.components(after: "<section class=\"preview\" id=\"answer\">", until: "§").first
            .flatMap { $0.components(after: "\">", until: "<").lazy.compactMap { Int($0) }.first }
    }

    private static func plain(_ text: String) -> String {
        [("&quot;", "\""), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")]
            .reduce(text) { $0.replacing($1.0, with: $1.1) }
    }
}
