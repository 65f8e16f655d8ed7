import Accounts
import HTTPTypes
import SQLite
import StorageKit
import Testing

@testable import Web

@Suite("Signing in")
struct SignInTests {
    @Test("opening a link spends nothing; the button spends it once")
    func singleUse() async throws {
        let stand = try await Stand()
        let link = "/sign-in/" + (try await stand.services.signIns.issueLink(account: nil).reveal())
        for _ in 0..<3 { #expect(try await Browser(stand).get(link).status == 200) }
        #expect(try await Browser(stand).send(.head, link).status == 200)
        let browser = Browser(stand)
        let token = try await browser.get(link).formToken
        #expect(try await browser.post(link, token: token).location == "/")
        #expect(try await browser.get("/people").status == 200)
        let late = Browser(stand)
        #expect(try await late.get(link).status == 410)
        #expect(try await browser.get(link).text.contains("anchorpoint sign-in"))
    }

    @Test("only the browser that opened the link can press its button")
    func otherBrowser() async throws {
        let stand = try await Stand()
        let link = "/sign-in/" + (try await stand.services.signIns.issueLink(account: nil).reveal())
        let token = try await Browser(stand).get(link).formToken
        let other = Browser(stand)
        #expect(try await other.post(link, token: token).status == 403)
        _ = try await other.get(link)
        #expect(try await other.post(link, token: token).status == 403)
    }

    @Test(
        "a link ends with its time, whether 15 minutes or a day", arguments: [SignIns.linkLife, SignIns.startLinkLife])
    func expiry(life: Int64) async throws {
        let stand = try await Stand()
        let link = "/sign-in/" + (try await stand.services.signIns.issueLink(account: nil, life: life).reveal())
        stand.clock.advance(bySeconds: life - 1)
        #expect(try await Browser(stand).get(link).status == 200)
        stand.clock.advance(bySeconds: 1)
        #expect(try await Browser(stand).get(link).status == 410)
    }

    @Test("of many at once, one button press wins")
    func race() async throws {
        let stand = try await Stand()
        let link = try await stand.services.signIns.issueLink(account: nil)
        let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 { group.addTask { try await stand.services.signIns.redeem(link) != nil } }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
    }

    @Test("a session ends when idle, and in any case after 30 days")
    func sessionEnd() async throws {
        let stand = try await Stand()
        let browser = try await Browser.signedIn(stand, as: nil)
        stand.clock.advance(bySeconds: SignIns.idleLife + 1)
        #expect(try await browser.get("/people").status == 401)

        let busy = try await Browser.signedIn(stand, as: nil)
        var days = 0
        while try await busy.get("/people").status == 200, days < 60 {
            days += 1
            stand.clock.advance(bySeconds: 86_400)
        }
        #expect(days == 30)
    }

    @Test("signing out ends the session on the server, not only in the browser")
    func signOut() async throws {
        let stand = try await Stand()
        let browser = try await Browser.signedIn(stand, as: nil)
        let stolen = try #require(browser.cookie("anchorpoint_session"))
        #expect(try await browser.submit("/sign-out", from: "/people").location == "/sign-in")
        let thief = Browser(stand)
        thief.plant("anchorpoint_session", stolen)
        #expect(try await thief.get("/people").status == 401)
    }

    @Test("signing in again begins a new session and ends the old one")
    func fixation() async throws {
        let stand = try await Stand()
        let browser = try await Browser.signedIn(stand, as: nil)
        let old = try #require(browser.cookie("anchorpoint_session"))
        let link = "/sign-in/" + (try await stand.services.signIns.issueLink(account: nil).reveal())
        _ = try await browser.submit(link, from: link)
        #expect(browser.cookie("anchorpoint_session") != old)
        #expect(try await stand.services.signIns.session(Secret(old)) == nil)
    }

    @Test(
        "cookies are HttpOnly and same-site, and on https secure and bound to the host",
        arguments: [
            ("http://127.0.0.1:8080", "anchorpoint_session=", false),
            ("https://calendars.example.com", "__Host-anchorpoint_session=", true),
        ])
    func cookies(url: String, prefix: String, secure: Bool) async throws {
        let stand = try await Stand(publicURL: url)
        let link = "/sign-in/" + (try await stand.services.signIns.issueLink(account: nil).reveal())
        let browser = Browser(stand)
        let page = try await browser.get(link)
        let reply = try await browser.post(link, token: page.formToken)
        for cookie in page.headers[values: .setCookie] + reply.headers[values: .setCookie] {
            #expect(cookie.contains("; HttpOnly"))
            #expect(cookie.contains("; SameSite="))
            #expect(cookie.contains("; Secure") == secure)
        }
        #expect(reply.headers[values: .setCookie].contains { $0.hasPrefix(prefix) && $0.contains("SameSite=Lax") })
    }

    @Test("neither links nor sessions stand in the database as they are")
    func hashed() async throws {
        let stand = try await Stand()
        let link = try await stand.services.signIns.issueLink(account: nil).reveal()
        let browser = try await Browser.signedIn(stand, as: nil)
        let session = try #require(browser.cookie("anchorpoint_session"))
        let rows = try await stand.database.read { session in
            try session.all("SELECT hash, kind FROM sign_ins") { (try $0.blob(0), try $0.text(1)) }
        }
        #expect(rows.map(\.1).sorted() == ["link", "session"])
        for row in rows {
            #expect(row.0.count == 32)
            #expect(row.0 != Array(link.utf8) && row.0 != Array(session.utf8))
        }
    }

    @Test("an operator sees the list of people; an owner is led to their own week and sees nobody else")
    func roles() async throws {
        let stand = try await Stand()
        let sample = try await Sample.fill(stand)
        let owner = try await Browser.signedIn(stand, as: sample.maya)
        #expect(try await owner.get("/").location == "/people/\(sample.maya.value)/schedule")
        #expect(try await owner.get("/people/\(sample.maya.value)").status == 200)
        let foreign = try await owner.get("/people/\(sample.noor.value)")
        let unknown = try await owner.get("/people/acc_nobody")
        #expect(foreign.status == 404 && foreign.text == unknown.text)
        #expect(try await owner.get("/people").status == 404)
        let staff = try await Browser.signedIn(stand, as: nil)
        #expect(try await staff.get("/").location == "/people")
        #expect(try await staff.get("/people").text.contains("Maya Lindqvist"))
    }
}
