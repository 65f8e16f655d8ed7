import CivilTime
import PostgreSQL
import Season
import StorageKit
import Support
import Testing
import Trips

@Suite("Two hundred at once")
struct RaceTests {
    /// How many of 200 parallel tries succeed, and how many are refused as `error`; anything else fails the test.
    private func race(
        refused error: SeasonError, _ attempt: @escaping @Sendable (Int) async throws -> Void
    ) async throws -> (won: Int, refused: Int) {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<200 {
                group.addTask {
                    do {
                        try await attempt(index)
                        return true
                    } catch let found as SeasonError where found == error { return false }
                }
            }
            var (won, refused) = (0, 0)
            for try await success in group { if success { won += 1 } else { refused += 1 } }
            return (won, refused)
        }
    }

    /// Stores of the servers that share the world's database: one, or two where the database allows it.
    private func servers(of world: SeasonWorld) async throws -> [SeasonStore] {
        guard let url = world.test.url else { return [world.store] }
        let other = try await PostgreSQLDatabase.open(url: url)
        return [world.store, try SeasonWorld.store(on: other, clock: world.clock)]
    }

    @Test("one guide: one assignment stands, the others find the time taken", arguments: TestDatabase.kinds)
    func guide(kind: TestDatabase.Kind) async throws {
        let world = try await SeasonWorld(kind, guides: 1)
        let (service, guide, stores) = (world.service.id, world.guides[0], try await servers(of: world))
        var trips: [TripID] = []
        for _ in 0..<200 {
            trips.append(
                try await world.store.addTrip(try world.draft(day: 3), to: service, by: .person(world.owner)).id)
        }
        let asked = trips
        let result = try await race(refused: .taken) { index in
            _ = try await stores[index % stores.count].assign(
                guide, to: asked[index], of: service, by: .person(world.owner))
        }
        #expect(result == (1, 199))
        await world.test.close()
    }

    @Test("two services that share a guide: one of them has the day", arguments: TestDatabase.kinds)
    func services(kind: TestDatabase.Kind) async throws {
        let world = try await SeasonWorld(kind, guides: 1)
        let other = try await world.store.createService(
            name: "Blue Mesa", slug: "blue-mesa", contactEmail: "office@mesa.example", zone: world.service.zone)
        try await world.store.setMember(world.guides[0], of: other.id, roles: [.guide], by: .system("test"))
        let (ids, guide, stores) = ([world.service.id, other.id], world.guides[0], try await servers(of: world))
        var trips: [TripID] = []
        for index in 0..<200 {
            let draft = try world.draft(day: 3)
            trips.append(try await world.store.addTrip(draft, to: ids[index % 2], by: .system("test")).id)
        }
        let asked = trips
        let result = try await race(refused: .taken) { index in
            _ = try await stores[index % stores.count].assign(
                guide, to: asked[index], of: ids[index % 2], by: .system("test"))
        }
        #expect(result == (1, 199))
        await world.test.close()
    }

    @Test("the last seat: one party holds it, the others find none", arguments: TestDatabase.kinds)
    func seat(kind: TestDatabase.Kind) async throws {
        let world = try await SeasonWorld(kind)
        let (service, stores) = (world.service.id, try await servers(of: world))
        let trip = try await world.store.addTrip(try world.draft(day: 3, seats: 1), to: service, by: .system("test")).id
        let result = try await race(refused: .noSeats) { index in
            let store = stores[index % stores.count]
            let party = try await store.hold(1, on: trip, of: service)
            _ = try await store.commit(
                party.id, of: service, guest: GuestDraft(email: "g\(index)@x.example", name: "G"))
        }
        #expect(result == (1, 199))
        #expect(try await world.store.trip(trip, of: service)?.seatsLeft == 0)
        await world.test.close()
    }

    @Test("a departure that two hundred guests open: its only guide goes once", arguments: TestDatabase.kinds)
    func departure(kind: TestDatabase.Kind) async throws {
        let world = try await SeasonWorld(kind, guides: 1)
        let (service, guide, stores) = (world.service.id, world.guides[0], try await servers(of: world))
        let draft = try world.draft(day: 3, days: 3)
        let result = try await race(refused: .taken) { index in
            _ = try await stores[index % stores.count].holdDeparture(
                draft, crew: [(guide, .lead)], size: 2, of: service)
        }
        #expect(result == (1, 199))
        // Whoever lost left nothing behind.
        let found = try await world.store.trips(
            of: service, in: try #require(Period(from: world.clock.now, to: Instant(seconds: 4_000_000_000))))
        #expect(found.count == 1)
        await world.test.close()
    }
}
