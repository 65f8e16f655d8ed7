import CivilTime
import CronofyWire
import SandboxKit
import Testing

@testable import SandboxServer

@Suite("The stand-ins' people, pages and switches")
struct SandboxSwitchTests {
    @Test(
        "a file of people that is wrong is refused with the place",
        arguments: [
            ("[", "byte 1"), ("{}", "people:"), (#"{"people":[{"vendor":"apple","email":"a@b"}]}"#, "people[0].vendor"),
            (#"{"people":[{"vendor":"google","email":"a"}]}"#, "people[0].email"),
            (
                #"{"people":[{"vendor":"google","email":"a@b","calendars":[{"name":"x","events":[{"title":"t"}]}]}]}"#,
                "people[0].calendars[0].events[0].start"
            ), (#"{"people":[{"vendor":"google","email":"a@b"},{"vendor":"google","email":"A@b"}]}"#, "stands twice"),
            (#"{"people":[{"vendor":"google","email":"a@b"}],"clients":[{"id":"x"}]}"#, "clients[0].secret"),
        ])
    func files(text: String, place: String) throws {
        let problem = #expect(throws: SandboxProblem.self) { try SandboxPeople(parsing: Array(text.utf8)) }
        #expect(problem?.description.contains(place) == true, "\(problem?.description ?? "")")
    }

    @Test("events that a vendor refuses, and zones that are none, are refused at the start")
    func refusedEvents() throws {
        for (zone, end) in [("Mars/Base", "2026-01-02"), ("UTC", "2025-01-02"), ("UTC", "tomorrow")] {
            let text = """
                {"people":[{"vendor":"google","email":"a@b","zone":"\(zone)","calendars":[{"name":"x","events":[
                {"title":"t","start":"2026-01-01","end":"\(end)"}]}]}]}
                """
            #expect(throws: SandboxProblem.self) {
                try SandboxWorld(base: "", people: SandboxPeople(parsing: Array(text.utf8))) { Instant(seconds: 0) }
            }
        }
    }

    @Test(
        "a switch that is wrong says what is allowed",
        arguments: [
            ("kind=explode", "allowed: answer, cut"), ("kind=answer", "status: a number from 400 to 599"),
            ("kind=answer&status=200", "status:"), ("kind=end&cause=boredom", "cause: one of revoked"),
            ("kind=pushes&do=eat", "do: one of"), ("kind=slow&milliseconds=0", "milliseconds:"),
            ("kind=zone&zone=Mars/Base", "no time zone"), ("kind=cut&vendor=apple", "allowed: google, microsoft"),
            ("kind=poison&person=nobody@x", "nobody has the address"),
        ])
    func wrongSwitches(form: String, words: String) async throws {
        let answer = try await SandboxFixture().ask("POST", "/faults", [:], form)
        #expect(answer.status == 400)
        #expect(answer.json["error"]?.text?.contains(words) == true, "\(answer.json)")
    }

    @Test("an answer's fault counts down, is for whom it names, and is healed", arguments: ["google", "microsoft"])
    func answers(vendor: String) async throws {
        let sandbox = try SandboxFixture()
        let access = try await sandbox.link(vendor).access
        _ = await sandbox.ask(
            "POST", "/faults", ["content-type": "application/json"],
            #"{"kind": "answer", "status": 503, "times": 2, "person": "\#(SandboxFixture.who[vendor] ?? "")"}"#)
        #expect(await sandbox.calendars(vendor, access) == 503)
        // Somebody whose token is not good is not the person.
        #expect(await sandbox.calendars(vendor, "never") == 401)
        #expect(await sandbox.calendars(vendor, access) == 503)
        #expect(await sandbox.calendars(vendor, access) == 200)
        _ = await sandbox.ask("POST", "/faults", [:], "kind=answer&status=500&times=9")
        _ = await sandbox.ask("POST", "/faults", [:], "kind=heal")
        #expect(await sandbox.calendars(vendor, access) == 200)
    }

    @Test("the clock that runs ahead ends tokens early")
    func skew() async throws {
        let sandbox = try SandboxFixture()
        let access = try await sandbox.link("google").access
        _ = await sandbox.ask("POST", "/faults", [:], "kind=skew&seconds=4000")
        #expect(await sandbox.calendars("google", access) == 401)
    }

    @Test("what is edited on the page stands in the API, and text stays text", arguments: ["google", "microsoft"])
    func pages(vendor: String) async throws {
        let sandbox = try SandboxFixture()
        let person = try #require(sandbox.world.vendors.first { $0.name == vendor }?.people.first)
        let page = "/people/\(vendor)/" + person.address
        let book = try #require(person.calendars.first?.id)
        let calendar = SandboxText.encoded(book)
        let form = "calendar=\(calendar)&do=save&start=2026-05-01T09:00:00&end=2026-05-01T10:00:00&zone=Europe/Berlin"
        let added = await sandbox.ask("POST", page, [:], form + "&title=%3Cb%3E&repeats=weekly")
        #expect(added.status == 303)
        let shown = await sandbox.ask("GET", page).json.text ?? ""
        #expect(shown.contains("&lt;b&gt;") && !shown.contains("<b>"))
        let draft = try #require(person.drafts(in: book).first { $0.title == "<b>" })
        #expect(draft.repeats == .weekly && draft.start == "2026-05-01T09:00:00" && draft.zone == "Europe/Berlin")
        let wrong = await sandbox.ask(
            "POST", page, [:], form + "&title=x&end=2020-01-01T00:00:00&id=" + SandboxText.encoded(draft.id ?? ""))
        #expect(wrong.status == 400)
        _ = await sandbox.ask(
            "POST", page, [:], "calendar=\(calendar)&do=remove&id=" + SandboxText.encoded(draft.id ?? ""))
        #expect(!person.drafts(in: book).contains { $0.title == "<b>" })
    }

    @Test("the people made up without a file are taken by both vendors, at any time of the year")
    func madeUp() throws {
        for day in stride(from: Int64(0), to: 366, by: 7) {
            let now = Instant(seconds: 1_767_225_600 + day * 86_400)
            let world = try SandboxWorld(base: "", people: SandboxPeople(around: now)) { now }
            #expect(world.vendors.flatMap(\.people).count == 4)
        }
    }
}
