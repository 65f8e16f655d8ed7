import CivilTime
import Sealing
import Season
import StorageKit
import Support
import Testing
import Trips

@testable import Integrations

@Suite("A calendar that is cut off is told")
struct CutLetterTests {
    private func letters(_ world: GuideWorld) throws -> (tell: CutLetters, store: SeasonStore) {
        let clock = world.clock
        let store = SeasonStore(
            database: world.database, queue: world.queue,
            key: try #require(SealingKey(bytes: [UInt8](repeating: 7, count: 32))), now: { clock.now })
        return (CutLetters(links: world.calls.links, box: store.letterBox, calendarsPage: "https://g.example/c"), store)
    }

    @Test(
        "to the guide and the office within 5 minutes, with the cause and the trips at risk, once",
        arguments: TestDatabase.kinds)
    func told(kind: TestDatabase.Kind) async throws {
        let world = try await GuideWorld(kind)
        let (tell, store) = try letters(world)
        for number in 1...2 { try await world.addLinkedGuide(number) }
        _ = try await world.addTrip("trp_1", guide: 1, from: world.instant(6), to: world.instant(7))
        try await world.settle()
        #expect(try await tell.tell() == 0)
        // The guide takes the grant away at the platform; nobody tells us.
        let begin = world.clock.now.seconds
        world.platform.change(1) { $0.isRevoked = true }
        var told = 0
        while told == 0 && world.clock.now.seconds < begin + 3_600 {
            world.clock.advance(30)
            try await world.settle(rounds: 3)
            told = try await tell.tell()
        }
        #expect(world.clock.now.seconds - begin <= 300, "\(world.clock.now.seconds - begin) s")
        #expect(told == 2)
        let written = try await store.letters()
        let toGuide = try #require(written.first { $0.to == "per_1@example.com" })
        let toOffice = try #require(written.first { $0.to == "o@example.com" })
        for letter in [toGuide, toOffice] {
            #expect(letter.body.contains(LinkStanding.Cause.revoked.sentence) && letter.body.contains("Float"))
        }
        #expect(toOffice.service == GuideWorld.service && toGuide.service == nil)
        // Again and again, by two at once: told already.
        async let one = tell.tell()
        async let other = tell.tell()
        let more = try await one + other
        #expect(more == 0)
        world.clock.advance(86_400)
        #expect(try await tell.tell() == 0)
        await world.close()
    }
}
