import Accounts
import Foundation
import HTTPTypes
import SQLite
import StorageKit
import Testing

@testable import Web

@Suite("What every page withstands")
struct ProtectionTests {
    /// Every address of the table, with ids of the sample put in.
    private static func paths(_ stand: Stand, _ account: AccountID) -> [(route: PageRoute, path: String)] {
        PageTable(services: stand.services, pages: stand.pages, cookie: SessionCookie(publicURL: "http://x")).routes.map
        {
            let path = $0.path.replacingOccurrences(of: "{account}", with: account.value)
                .replacingOccurrences(of: "{profile}", with: "pro_1").replacingOccurrences(of: "{kind}", with: "caldav")
                .replacingOccurrences(of: "{item}", with: "900").replacingOccurrences(of: "{token}", with: "none")
                .replacingOccurrences(of: "{client}", with: "app_1")
            return ($0, path)
        }
    }

    /// What any of the forms needs.
    private static let everyField = [
        ("listed", "cal_1"), ("password", "x"), ("address", "x"), ("username", "x"), ("name", "X"), ("overlap", "24"),
        ("add", "https://app.example/back"), ("call", "userinfo"), ("path", "/v1/userinfo"),
    ]

    private static func isOpen(_ route: PageRoute) -> Bool {
        if case .everyone = route.access { true } else { false }
    }

    @Test("without a session nothing but assets and the sign-in page answers")
    func sessionNeeded() async throws {
        let stand = try await Stand()
        let sample = try await Sample.fill(stand)
        for (route, path) in Self.paths(stand, sample.maya) where !Self.isOpen(route) {
            let browser = Browser(stand)
            let reply = route.method == .get ? try await browser.get(path) : try await browser.post(path, token: "x")
            #expect(reply.status == 401, "\(path)")
            #expect(!reply.text.contains("Maya"))
        }
        #expect(stand.calendars.calls.isEmpty)
    }

    @Test(
        "forms without the token, with another's, or from elsewhere change nothing",
        arguments: [
            (nil, [:]), ("0000", [:]), ("own", ["Origin": "https://evil.example"]),
            ("own", ["Sec-Fetch-Site": "cross-site"]), ("own", ["Sec-Fetch-Site": "same-site"]),
            ("own", ["Origin": "http://127.0.0.1:9999"]), ("own", ["Content-Type": "text/plain"]),
        ] as [(String?, [String: String])])
    func forgedForms(token: String?, extra: [String: String]) async throws {
        let stand = try await Stand()
        let sample = try await Sample.fill(stand)
        let browser = try await Browser.signedIn(stand, as: nil)
        let own = try await browser.get("/people").formToken
        let before = try await Self.dump(stand)
        var headers = HTTPFields()
        for (name, value) in extra { headers[try #require(HTTPField.Name(name))] = value }
        for (route, path) in Self.paths(stand, sample.maya) where route.method == .post && !Self.isOpen(route) {
            let reply = try await browser.post(
                path, Self.everyField, token: token == "own" ? own : token, headers: headers)
            #expect(reply.status == (extra["Content-Type"] == nil ? 403 : 400), "\(path)")
        }
        #expect(stand.calendars.calls.isEmpty)
        #expect(try await Self.dump(stand) == before)
    }

    @Test("the same forms with everything in order do change things: the control of the test above")
    func control() async throws {
        let stand = try await Stand()
        let sample = try await Sample.fill(stand)
        let browser = try await Browser.signedIn(stand, as: nil)
        let own = try await browser.get("/people").formToken
        var headers = HTTPFields()
        headers[try #require(HTTPField.Name("Origin"))] = "http://127.0.0.1:8080"
        headers[try #require(HTTPField.Name("Sec-Fetch-Site"))] = "same-origin"
        for (route, path) in Self.paths(stand, sample.maya)
        where route.method == .post && !Self.isOpen(route) && path != "/sign-out" {
            let reply = try await browser.post(
                path, Self.everyField, token: own, headers: headers)
            // A page that shows a new secret, once, or what a call answered, is no redirect.
            #expect([200, 303].contains(reply.status), "\(path)")
        }
        #expect(stand.calendars.calls.count == 7)
    }

    @Test("GET and HEAD change nothing, on any address")
    func safeMethods() async throws {
        let stand = try await Stand()
        let sample = try await Sample.fill(stand)
        let browser = try await Browser.signedIn(stand, as: nil)
        let before = try await Self.dump(stand)
        for (_, path) in Self.paths(stand, sample.maya) {
            _ = try await browser.send(.get, path)
            _ = try await browser.send(.head, path)
        }
        #expect(stand.calendars.calls.isEmpty)
        #expect(try await Self.dump(stand) == before)
    }

    @Test("every answer carries the policy and says what it is")
    func headers() async throws {
        let stand = try await Stand()
        let sample = try await Sample.fill(stand)
        let browser = try await Browser.signedIn(stand, as: nil)
        let more = ["/nowhere", "/people/acc_nobody", "/people/\(sample.maya.value)/schedule?week=x"]
        let paths = Self.paths(stand, sample.maya).map(\.path) + more
        for path in paths {
            let reply = try await browser.get(path)
            let policy = reply.headers[.contentSecurityPolicy] ?? ""
            for rule in [
                "default-src 'none'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'",
                "base-uri 'none'",
            ] {
                #expect(policy.contains(rule), "\(path)")
            }
            #expect(!policy.contains("unsafe"))
            #expect(reply.headers[.xContentTypeOptions] == "nosniff")
            #expect(reply.headers[try #require(HTTPField.Name("Referrer-Policy"))] == "no-referrer")
            if reply.headers[.contentType]?.hasPrefix("text/html") == true {
                #expect(reply.headers[.cacheControl] == "no-store", "\(path)")
            }
        }
    }

    @Test("no page has script, inline style or handlers, and no template turns escaping off")
    func noInline() async throws {
        let stand = try await Stand()
        let sample = try await Sample.fill(stand)
        let browser = try await Browser.signedIn(stand, as: nil)
        for (_, path) in Self.paths(stand, sample.maya) {
            let text = try await browser.get(path).text
            for banned in ["<script", " style=", " onclick", "javascript:", "<style"] {
                #expect(!text.contains(banned), "\(path)")
            }
        }
        for template in PageRenderer.all.map({ $0.template }) + Layout.partials.values {
            #expect(!template.contains("{{{") && !template.contains("{{&"))
        }
    }

    @Test("names and titles from outside are text, wherever they show")
    func escaping() async throws {
        let stand = try await Stand()
        let sample = try await Sample.fill(stand)
        let browser = try await Browser.signedIn(stand, as: nil)
        let week = try await browser.get("/people/\(sample.maya.value)/schedule").text
        #expect(week.contains("Phone: insurance &lt;script&gt;"))
        let people = try await browser.get("/people").text
        #expect(people.contains("Noor &lt;b&gt;Haddad&lt;/b&gt;"))
        let echo = try await browser.submit(
            "/people/\(sample.maya.value)/connect/caldav",
            [("address", "\"><img src=x onerror=alert(1)>"), ("username", "'\"<"), ("password", "")],
            from: "/people/\(sample.maya.value)/connect/caldav")
        #expect(!echo.text.contains("<img"))
        #expect(echo.text.contains("&quot;&gt;&lt;img"))
    }

    @Test("bodies beyond the limit are refused with 413, announced or not")
    func tooLarge() async throws {
        let stand = try await Stand()
        let sample = try await Sample.fill(stand)
        let browser = try await Browser.signedIn(stand, as: nil)
        var headers = HTTPFields()
        headers[.contentType] = "multipart/form-data; boundary=XX"
        let big = [UInt8](repeating: 65, count: PageRoute.uploadLimit + 1)
        let path = "/people/\(sample.maya.value)/connect/file"
        let reply = try await browser.send(.post, path, headers: headers, body: big)
        #expect(reply.status == 413 && reply.text.contains("10 MB"))
        headers[.contentLength] = "99999999999"
        #expect(try await browser.send(.post, path, headers: headers).status == 413)
        #expect(stand.calendars.calls.isEmpty)
    }

    @Test("paths that nobody serves get a page, but those of the API do not")
    func notFound() async throws {
        let stand = try await Stand()
        let page = try await stand.send(.get, "/nowhere/at/all")
        #expect(page.status == 404 && page.text.contains("<h1>Not found</h1>"))
        let api = try await stand.send(.get, "/v1/nowhere")
        #expect(api.status == 404 && !api.text.contains("<html"))
        #expect(try await stand.send(.put, "/people").status == 405)
    }

    /// All rows that pages may touch, but for when sessions end.
    private static func dump(_ stand: Stand) async throws -> [String] {
        try await stand.database.read { session in
            let calendars = try session.all("SELECT calendar_id, counted FROM calendars ORDER BY 1") {
                try $0.text(0) + "\(try $0.integer(1))"
            }
            let accounts = try session.all("SELECT account_id, version FROM accounts ORDER BY 1") {
                try $0.text(0) + "\(try $0.integer(1))"
            }
            let signIns = try session.all("SELECT kind FROM sign_ins ORDER BY 1") { try $0.text(0) }
            return calendars + accounts + signIns
        }
    }
}
