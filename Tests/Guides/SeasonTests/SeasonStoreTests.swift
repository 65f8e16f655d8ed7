import CivilTime
import Season
import StorageKit
import Support
import Testing
import Trips

@Suite("A season's store")
struct SeasonStoreTests {
    @Test("a trip keeps the price it was made with; templates of one name get a number", arguments: TestDatabase.kinds)
    func snapshot(kind: TestDatabase.Kind) async throws {
        let world = try await SeasonWorld(kind)
        let (store, service, office) = (world.store, world.service.id, Actor.person(world.owner))
        var draft = try world.draft(day: 0, days: 3)
        draft.price = Price(amount: 45_000, deposit: 10_000, currency: "USD")
        draft.needs = [CrewNeed(role: .lead, count: 1, qualifications: ["wfr", "raft-4"])]
        let template = try await store.addTemplate(draft, to: service, by: office)
        let day = try #require(CivilDate(year: 2027, month: 7, day: 1))
        let trip = try await store.addTrip(TripDraft(template, on: day), to: service, by: office)
        try await store.removeTemplate(template.id, of: service, by: office)
        draft.price?.amount = 60_000
        _ = try await store.addTemplate(draft, to: service, by: office)
        #expect(try await store.addTemplate(draft, to: service, by: office).title == "Canyon float (2)")
        let kept = try #require(try await store.trip(trip.id, of: service)?.trip)
        #expect(kept == trip)
        #expect(kept.price?.amount == 45_000 && kept.needs == draft.needs)
        #expect(try await store.templates(of: service).map(\.price?.amount) == [60_000, 60_000])
        await world.test.close()
    }

    @Test("whoever is made inactive loses what is to come, and keeps what was", arguments: TestDatabase.kinds)
    func inactive(kind: TestDatabase.Kind) async throws {
        let world = try await SeasonWorld(kind)
        let (store, service, office) = (world.store, world.service.id, Actor.person(world.owner))
        let past = try await store.addTrip(try world.draft(day: -60), to: service, by: office)
        let coming = try await store.addTrip(try world.draft(day: 4), to: service, by: office)
        for trip in [past, coming] { _ = try await store.assign(world.guides[0], to: trip.id, of: service, by: office) }
        try await store.setMember(world.guides[0], of: service, roles: [.guide], isActive: false, by: office)
        #expect(try await store.crew(of: past.id, in: service).map(\.state) == [.accepted])
        #expect(try await store.crew(of: coming.id, in: service).map(\.state) == [.cancelled])
        await #expect(throws: SeasonError.notFound) {
            _ = try await store.assign(world.guides[0], to: coming.id, of: service, by: office)
        }
        await world.test.close()
    }

    @Test("an asked guide answers until the deadline, and nobody else does")
    func asking() async throws {
        let world = try await SeasonWorld(.sqlite)
        let (store, service, office) = (world.store, world.service.id, Actor.person(world.owner))
        let trip = try await store.addTrip(try world.draft(day: 20), to: service, by: office)
        let asked = try await store.assign(world.guides[0], to: trip.id, of: service, asks: true, by: office)
        await #expect(throws: SeasonError.notFound) {
            try await store.answer(asked.id, of: service, accepts: true, by: world.guides[1])
        }
        world.clock.advance(48 * 3600)
        await #expect(throws: SeasonError.tooLate("this is not asked any more")) {
            try await store.answer(asked.id, of: service, accepts: true, by: world.guides[0])
        }
        #expect(try await store.sweep().flatMap(\.unanswered).map(\.id) == [asked.id])
        #expect(try await store.crew(of: trip.id, in: service).map(\.state) == [.expired])
        await world.test.close()
    }

    @Test("a hold that runs out gives back its seats, its departure and its guide's time")
    func hold() async throws {
        let world = try await SeasonWorld(.sqlite, guides: 1)
        let (store, service) = (world.store, world.service.id)
        let party = try await store.holdDeparture(
            try world.draft(day: 9), crew: [(world.guides[0], .lead)], size: 3, of: service)
        let whole = try #require(Period(from: world.clock.now, to: Instant(seconds: 4_000_000_000)))
        #expect(try await store.trips(of: service, in: whole).map(\.trip.state) == [.held])
        world.clock.advance(899)
        try await store.extendHold(party.id, of: service)
        world.clock.advance(900)
        _ = try await store.sweep()
        #expect(try await store.trips(of: service, in: whole).isEmpty)
        await #expect(throws: SeasonError.tooLate("the seats are not held any more")) {
            _ = try await store.commit(party.id, of: service, guest: GuestDraft(email: "g@x.example", name: "G"))
        }
        let again = try await store.holdDeparture(
            try world.draft(day: 9), crew: [(world.guides[0], .lead)], size: 3, of: service)
        let link = try await store.commit(again.id, of: service, guest: GuestDraft(email: "g@x.example", name: "G"))
        #expect(try await store.party(link: link)?.party == again.id)
        #expect(try await store.trips(of: service, in: whole).map(\.trip.state) == [.open])
        await world.test.close()
    }

    @Test("rows by hand are the guide's own to write")
    func manual() async throws {
        let world = try await SeasonWorld(.sqlite)
        let store = world.store
        let period = try #require(Period(from: world.clock.now, to: Instant(seconds: world.clock.now.seconds + 3600)))
        var row = try await store.addManualRow(period, note: "river trip of my own", of: world.guides[0])
        row.note = "changed"
        await #expect(throws: SeasonError.notFound) { try await store.updateManualRow(row, of: world.guides[1]) }
        try await store.updateManualRow(row, of: world.guides[0])
        #expect(try await store.manualRows(of: world.guides[0], in: period) == [row])
        await #expect(throws: SeasonError.notFound) { try await store.removeManualRow(row.id, of: world.guides[1]) }
        try await store.removeManualRow(row.id, of: world.guides[0])
        #expect(try await store.manualRows(of: world.guides[0], in: period).isEmpty)
        await world.test.close()
    }
}
