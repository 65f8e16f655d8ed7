import CivilTime
import Foundation
import HTTPTypes
import Integrations
import Planning
import Sealing
import Season
import Support
import Testing
import Trips

@testable import App
@testable import GuidesWeb

@Suite("Pages of guide services")
struct GuidesPagesTests {
    /// The sample service, with the last of its trips.
    @dynamicMemberLookup
    private struct World {
        let sample: SampleWorld
        let trip: TripID

        init() async throws {
            sample = try await SampleWorld()
            let all = try #require(Period(from: Instant(seconds: 0), to: Instant(seconds: 4_000_000_000)))
            trip = try #require(try await sample.store.trips(of: sample.service.id, in: all).last?.trip.id)
        }

        subscript<Value>(dynamicMember path: KeyPath<SampleWorld, Value>) -> Value { sample[keyPath: path] }

        func browser(_ email: String) async throws -> PageBrowser { try await sample.browser(email) }

        func path(_ route: GuideRoute) -> String {
            route.path.replacingOccurrences(of: "{service}", with: sample.service.slug)
                .replacingOccurrences(of: "{slug}", with: sample.service.slug)
                .replacingOccurrences(of: "{trip}", with: trip.value)
                .replacingOccurrences(of: "{token}", with: "none").replacingOccurrences(of: "{party}", with: "pty_none")
        }

        var routes: [GuideRoute] {
            GuideTable(
                services: sample.server.platform.guidesServices(isSample: true),
                cookies: GuideCookies(publicURL: LiveServer.base)
            ).routes
        }
    }

    @Test("every page answers those whom the table names, and to everybody else it is not there")
    func access() async throws {
        let world = try await World()
        let other = try await world.store.createService(
            name: "Elsewhere", slug: "elsewhere", contactEmail: "o@else.example", zone: ZoneID("America/Denver"))
        let stranger = try await world.store.person(
            email: "stranger@else.example", name: "S", zone: ZoneID("America/Denver"))
        try await world.store.setMember(stranger, of: other.id, roles: [.owner], by: .system("test"))
        let visitors: [(name: String, browser: PageBrowser, allowed: Set<GuideRoute.Access>)] = [
            ("nobody", PageBrowser(world.server), [.everyone, .guest]),
            ("stranger", try await world.browser("stranger@else.example"), [.everyone, .guest, .signedIn]),
            (
                "guide", try await world.browser("guide1@basalt.example"),
                [.everyone, .guest, .signedIn, .member]
            ),
            (
                "office", try await world.browser("olu@basalt.example"),
                [.everyone, .guest, .signedIn, .member, .office]
            ),
            (
                "owner", try await world.browser("ida@basalt.example"),
                Set(GuideRoute.Access.allCases).subtracting([.sample])
            ),
        ]
        var checked = 0
        // Pages of the sample are there only where the server was started with it; a guide sees sheets of own trips.
        for (name, browser, allowed) in visitors {
            for route in world.routes where route.method == .get {
                let reply = try await browser.get(world.path(route))
                if !allowed.contains(route.access) {
                    #expect([401, 404].contains(reply.status), "\(name) got \(reply.status) from \(route.path)")
                    #expect(!reply.text.contains("Basalt"), "\(name) at \(route.path)")
                } else if !route.path.contains("{token}") && !route.path.contains("{party}")
                    && !route.path.hasSuffix("/linked") && !(name == "guide" && route.path.contains("/crew-sheet"))
                {
                    #expect([200, 303].contains(reply.status), "\(name) got \(reply.status) from \(route.path)")
                }
                checked += 1
            }
            for route in world.routes where route.method == .post && !allowed.contains(route.access) {
                let reply = try await browser.post(world.path(route), ["form_token": "x"])
                #expect([401, 403, 404].contains(reply.status), "\(name) got \(reply.status) from \(route.path)")
                checked += 1
            }
        }
        #expect(checked > 150)
    }

    @Test("a guide who cannot is refused with the reason, and the office may want it all the same, in its name")
    func refusal() async throws {
        let world = try await World()
        let browser = try await world.browser("olu@basalt.example")
        let page = try await browser.get("/guides/services/basalt-ridge/trips/\(world.trip.value)")
        let members = try await world.store.members(of: world.service.id)
        let taken = try await world.store.crew(of: world.trip, in: world.service.id)
        // The last trip is on rock, for which this one has no certificate.
        let guide = try #require(
            members.first { member in
                member.email == "guide2@basalt.example" && !taken.contains { $0.guide == member.person }
            })
        let form = [
            "trip": world.trip.value, "guide": guide.person.value, "role": "lead",
            "form_token": try #require(page.formToken),
        ]
        let refused = try await browser.post("/guides/services/basalt-ridge/board/assign", form)
        #expect(refused.status == 409 && refused.text.contains("data-reason=\"qualification-missing\""))
        // Somebody else can: a button says so, and does it.
        let others = refused.text.components(after: "data-alternatives=\"guides\"", until: "§")[0]
        #expect(others.contains("name=\"guide\" value=\"per_"))
        var wanted = form
        wanted["reason"] = "The lead of the other boat has it"
        let done = try await browser.post("/guides/services/basalt-ridge/board/assign", wanted)
        #expect(done.status == 303)
        let made = try #require(
            try await world.store.crew(of: world.trip, in: world.service.id).first { $0.guide == guide.person })
        #expect(made.override?.reason == "The lead of the other boat has it")
    }

    @Test("an owner sees what linked calendars cost, from the roster; growth and a bad number are answered in words")
    func costs() async throws {
        let world = try await World()
        let browser = try await world.browser("ida@basalt.example")
        let settings = try await browser.get("/guides/services/basalt-ridge/settings")
        let path = try #require(settings.links.first { $0.hasSuffix("/costs") })
        let page = try await browser.get(path)
        #expect(page.text.contains("12 of 12 guides have a calendar linked"))
        // Twelve months of the smallest tier, and of the machine.
        #expect(page.text.contains("9,828.00 USD") && page.text.contains("840.00 USD") && page.text.contains("not confirmed"))
        let grown = try await browser.get(path + "?growth=0&others=1000&own=70")
        #expect(grown.text.contains("827.28 USD Emerging"))
        let bad = try await browser.get(path + "?growth=many")
        #expect(bad.status == 409 || bad.status == 422 || bad.status == 400)
        #expect(bad.text.contains("whole number from 0"))
    }

    @Test("a season is filled in part, as the page shows it; the audit has it, and undo takes it back")
    func seasonPlan() async throws {
        let world = try await World()
        let browser = try await world.browser("olu@basalt.example")
        try await world.server.settle()
        let board = try await browser.get("/guides/services/basalt-ridge/board")
        let path = try #require(board.links.first { $0.hasSuffix("/plan") })
        let page = try await planned(browser, path)
        #expect(page.text.contains("places filled") && page.text.contains("data-exact=\""))
        let places = page.text.components(after: "name=\"place\" value=\"", until: "\"")
        try #require(places.count >= 2)
        let chosen = try #require(SeasonPlanPlace(places[0]))
        let version = try await world.store.version(of: world.service.id)
        let one = try await browser.submit(page, to: "/plan", form(page, place: places[0]))
        #expect(one.status == 200 && one.text.contains("1 of 1 accepted"))
        let crew = try await world.store.crew(of: chosen.trip, in: world.service.id)
        #expect(crew.contains { $0.guide == chosen.guide && $0.role == chosen.role && $0.state.holdsTime })
        let lines = try await world.store.audit(of: world.service.id, after: version, limit: 10).map(\.change)
        guard case .planAccepted(_, _, 1, version, 1) = try #require(lines.last) else {
            Issue.record("\(lines)")
            return
        }
        // What is left is another plan, without that place and with everything else still possible.
        let rest = try await planned(browser, path)
        let left = rest.text.components(after: "name=\"place\" value=\"", until: "\"")
        #expect(left.count == places.count - 1 && !left.contains(places[0]))
        // The control: the same place once more is refused with the reason, and nothing is written.
        let twice = try await browser.submit(page, to: "/plan", form(page, place: places[0]))
        #expect(twice.status == 409 && twice.text.contains("is on this trip already"))
        let undone = try await browser.submit(
            one, to: "/plan/undo",
            form(page, place: "").merging(
                ["assignment": one.text.components(after: "name=\"assignment\" value=\"", until: "\"")[0]]) { $1 })
        #expect(undone.status == 303)
        let after = try await world.store.crew(of: chosen.trip, in: world.service.id)
        #expect(!after.contains { $0.guide == chosen.guide && $0.state.holdsTime })
    }

    /// The plan's page once it is worked out.
    private func planned(_ browser: PageBrowser, _ path: String) async throws -> LiveServer.Reply {
        for _ in 0..<100 {
            let page = try await browser.get(path)
            guard page.text.contains("data-working") else { return page }
            #expect(page.headers[try #require(HTTPField.Name("Refresh"))] == "2")
        }
        throw OAuthWorld.Missing()
    }

    /// The form of a plan as it stands on its page, with one place chosen.
    private func form(_ page: LiveServer.Reply, place: String) -> [String: String] {
        var fields = ["place": place]
        for name in ["first", "last", "seed", "version"] {
            fields[name] = page.text.components(after: "name=\"\(name)\" value=\"", until: "\"").last ?? ""
        }
        return fields
    }

    @Test("a plan's question that is none is refused in words", arguments: [
        ("first=2026-13-01", "wants a day such as"), ("first=2026-07-03&last=2026-07-02", "400 days at most"),
        ("seed=0", "wants a number from 1"),
    ])
    func seasonPlanQuestion(query: String, words: String) async throws {
        let world = try await World()
        let browser = try await world.browser("olu@basalt.example")
        let page = try await browser.get("/guides/services/basalt-ridge/plan?" + query)
        #expect(page.status == 400 || page.status == 422 || page.status == 409)
        #expect(page.text.contains(words))
    }

    @Test("an owner sees what a switch of platforms changes, switches and comes back; blocks and assignments stay")
    func platform() async throws {
        let world = try await World()
        let (owner, base) = (try await world.browser("ida@basalt.example"), "/guides/services/basalt-ridge/platform")
        func stays(_ page: LiveServer.Reply) -> String { page.text.components(after: "data-stays=\"", until: "\"")[0] }
        let first = try await owner.get(base)
        #expect(first.text.contains("<dd data-platform>this server"))
        let form = ["place": "server", "address": "https://other.example.com", "client": "abc", "secret": "planted-secret"]
        let added = try await owner.submit(first, to: "/platform", form)
        let preview = try await owner.get(try #require(added.location))
        #expect(preview.status == 200 && preview.text.contains("the server at https://other.example.com"))
        let kept = try #require(Int(stays(preview)))
        #expect(kept > 0 && !preview.text.contains("planted-secret"))
        let fields = ["backend", "stamp"].reduce(into: [String: String]()) { all, name in
            all[name] = preview.text.components(after: "name=\"\(name)\" value=\"", until: "\"").first
        }
        // Something changed since: the new plan is shown, and nothing is done.
        let guide = try #require(try await world.store.person(of: "guide4@basalt.example"))
        let now = AnchorpointPlatform.now().seconds
        let day = try #require(Period(from: Instant(seconds: now + 86_400), to: Instant(seconds: now + 172_800)))
        _ = try await world.store.addManualRow(day, of: guide)
        let late = try await owner.submit(preview, to: "/platform/switch", fields)
        #expect(late.status == 409 && stays(late) == String(kept + 1))
        let stamp = try #require(late.text.components(after: "name=\"stamp\" value=\"", until: "\"").first)
        let done = try await owner.submit(late, to: "/platform/switch", fields.merging(["stamp": stamp]) { $1 })
        #expect(done.status == 303)
        let after = try await owner.get(base)
        #expect(after.text.contains("<dd data-platform>the server at https://other.example.com"))
        // Nobody else may choose it: these credentials are this service's own.
        let other = try await world.store.createService(
            name: "Elsewhere", slug: "elsewhere", contactEmail: "o@else.example", zone: ZoneID("America/Denver"))
        let choices = try await world.server.platform.guideCalendars.switching.choices(of: other.id)
        #expect(choices.all.map(\.name) == ["this server"])
        // And back: what was there stays.
        let back = try await owner.get(try #require(after.links.first { $0.contains("/preview") }))
        #expect(stays(back) == stays(late))
        let again = try await owner.submit(
            back, to: "/platform/switch",
            ["backend", "stamp"].reduce(into: [String: String]()) { all, name in
                all[name] = back.text.components(after: "name=\"\(name)\" value=\"", until: "\"").first
            })
        #expect(again.status == 303)
        #expect(try await owner.get(base).text.contains("<dd data-platform>this server"))
    }

    @Test("a service that is pinned to a region is refused the hosted service in another, in words")
    func pinnedRegion() async throws {
        let world = try await World()
        var service = world.service
        service.region = "de"
        try await world.store.update(service, by: .system("test"))
        let owner = try await world.browser("ida@basalt.example")
        let page = try await owner.get("/guides/services/basalt-ridge/platform")
        let form = ["place": "us", "client": "abc", "secret": "s"]
        let refused = try await owner.get(
            try #require(try await owner.submit(page, to: "/platform", form).location))
        #expect(refused.status == 409 || refused.status == 400)
        #expect(refused.text.contains("keeps its calendar data in DE") && !refused.text.contains("stamp"))
        let good = try await owner.submit(page, to: "/platform", form.merging(["place": "de"]) { $1 })
        #expect(try await owner.get(try #require(good.location)).text.contains("hosted Cronofy in DE"))
        let none = try await owner.submit(page, to: "/platform", form.merging(["place": "fr"]) { $1 })
        #expect(none.status != 303 && none.text.contains("us, uk, de"))
    }

    @Test("the board that is kept is the board that a new server would show")
    func keptBoard() async throws {
        let world = try await World()
        let (keeper, service, store) = (BoardKeeper(), world.service, world.store)
        let guide = try #require(try await store.person(of: "guide4@basalt.example"))
        let now = AnchorpointPlatform.now()
        let zone = try #require(ZoneDatabase.system.zone(service.zone))
        let days = BoardDays(zone: zone, first: zone.civil(at: now).date, count: 40)
        var seen: Set<Int> = []
        func compare(_ step: String) async throws {
            let (kept, new) = (
                try await keeper.board(of: service.id, days, store: store),
                try await BoardKeeper().board(of: service.id, days, store: store)
            )
            #expect(kept.rows == new.rows && kept.board.trips == new.board.trips, "\(step)")
            seen.insert(kept.rows.hashValue)
        }
        try await compare("first")
        let period = try #require(
            Period(from: Instant(seconds: now.seconds + 86_400), to: Instant(seconds: now.seconds + 200_000)))
        let row = try await store.addManualRow(period, of: guide)
        try await compare("blocked")
        try await store.removeManualRow(row.id, of: guide)
        try await compare("free again")
        let crew = try await store.agenda(of: guide, after: now)
        let place = try #require(crew.first)
        try await store.remove(place.assignment.id, of: service.id, by: .system("test"))
        try await compare("taken off")
        try await store.cancelTrip(place.trip.trip.id, of: service.id, by: .system("test"))
        try await compare("cancelled")
        try await store.setMember(guide, of: service.id, roles: [.guide], isActive: false, by: .system("test"))
        try await compare("left")
        #expect(seen.count >= 4)
    }

    @Test("a guest goes from a date to a booking, changes it and cancels it; the seats come back")
    func guest() async throws {
        let world = try await World()
        let (browser, path) = (PageBrowser(world.server), "/s/basalt-ridge")
        let trip = try await world.store.addTrip(
            TripDraft(
                title: "Guests' test", place: Place(name: "Moab", zone: ZoneID("America/Denver")),
                timing: .singleDay(
                    try #require(CivilDate(year: 2035, month: 6, day: 4)), startSecond: 8 * 3600, minutes: 240),
                seats: 6, clientsPerGuide: 6, needs: [CrewNeed(role: .lead, count: 1)]),
            to: world.service.id, by: .system("test"))
        let held = try await browser.post(path + "/hold", ["trip": trip.id.value, "guests": "2"])
        #expect(held.status == 303)
        let deciding = try #require(held.location)
        #expect(try await browser.get(deciding).status == 200)
        let booked = try await browser.post(deciding, ["email": "gina@example.com", "name": "Gina Guest"])
        #expect(booked.status == 303)
        let link = try #require(booked.location)
        #expect(try await browser.get(link).text.contains("Guests&#39; test") || booked.status == 303)
        #expect(try await world.store.trip(trip.id, of: world.service.id)?.seatsLeft == 4)
        _ = try await browser.post(link + "/size", ["guests": "4", "size": "4"])
        #expect(try await world.store.trip(trip.id, of: world.service.id)?.seatsLeft == 2)
        _ = try await browser.post(link + "/cancel", [:])
        #expect(try await world.store.trip(trip.id, of: world.service.id)?.seatsLeft == 6)
        #expect(try await browser.get(path + "/bookings/unknown").status == 404)
    }
}
