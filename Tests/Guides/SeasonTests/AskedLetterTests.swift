import CivilTime
import Season
import Support
import Testing
import Trips

@Suite("Questions to guides")
struct AskedLetterTests {
    @Test("the guide is told, and where no answer comes in time the office is, once", arguments: TestDatabase.kinds)
    func escalates(kind: TestDatabase.Kind) async throws {
        let world = try await SeasonWorld(kind)
        let trip = try await world.store.addTrip(
            try world.draft(day: 20), to: world.service.id, by: .person(world.owner)
        ).id
        for (index, guide) in world.guides.prefix(2).enumerated() {
            let asked = try await world.store.assign(
                guide, to: trip, of: world.service.id, role: index == 0 ? .lead : .assist, asks: true,
                by: .person(world.owner))
            if index == 1 {
                try await world.store.answer(asked.id, of: world.service.id, accepts: true, by: guide)
            }
        }
        let asked = try await world.store.letters(of: world.service.id)
        #expect(Set(asked.map(\.to)) == ["guide0@redrock.example", "guide1@redrock.example"])
        #expect(asked.allSatisfy { $0.body.contains("2027-06-21") && $0.body.contains("America/Denver") })
        world.clock.advance(48 * 3_600 - 1)
        _ = try await world.store.sweep()
        #expect(try await world.store.letters(of: world.service.id).count == 2)
        world.clock.advance(1)
        for _ in 0..<3 { _ = try await world.store.sweep() }
        let told = try await world.store.letters(of: world.service.id).filter { $0.to == "office@redrock.example" }
        #expect(told.count == 1)
        #expect(told.first?.body.contains("Guide 0 did not answer") == true)
        await world.test.close()
    }
}
