import CivilTime
import CronofyClient
import Sealing
import StorageKit
import Support
import Testing
import Trips

@testable import Integrations

@Suite("Where a service's calendars come from")
struct BackendTests {
    @Test(
        "a service that is pinned to a region refuses the hosted service in another, in words",
        arguments: [
            ("de", "us", false), ("de", "de", true), ("DE", "de", true), (nil, "us", true), ("us", "uk", false),
        ])
    func regions(pinned: String?, offered: String, isGood: Bool) {
        let backend = CalendarBackend(id: BackendID("b"), kind: .hosted(region: offered), clientID: "c")
        if isGood {
            #expect(throws: Never.self) { try RegionRule.check(backend, for: pinned) }
        } else {
            let mismatch = #expect(throws: RegionRule.Mismatch.self) { try RegionRule.check(backend, for: pinned) }
            #expect(mismatch?.description.contains((pinned ?? "").uppercased()) == true)
            #expect(mismatch?.description.contains(offered.uppercased()) == true)
        }
        // A server of one's own is where its operator says.
        let own = CalendarBackend(id: BackendID("b"), kind: .builtIn(publicURL: "http://a"), clientID: "c")
        #expect(throws: Never.self) { try RegionRule.check(own, for: pinned) }
    }

    @Test("hosted backends have the addresses of their data center, and there are six")
    func addresses() {
        for region in ["us", "uk", "de", "au", "ca", "sg"] {
            let backend = CalendarBackend(id: BackendID("b"), kind: .hosted(region: region), clientID: "c")
            let suffix = region == "us" ? "" : "-\(region)"
            #expect(backend.dataCenter?.apiURL == "https://api\(suffix).cronofy.com")
            #expect(backend.region == region)
        }
        #expect(CalendarBackend(id: BackendID("b"), kind: .hosted(region: "fr"), clientID: "c").dataCenter == nil)
    }

    @Test("nobody of a pinned service is sent to another region")
    func pinned() async throws {
        let world = try await GuideWorld()
        let hosted = try await world.backends.add(
            .hosted(region: "us"), clientID: "c", clientSecret: Secret("s"))
        let service = ServiceID("svc_eu")
        try await world.addService(service, region: "de", backend: hosted.id)
        try await world.addGuide(1, to: service)
        await #expect(throws: LinkRefusal.region(.init(pinned: "de", offered: "us"))) {
            try await world.linking.begin(world.own(1), for: service, session: "s")
        }
        #expect(world.platform.calls.isEmpty)
        await #expect(throws: BackendFault.noSuchRegion) {
            try await world.backends.add(.hosted(region: "fr"), clientID: "c", clientSecret: Secret("s"))
        }
        await #expect(throws: RegionRule.Mismatch.self) { try await world.switching.plan(service, to: hosted.id) }
        await world.close()
    }

    @Test("secrets of backends are sealed")
    func sealed() async throws {
        let world = try await GuideWorld()
        let stored = try await world.database.read { session in
            try session.all("SELECT client_secret FROM backends") { String(decoding: try $0.blob(0), as: UTF8.self) }
        }
        #expect(stored.count == 1 && !stored[0].contains(StandInPlatform.secret))
        await world.close()
    }

    @Test(
        "a switch does what its plan showed: links end, manual rows, trips and assignments stay",
        arguments: TestDatabase.kinds)
    func switching(kind: TestDatabase.Kind) async throws {
        let world = try await GuideWorld(kind)
        let (owner, other) = (PersonID("per_9"), ServiceID("svc_2"))
        for number in 1...3 { try await world.addLinkedGuide(number) }
        try await world.addGuide(4)
        // Guide 3 guides for somebody else too, who stays with this backend.
        try await world.addService(other)
        try await world.addGuide(3, to: other)
        for number in 1...3 { world.platform.put(number, "evt", world.at(2), world.at(3)) }
        try await world.addTrip("trp_1", guide: 1, from: world.instant(5), to: world.instant(6))
        try await world.addRow(2, source: "manual", from: world.instant(8), to: world.instant(9))
        try await world.settle()
        let target = try await world.backends.add(
            .server(apiURL: "https://other.example.com", appURL: "https://other.example.com"), clientID: "c",
            clientSecret: Secret("s"))
        let plan = try await world.switching.plan(GuideWorld.service, to: target.id)
        #expect(plan.from == world.backend.id && plan.to == target.id)
        #expect(plan.mustLinkAgain == [1, 2, 3].map(world.guide))
        #expect(plan.endingLinks.count == 2 && plan.rowsThatGo == 2 && plan.rowsThatStay == 2)
        #expect(plan.tripEvents == 1)
        // Shown, nothing happened yet.
        #expect(try await world.rows(of: 1).count == 1)
        // Something changed since: the new plan has to be shown.
        try await world.addRow(2, source: "manual", from: world.instant(10), to: world.instant(11))
        await #expect(throws: SwitchFault.changedMeanwhile) { try await world.switching.perform(plan, by: owner) }
        try await world.switching.perform(world.switching.plan(GuideWorld.service, to: target.id), by: owner)
        try await world.settle()
        #expect(try await world.rows(of: 1).isEmpty)
        #expect(try await world.rows(of: 3).count == 1)
        #expect(try await world.rows(of: 2, source: "manual").count == 2)
        #expect(try await world.rows(of: 1, source: "assignment").count == 1)
        #expect(world.platform.with { $0.revoked.sorted() } == ["acc_1", "acc_2"])
        // And back again: the overrides are still there, and the guides link.
        try await world.switching.perform(world.switching.plan(GuideWorld.service, to: world.backend.id), by: owner)
        for number in 1...2 { _ = try await world.link(number) }
        try await world.settle()
        #expect(try await world.rows(of: 1).count == 1)
        #expect(try await world.rows(of: 2, source: "manual").count == 2)
        #expect(world.tripEvents(1).count == 1)
        await world.close()
    }
}
