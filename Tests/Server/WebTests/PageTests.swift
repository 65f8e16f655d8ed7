import Accounts
import CivilTime
import Foundation
import HTTPTypes
import SQLite
import StorageKit
import Testing

@testable import Web

@Suite("Pages")
struct PageTests {
    private let stand: Stand
    private let sample: Sample
    private let browser: Browser
    private var person: String { "/people/\(sample.maya.value)" }

    init() async throws {
        stand = try await Stand()
        sample = try await Sample.fill(stand)
        browser = try await Browser.signedIn(stand, as: nil)
    }

    @Test(
        "each connection shows its state, its cause and what to do",
        arguments: [
            "Connected", "Failing for 2 hours", "Disconnected 27 hours ago", "Paused", "First reading",
            "The calendar no longer accepts the password.", "Make a new app-specific password", "1 of 2 calendars read",
            "read 4 minutes ago", "not read yet", "2 items could not be read",
        ])
    func states(text: String) async throws { #expect(try await browser.get(person).text.contains(text)) }

    @Test("while a first reading runs the page reads itself again, until told to stop")
    func refresh() async throws {
        #expect(try await browser.get(person).text.contains("http-equiv=\"refresh\" content=\"5\""))
        #expect(!(try await browser.get(person + "?hold=1").text.contains("http-equiv")))
        #expect(!(try await browser.get("/people/\(sample.noor.value)").text.contains("http-equiv")))
    }

    @Test("a choice of calendars is kept; calendars that the form did not list stay as they are")
    func choose() async throws {
        let reply = try await browser.submit(
            person + "/calendars",
            [("listed", "cal_1"), ("listed", "cal_3"), ("counts", "cal_3"), ("counts", "cal_4")], from: person)
        #expect(reply.status == 303)
        let calendars = try await stand.services.profiles.calendars(of: sample.maya)
        let counted = Set(calendars.filter(\.isCounted).map(\.id.value))
        #expect(counted == ["cal_2", "cal_3"])
        let next = try #require(reply.location)
        #expect(try await browser.get(next).text.contains("Saved"))
    }

    @Test("notices are words of ours, never text from the address")
    func notice() async throws {
        #expect(!(try await browser.get(person + "?done=%3Cb%3Ehello").text.contains("hello")))
    }

    @Test("each kind of calendar is asked for as typed")
    func connects() async throws {
        func submit(_ kind: String, _ fields: [(String, String)]) async throws -> Int {
            try await browser.submit(person + "/connect/\(kind)", fields, from: person + "/connect/\(kind)").status
        }
        #expect(
            try await submit("caldav", [("address", " dav.example.com "), ("username", "maya"), ("password", " p w ")])
                == 303)
        #expect(try await submit("icloud", [("username", "m@icloud.com"), ("password", "abcd")]) == 303)
        #expect(try await submit("ics", [("address", "webcal://x.example/c.ics"), ("name", "")]) == 303)
        #expect(try await submit("native", [("name", "Mine"), ("zone", "America/Denver")]) == 303)
        #expect(
            stand.calendars.calls == [
                .connect(
                    .calDAV(
                        address: "dav.example.com", username: "maya", password: Secret(" p w "), confirmedSite: nil),
                    sample.maya),
                .connect(.iCloud(appleID: "m@icloud.com", appPassword: Secret("abcd")), sample.maya),
                .connect(.ics(address: Secret("webcal://x.example/c.ics"), name: nil), sample.maya),
                .connect(.native(name: "Mine", zone: ZoneID("America/Denver")), sample.maya),
            ])
    }

    @Test("a file comes in as it is, and its name is only a name")
    func importsFile() async throws {
        let page = try await browser.get(person + "/connect/file")
        let token = try #require(page.formToken)
        let body = """
            --XX\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n\(token)\r\n\
            --XX\r\nContent-Disposition: form-data; name="file"; filename="../a.ics"\r\n\r\nBEGIN:VCALENDAR\r\n--XX--\r\n
            """
        var headers = HTTPFields()
        headers[.contentType] = "multipart/form-data; boundary=XX"
        let reply = try await browser.send(.post, person + "/connect/file", headers: headers, body: Array(body.utf8))
        #expect(reply.location == person + "?done=imported-in-part")
        #expect(stand.calendars.calls == [.importFile(bytes: 15, name: "../a.ics", sample.maya)])
    }

    @Test(
        "what was refused is kept in the form, with the reason at its field, and never the password",
        arguments: [
            (ConnectError.wrongCredential(reason: "Not that one."), "password-error"),
            (.refusedAddress(reason: "A private address."), "address-error"),
            (.notACalendar(reason: "A web page."), "address-error"),
            (.unreachable(reason: "Nobody answers."), "That did not work"),
            (.duplicate(ProfileID("pro_1")), "connected already"),
            (.needsConfirmation(site: "dav.other.example"), "Send my password to dav.other.example"),
        ])
    func refused(error: ConnectError, mark: String) async throws {
        stand.calendars.fail(with: error)
        let reply = try await browser.submit(
            person + "/connect/caldav",
            [("address", "dav.example.com"), ("username", "maya"), ("password", "hunter2")],
            from: person + "/connect/caldav")
        #expect(reply.status == 422)
        #expect(reply.text.contains(mark))
        #expect(reply.text.contains("value=\"dav.example.com\"") && reply.text.contains("value=\"maya\""))
        #expect(!reply.text.contains("hunter2"))
    }

    @Test("an agreed site goes with the request")
    func confirms() async throws {
        _ = try await browser.submit(
            person + "/connect/caldav",
            [("address", "a"), ("username", "b"), ("password", "c"), ("confirmed_site", "dav.other.example")],
            from: person + "/connect/caldav")
        #expect(
            stand.calendars.calls == [
                .connect(
                    .calDAV(address: "a", username: "b", password: Secret("c"), confirmedSite: "dav.other.example"),
                    sample.maya)
            ])
    }

    @Test(
        "empty and impossible fields are named before anybody is asked",
        arguments: [
            ("caldav", [("address", ""), ("username", "m"), ("password", "p")], "address-error"),
            ("caldav", [("address", "a"), ("username", "m"), ("password", "")], "password-error"),
            ("native", [("name", "x"), ("zone", "Mars/Olympus")], "zone-error"),
            ("native", [("name", "x"), ("zone", "../../etc/passwd")], "zone-error"),
            ("ics", [("address", String(repeating: "a", count: 3000))], "address-error"),
            ("file", [], "file-error"),
        ] as [(String, [(String, String)], String)])
    func invalid(kind: String, fields: [(String, String)], mark: String) async throws {
        let reply = try await browser.submit(person + "/connect/\(kind)", fields, from: person + "/connect/\(kind)")
        #expect(reply.status == 422 && reply.text.contains("id=\"\(mark)\""))
        #expect(stand.calendars.calls.isEmpty)
    }

    @Test("connections are paused, resumed, read, reconnected and removed, each by its own form")
    func actions() async throws {
        for action in ["pause", "resume", "sync", "remove"] {
            #expect(try await browser.submit(person + "/connections/pro_1/\(action)", from: person).status == 303)
        }
        _ = try await browser.submit(person + "/connections/pro_3/reconnect", [("password", "new")], from: person)
        let (id, owner) = (ProfileID("pro_1"), sample.maya)
        #expect(
            stand.calendars.calls == [
                .pause(id, owner, true), .pause(id, owner, false), .syncNow(id, owner), .remove(id, owner),
                .reconnect(ProfileID("pro_3"), owner, Secret("new")),
            ])
    }

    @Test("another account's connection is not found, whoever asks")
    func foreignConnection() async throws {
        let reply = try await browser.submit("/people/\(sample.noor.value)/connections/pro_1/remove", from: person)
        #expect(reply.status == 404)
        #expect(stand.calendars.calls.isEmpty)
    }

    @Test("removing says first what it deletes, and for calendars that live here that nothing else has them")
    func removal() async throws {
        let page = try await browser.get(person + "/connections/pro_4/remove").text
        #expect(page.contains("“My days”") && page.contains("live only here") && page.contains("cannot be undone"))
        #expect(
            try await browser.get(person + "/connections/pro_1/remove").text.contains("At the provider nothing changes")
        )
    }

    @Test("what was put aside shows its reason, calendar and age, and can be tried again")
    func putAside() async throws {
        let page = try await browser.get(person + "/put-aside").text
        #expect(page.contains("FREQ=SECONDLY") && page.contains("in Trips") && page.contains("since 1 hour ago"))
        _ = try await browser.submit(person + "/put-aside/900/retry", from: person + "/put-aside")
        #expect(stand.calendars.calls == [.retry(ItemNumber(900), sample.maya)])
        #expect(try await browser.get("/people/\(sample.noor.value)/put-aside").text.contains("Nothing was put aside"))
    }

    @Test(
        "the owner sees titles, others see none: of no event, calendar or place",
        arguments: ["week=2031-W14", "month=2031-04"])
    func othersView(span: String) async throws {
        let own = try await browser.get(person + "/schedule?" + span).text
        let others = try await browser.get(person + "/schedule?view=others&" + span).text
        for secret in ["Glacier traverse", "Team call", "Night train", "Secret hut", "Coffee"] {
            #expect(!others.contains(secret))
        }
        #expect(own.contains("Glacier traverse") && own.contains("Personal"))
        #expect(!others.contains("Personal") && !others.contains("Trips"))
        #expect(others.contains("Busy") && others.contains("09:30"))
        #expect(!own.contains("Secret hut"))
    }

    @Test("weeks and months lead on, back and to today; others than dates are not found")
    func steps() async throws {
        let page = try await browser.get(person + "/schedule?week=2031-W01").text
        #expect(page.contains("week=2030-W52") && page.contains("week=2031-W02") && page.contains("week=now"))
        #expect(try await browser.get(person + "/schedule?month=2031-12").text.contains("month=2032-01"))
        #expect(try await browser.get(person + "/schedule").text.contains("Week 14, 31 March – 6 April 2031"))
        for bad in ["week=2031-W99", "month=2031-13", "week=9999-W60", "month=x"] {
            #expect(try await browser.get(person + "/schedule?" + bad).status == 404)
        }
        for edge in ["week=9999-W52", "week=0001-W01", "month=0001-01", "month=9999-12"] {
            #expect(try await browser.get(person + "/schedule?" + edge).status == 200)
        }
    }

    @Test("the week in which clocks change says so, in its head and in the grid")
    func clockChange() async throws {
        let page = try await browser.get(person + "/schedule?week=2031-W13").text
        #expect(page.contains("23 hours: clocks go forward.") && page.contains("clocks skip this"))
        #expect(page.contains("(UTC+1, then UTC+2)"))
        #expect(try await browser.get(person + "/schedule?week=2031-W43").text.contains("25 hours: clocks go back."))
    }

    @Test("calendars not read yet, disconnected, and times outside what is kept are drawn as not known")
    func doubt() async throws {
        let quiet = try await browser.get(person + "/schedule").text
        #expect(!quiet.contains("block unknown"))
        _ = try await browser.submit(
            person + "/calendars", [("listed", "cal_8"), ("counts", "cal_8")], from: person)
        let unread = try await browser.get(person + "/schedule").text
        #expect(unread.contains("“Rota” has not been read yet") && unread.contains("block unknown"))
        let others = try await browser.get(person + "/schedule?view=others").text
        #expect(
            !others.contains("Rota") && others.contains("not everything is known") && others.contains("block unknown"))
        #expect(try await browser.get(person + "/schedule?week=2029-W10").text.contains("more than 42 days ago"))
        #expect(try await browser.get(person + "/schedule?month=2034-10").text.contains("more than 24 months ahead"))
    }

    @Test("where no calendar counts the page says that all looks free")
    func nothingCounts() async throws {
        let page = try await browser.get("/people/\(sample.noor.value)/schedule").text
        #expect(page.contains("No calendar counts"))
    }

    @Test("nobody at all: the list says what to do")
    func noPeople() async throws {
        let empty = try await Stand()
        let page = try await Browser.signedIn(empty, as: nil).get("/people").text
        #expect(page.contains("anchorpoint accounts create"))
    }

    @Test("the stylesheet is at an address of its own hash, kept for ever, and knows both schemes")
    func stylesheet() async throws {
        let reply = try await browser.get(stand.pages.stylesheet.path)
        #expect(reply.headers[.cacheControl]?.contains("immutable") == true)
        #expect(reply.text.contains("prefers-color-scheme:dark") && reply.text.contains("prefers-reduced-motion"))
        #expect(try await browser.get("/favicon.svg").headers[.contentType] == "image/svg+xml")
    }
}
