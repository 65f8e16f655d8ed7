import CivilTime
import CronofyClient
import Integrations
import StorageKit
import Support
import Testing
import Trips

@Suite("Linking a guide's calendar")
struct LinkingTests {
    @Test("only the guide acts on a guide's calendars")
    func permission() throws {
        let (guide, owner) = (PersonID("per_1"), PersonID("per_2"))
        #expect(throws: LinkRefusal.onlyTheGuide) { try OwnCalendars(of: guide, actedOnBy: owner) }
        #expect(try OwnCalendars(of: guide, actedOnBy: guide).guide == guide)
    }

    @Test("a code is exchanged once, and what was linked is kept with its tokens sealed", arguments: TestDatabase.kinds)
    func links(kind: TestDatabase.Kind) async throws {
        let world = try await GuideWorld(kind)
        try await world.addLinkedGuide(1)
        let link = try await world.link(of: 1)
        #expect(link.account == "acc_1" && link.zone == ZoneID("America/Denver"))
        #expect(link.standing.state == .connected && link.level == .busy)
        let shown = try await world.database.read { try LinkStore.integrations(of: world.guide(1), in: $0) }
        #expect(shown.map(\.externalID) == ["pro_1"] && shown[0].calendars.map(\.id) == ["cal_1"])
        let stored = try await world.database.read { session in
            try session.all("SELECT access_token, refresh_token FROM calendar_links") {
                String(decoding: try $0.blob(0) + $0.blob(1), as: UTF8.self)
            }
        }
        #expect(stored.count == 1 && !stored[0].contains("acc_1.") && !stored[0].contains("refresh."))
        await world.close()
    }

    @Test("a state is used once, by the session and the person it was made for, within 15 minutes")
    func states() async throws {
        let world = try await GuideWorld()
        try await world.addGuide(1)
        try await world.addGuide(2)
        func begin() async throws -> String {
            GuideWorld.state(
                in: try await world.linking.begin(world.own(1), for: GuideWorld.service, session: GuideWorld.session))
        }
        func complete(_ state: String, session: String = GuideWorld.session, actor: Int = 1) async throws {
            _ = try await world.linking.complete(
                code: world.platform.add(1), error: nil, state: state, session: session, actor: world.guide(actor))
        }
        let state = try await begin()
        await #expect(throws: LinkRefusal.stale) { try await complete(state, session: "another") }
        await #expect(throws: LinkRefusal.stale) { try await complete(state, actor: 2) }
        await #expect(throws: LinkRefusal.stale) { try await complete("guessed") }
        try await complete(state)
        await #expect(throws: LinkRefusal.stale) { try await complete(state) }
        let late = try await begin()
        world.clock.advance(15 * 60 + 1)
        await #expect(throws: LinkRefusal.stale) { try await complete(late) }
        await world.close()
    }

    @Test("a person who says no, and a code that was used, change nothing and say so")
    func refusals() async throws {
        let world = try await GuideWorld()
        try await world.addGuide(1)
        for (code, refusal) in [
            (nil, LinkRefusal.declined(code: "access_denied")), ("used", .codeRefused),
        ] as [(String?, LinkRefusal)] {
            let url = try await world.linking.begin(world.own(1), for: GuideWorld.service, session: "s")
            await #expect(throws: refusal) {
                try await world.linking.complete(
                    code: code, error: "access_denied", state: GuideWorld.state(in: url), session: "s",
                    actor: world.guide(1))
            }
        }
        #expect(try await world.database.read { try LinkStore.links(of: world.guide(1), in: $0) }.isEmpty)
        await world.close()
    }

    @Test("linking again keeps the link, its profile's id and what the guide chose")
    func relink() async throws {
        let world = try await GuideWorld()
        let first = try await world.addLinkedGuide(1)
        world.platform.change(1) { $0.calendars.append(.init(id: "cal_x", isPrimary: false)) }
        try await world.settle()
        try await world.choices.set(counts: false, calendar: "cal_x", of: first, world.own(1))
        world.platform.change(1) { $0.isRevoked = true }
        world.clock.advance(300)
        try await world.settle()
        #expect(try await world.link(of: 1).standing.state == .disconnected)
        #expect(try await world.link(1) == first)
        let link = try await world.link(of: 1)
        #expect(link.standing.state == .connected)
        let shown = try await world.database.read { try LinkStore.integrations(of: world.guide(1), in: $0) }
        #expect(shown[0].externalID == "pro_1")
        #expect(shown[0].calendars.first { $0.id == "cal_x" }?.counts == false)
        await world.close()
    }

    @Test("a token that ran out is renewed, and the new one is stored before it is used")
    func renewal() async throws {
        let world = try await GuideWorld()
        try await world.addLinkedGuide(1)
        let spent = world.platform.with { state in
            state.spent = ["acc_1.\(state.tokens)"]
            return state.tokens
        }
        try await world.settle()
        #expect(world.platform.with { $0.tokens } == spent + 1)
        #expect(try await world.link(of: 1).standing.state == .connected)
        // A process that starts anew uses the stored one, and needs no other.
        world.clock.advance(300)
        try await world.settle()
        #expect(world.platform.with { $0.tokens } == spent + 1)
        await world.close()
    }

    @Test("a lost connection is seen within five minutes, with its cause and the trips at risk")
    func disconnection() async throws {
        let world = try await GuideWorld()
        try await world.addLinkedGuide(1)
        try await world.settle()
        try await world.addTrip("trp_1", guide: 1, from: world.instant(5), to: world.instant(8))
        world.platform.change(1) { $0.isConnected = false }
        world.clock.advance(300)
        try await world.settle()
        let shown = try await world.database.read {
            try GuideCalendars.of(world.guide(1), now: world.clock.now, in: $0)
        }
        #expect(shown.standing?.state == .disconnected)
        #expect(shown.standing?.cause == .profileDisconnected)
        #expect(shown.tripsAtRisk.map(\.trip) == [TripID("trp_1")])
        let told = try await world.database.read { session in
            try session.all("SELECT detail FROM audit WHERE verb = 'calendar'") { try $0.text(0) }
        }
        #expect(told.contains { $0.contains("disconnected") && $0.contains("profile_disconnected") })
        // Told by a notification, it is seen at once.
        world.platform.change(1) { $0.isConnected = true }
        let notice = StandInPlatform.notice("profile_initial_sync_completed")
        let key = try #require(world.platform.with { $0.accounts["acc_1"]?.channels.first })
        _ = try await world.door.receive(
            body: notice.body, signature: notice.signature, channelKey: String(key.split(separator: "/").last ?? ""))
        try await world.settle()
        #expect(
            try await world.database.read { try GuideCalendars.of(world.guide(1), now: world.clock.now, in: $0) }
                .standing?.state == .connected)
        await world.close()
    }

    @Test("unlinking ends everything here at once and the access there when it can be told")
    func unlink() async throws {
        let world = try await GuideWorld()
        let link = try await world.addLinkedGuide(1)
        world.platform.put(1, "evt_1", world.at(2, 9), world.at(2, 10))
        try await world.settle()
        try await world.addRow(1, source: "manual", from: world.instant(3), to: world.instant(4))
        #expect(try await world.rows(of: 1).count == 1)
        world.platform.with { $0.isAway = true }
        try await world.choices.unlink(link, world.own(1))
        #expect(try await world.rows(of: 1).isEmpty)
        #expect(try await world.rows(of: 1, source: "manual").count == 1)
        for table in ["calendar_links", "calendar_integrations", "integration_calendars"] {
            #expect(
                try await world.database.read {
                    try $0.first("SELECT count(*) FROM \(table)") { try $0.integer(0) }
                } == 0)
        }
        try await world.settle()
        #expect(world.platform.with { $0.revoked }.isEmpty)
        world.platform.with { $0.isAway = false }
        world.clock.advance(120)
        try await world.settle()
        #expect(world.platform.with { $0.revoked } == ["acc_1"])
        await world.close()
    }

    @Test("an account that is another guide's is not taken for one's own")
    func anotherPerson() async throws {
        let world = try await GuideWorld()
        try await world.addLinkedGuide(1)
        try await world.addGuide(2)
        world.platform.with { $0.codes["stolen"] = "acc_1" }
        let url = try await world.linking.begin(world.own(2), for: GuideWorld.service, session: "s")
        await #expect(throws: LinkRefusal.anotherPerson) {
            try await world.linking.complete(
                code: "stolen", error: nil, state: GuideWorld.state(in: url), session: "s", actor: world.guide(2))
        }
        #expect(try await world.link(of: 1).standing.state == .connected)
        await world.close()
    }

    @Test("the first link makes an account, a second calendar joins it, a cut one goes by what the browser is known as")
    func joining() async throws {
        let world = try await GuideWorld()
        try await world.addGuide(1)
        func url() async throws -> String {
            try await world.linking.begin(world.own(1), for: GuideWorld.service, session: "s")
        }
        #expect(try await url().contains("avoid_linking=true"))
        _ = try await world.link(1)
        #expect(try await url().contains("link_token=lt_acc_1"))
        world.platform.change(1) { $0.isRevoked = true }
        try await world.settle()
        let again = try await url()
        #expect(!again.contains("link_token") && !again.contains("avoid_linking"))
        #expect(again.contains("code_challenge_method=S256") && again.contains("state="))
        await world.close()
    }
}
