import CivilTime
import Season
import Support
import Testing
import Trips

@Suite("A trip that is cancelled")
struct CancelledLetterTests {
    @Test("its crew and its guests are told once; who declined or only held seats is not", arguments: TestDatabase.kinds)
    func tells(kind: TestDatabase.Kind) async throws {
        let world = try await SeasonWorld(kind)
        let (store, service, office) = (world.store, world.service.id, Actor.person(world.owner))
        let trip = try await store.addTrip(try world.draft(day: 20), to: service, by: office).id
        _ = try await store.assign(world.guides[0], to: trip, of: service, by: office)
        let asked = try await store.assign(world.guides[1], to: trip, of: service, role: .assist, by: office)
        try await store.remove(asked.id, of: service, by: office)
        let party = try await store.hold(1, on: trip, of: service)
        _ = try await store.commit(party.id, of: service, guest: GuestDraft(email: "gina@x.example", name: "Gina"))
        _ = try await store.hold(1, on: trip, of: service)
        #expect(try await store.letters(of: service).isEmpty)
        for _ in 0..<2 { try await store.cancelTrip(trip, of: service, by: office) }
        let letters = try await store.letters(of: service)
        #expect(letters.map(\.to).sorted() == ["gina@x.example", "guide0@redrock.example"])
        #expect(letters.allSatisfy { $0.subject.hasPrefix("Cancelled") && $0.body.contains("2027-06-21") })
        await world.test.close()
    }
}
