import GuardedHTTP
import ProviderKit
import Support
import Testing

@testable import CalDAV

@Suite("Finding calendars (RFC 6764, RFC 4791 §6.2.1)")
struct DiscoveryTests {
    private static let calendarType = "<D:resourcetype><D:collection/><C:calendar/></D:resourcetype>"

    private static func principal(at path: String, home: String, extra: String = "") -> StubDAV.Rule {
        { request in
            guard request.method == "PROPFIND", request.path == path else { return nil }
            return StubDAV.multistatus(
                StubDAV.member(
                    path,
                    "<D:displayname>Anna Berg</D:displayname><C:calendar-home-set><D:href>\(home)</D:href></C:calendar-home-set><C:calendar-user-address-set><D:href>urn:uuid:1</D:href><D:href>MAILTO:anna@example.org</D:href></C:calendar-user-address-set>\(extra)"
                ))
        }
    }

    private static func pointer(at path: String, to principal: String) -> StubDAV.Rule {
        { request in
            guard request.method == "PROPFIND", request.path == path else { return nil }
            return StubDAV.multistatus(
                StubDAV.member(
                    path, "<D:current-user-principal><D:href>\(principal)</D:href></D:current-user-principal>"))
        }
    }

    private static func home(at path: String, _ members: String) -> StubDAV.Rule {
        { request in
            guard request.method == "PROPFIND", request.path == path else { return nil }
            return StubDAV.multistatus(
                StubDAV.member(path, "<D:resourcetype><D:collection/></D:resourcetype>")
                    + (request.headers["depth"] == "1" ? members : ""))
        }
    }

    private static let oneCalendar = StubDAV.member("/h/work/", calendarType + "<D:displayname>Work</D:displayname>")

    @Test("from the well-known path, through redirects, to principal, home and calendars")
    func wellKnown() async throws {
        let stub = StubDAV(
            { $0.path == "/.well-known/caldav" ? .answer(301, headers: [("Location", "/dav")]) : nil },
            Self.pointer(at: "/dav", to: "/p/anna/"), Self.principal(at: "/p/anna/", home: "/h/"),
            Self.home(at: "/h/", Self.oneCalendar))
        let account = try await stub.provider(server: stub.server.url).discover()
        #expect(account.identity == stub.server.url + "/p/anna/")
        #expect(account.displayName == "Anna Berg" && account.email == "anna@example.org")
        #expect(account.calendars.map(\.id.value) == [stub.server.url + "/h/work/"])
        #expect(account.calendars.map(\.isPrimary) == [true])
    }

    @Test(
        "from a usual path where the well-known one leads nowhere",
        arguments: [
            StubDAV.Answer.text(404, ""), .text(200, "<html>Sign in</html>", type: "text/html"), .text(401, ""),
            .text(405, ""), .text(500, ""),
        ])
    func usualPath(wellKnown: StubDAV.Answer) async throws {
        let stub = StubDAV(
            { $0.path == "/.well-known/caldav" ? wellKnown : nil }, Self.pointer(at: "/remote.php/dav/", to: "/p/"),
            Self.principal(at: "/p/", home: "/h/"), Self.home(at: "/h/", Self.oneCalendar))
        #expect(try await stub.provider(server: stub.server.url).discover().calendars.count == 1)
    }

    @Test("an address that is itself a calendar, a home or a principal will do")
    func directAddresses() async throws {
        let calendar = StubDAV({ $0.path == "/h/work/" ? StubDAV.multistatus(Self.oneCalendar) : nil })
        #expect(
            try await calendar.provider(server: calendar.server.url + "/h/work/").discover().calendars.map(\.name) == [
                "Work"
            ])
        let home = StubDAV(Self.home(at: "/h/", Self.oneCalendar))
        #expect(try await home.provider(server: home.server.url + "/h/").discover().calendars.map(\.name) == ["Work"])
        let principal = StubDAV(Self.principal(at: "/p/", home: "/h/"), Self.home(at: "/h/", Self.oneCalendar))
        #expect(
            try await principal.provider(server: principal.server.url + "/p/").discover().calendars.map(\.name) == [
                "Work"
            ])
    }

    @Test(
        "a link written as http by a server behind a proxy stays on https",
        arguments: [
            ("http://cal.example/h/", "https://cal.example/h/"), ("http://cal.example:80/h/", "https://cal.example/h/"),
            ("https://cal.example:443/h/", "https://cal.example/h/"), ("/h/", "https://cal.example/h/"),
            ("http://other.example/h/", "http://other.example/h/"),
        ])
    func proxiedLinks(href: String, expected: String) throws {
        let base = try WebAddress(parsing: "https://cal.example/p/anna/")
        #expect(Href.address(href, base: base)?.description == expected)
    }

    @Test("a redirect that may not be followed ends one attempt, not the search")
    func refusedRedirect() async throws {
        let stub = StubDAV(
            { $0.path == "/.well-known/caldav" ? .answer(301, headers: [("Location", "ftp://x/")]) : nil },
            Self.pointer(at: "/dav/", to: "/p/anna/"), Self.principal(at: "/p/anna/", home: "/h/"),
            Self.home(at: "/h/", Self.oneCalendar))
        #expect(try await stub.provider(server: stub.server.url).discover().calendars.map(\.name) == ["Work"])
    }

    @Test("several homes are all read, and a calendar listed twice counts once")
    func severalHomes() async throws {
        let homes = "/h/</D:href><D:href>/team%40x/"
        let shared =
            StubDAV.member("/team%40x/rota/", Self.calendarType) + StubDAV.member("/team@x/rota/", Self.calendarType)
        let stub = StubDAV(
            Self.principal(at: "/p/", home: homes), Self.home(at: "/h/", Self.oneCalendar),
            Self.home(at: "/team%40x/", shared))
        let found = try await stub.provider(server: stub.server.url + "/p/").discover().calendars
        #expect(found.map(\.name) == ["Work", "rota"])
    }

    @Test("what the properties say, and which collections are none for events")
    func properties() async throws {
        let members = [
            StubDAV.member("/h/", Self.calendarType.replacing("<C:calendar/>", with: "")),
            StubDAV.member(
                "/h/a/",
                Self.calendarType
                    + "<D:displayname> Trips &amp; more </D:displayname><A:calendar-color>#ff8800CC</A:calendar-color><CS:getctag>17</CS:getctag><C:schedule-calendar-transp><C:transparent/></C:schedule-calendar-transp><C:calendar-timezone>BEGIN:VCALENDAR&#13;\nBEGIN:VTIMEZONE&#13;\nTZID:Europe/Vienna&#13;\nEND:VTIMEZONE</C:calendar-timezone><D:current-user-privilege-set><D:privilege><D:read/></D:privilege></D:current-user-privilege-set><C:supported-calendar-component-set><C:comp name=\"VTODO\"/><C:comp name=\"VEVENT\"/></C:supported-calendar-component-set>"
            ),
            StubDAV.member(
                "/h/b/",
                Self.calendarType
                    + "<A:calendar-color>red</A:calendar-color><D:current-user-privilege-set><D:privilege><D:read/></D:privilege><D:privilege><D:write/></D:privilege></D:current-user-privilege-set>"
            ),
            StubDAV.member(
                "/h/tasks/",
                Self.calendarType
                    + "<C:supported-calendar-component-set><C:comp name=\"VTODO\"/></C:supported-calendar-component-set>"
            ),
            StubDAV.member("/h/inbox/", "<D:resourcetype><D:collection/><C:schedule-inbox/></D:resourcetype>"),
            StubDAV.member(
                "/h/feed/", Self.calendarType.replacing("<C:calendar/>", with: "<C:calendar/><CS:subscribed/>")),
            StubDAV.member("/h/feed2/", Self.calendarType + "<CS:source><D:href>https://x/</D:href></CS:source>"),
            StubDAV.member("/h/card/", "<D:resourcetype><D:collection/></D:resourcetype>"),
            StubDAV.missing("/h/lost/"),
        ]
        let stub = StubDAV(Self.principal(at: "/p/", home: "/h/"), Self.home(at: "/h/", members.joined()))
        let found = try await stub.provider(server: stub.server.url + "/p/").discover().calendars
        #expect(found.map(\.name) == ["Trips & more", "b"])
        var first = RemoteCalendar(id: RemoteCalendarID(stub.server.url + "/h/a/"), name: "Trips & more")
        (first.isReadOnly, first.color, first.zoneName) = (true, "#FF8800", "Europe/Vienna")
        (first.blocksTime, first.changeTag) = (false, "17")
        #expect(found.first == first)
        #expect(found.last?.isReadOnly == false && found.last?.isPrimary == true && found.last?.color == nil)
    }

    // MARK: - Passwords

    @Test("a password goes to another site only once that is confirmed", arguments: ["redirect", "principal", "home"])
    func anotherSite(way: String) async throws {
        let other = StubDAV(
            Self.pointer(at: "/dav/", to: "/p/"), Self.principal(at: "/p/", home: "/h/"),
            Self.home(at: "/h/", Self.oneCalendar))
        let url = other.server.url
        let first = StubDAV(
            {
                way == "redirect" && $0.path == "/.well-known/caldav"
                    ? .answer(301, headers: [("Location", url + "/dav/")]) : nil
            },
            Self.pointer(at: "/.well-known/caldav", to: way == "principal" ? url + "/p/" : "/p/"),
            Self.principal(at: "/p/", home: url + "/h/"))
        let origin = try WebAddress(parsing: url).origin
        await #expect(throws: CalDAVDiscoveryError.anotherSite(origin)) {
            try await first.provider(server: first.server.url).findCalendars()
        }
        let failure = await #expect(throws: RemoteFailure.self) {
            try await first.provider(server: first.server.url).discover()
        }
        guard case .refused(_, let reason) = failure, reason.contains("\(origin)") else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(!other.server.requests.contains { $0.headers["authorization"] != nil })
        let confirmed = try await first.provider(server: first.server.url, confirmed: [origin]).discover()
        #expect(confirmed.calendars.map(\.id.value) == [url + "/h/work/"])
    }

    @Test("two refusals end the search, one where the service is known")
    func refusedPasswords() async throws {
        let stub = StubDAV({ _ in .text(401, "", headers: [("WWW-Authenticate", "Basic")]) })
        let generic = try stub.provider(server: stub.server.url)
        await #expect(throws: RemoteFailure.authorizationLost(reason: CalDAVService.generic.passwordRefused)) {
            try await generic.discover()
        }
        #expect(stub.server.requests.count { $0.headers["authorization"] != nil } == 2)
        let known = CalDAVService(
            name: "Known", start: try WebAddress(parsing: stub.server.url), passwordRefused: "Known says no.")
        let before = stub.server.requests.count { $0.headers["authorization"] != nil }
        await #expect(throws: RemoteFailure.authorizationLost(reason: "Known says no.")) {
            try await stub.provider(service: known).discover()
        }
        #expect(stub.server.requests.count { $0.headers["authorization"] != nil } == before + 1)
    }

    @Test("the services with an address of their own have one, and iCloud's password stays in icloud.com")
    func services() throws {
        #expect(CalDAVService.iCloud.start?.description == "https://caldav.icloud.com/")
        #expect(CalDAVService.fastmail.start?.description == "https://caldav.fastmail.com/")
        let account = try CalDAVAccount(service: .iCloud, server: "", user: "anna@icloud.com", password: Secret("pw"))
        #expect(account.credential.mayGo(to: try WebAddress(parsing: "https://p12-caldav.icloud.com:443/1/").origin))
        #expect(!account.credential.mayGo(to: try WebAddress(parsing: "https://p12-caldav.icloud.com.example/").origin))
        #expect(CalDAVService.iCloud.passwordRefused.contains("app-specific"))
    }

    @Test(
        "what people type becomes a place to start",
        arguments: [
            ("https://dav.example.org/x", "https://dav.example.org/x", false),
            ("example.org", "https://example.org/", true),
            ("anna@example.org", "https://example.org/", true), (" anna@example.org ", "https://example.org/", true),
            ("dav.example.org/cal/", "https://dav.example.org/cal/", false),
        ])
    func typed(text: String, start: String, isDomain: Bool) throws {
        let account = try CalDAVAccount(service: .generic, server: text, user: "anna", password: Secret("pw"))
        #expect(account.start.description == start && account.startsFromDomain == isDomain)
    }

    @Test("an answer without calendars says so")
    func nothingThere() async throws {
        let stub = StubDAV({ _ in .text(200, "<html>Welcome</html>", type: "text/html") })
        let failure = await #expect(throws: RemoteFailure.self) {
            try await stub.provider(server: stub.server.url).discover()
        }
        #expect(failure != nil)
    }
}
