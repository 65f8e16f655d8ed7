import CivilTime
import Foundation
import Planning
import Season
import Staffing
import StorageKit
import Support
import Testing
import Trips

@Suite("What is listed can be had; what is not is refused with its reason")
struct PlanningTests {
    /// Seasons looked at; the long form is `make prove`'s.
    static let rounds = ProcessInfo.processInfo.environment["ANCHORPOINT_PROVE"] == nil ? 4 : 60

    @Test("every guide that 'who can run this?' names can be assigned, every other is refused with its reasons")
    func listed() async throws {
        var (assigned, refused) = (0, 0)
        for round in 0..<Self.rounds {
            let world = try await SeasonWorld(.sqlite, guides: 6)
            let desk = try await filled(world, seed: UInt64(round))
            let all = try #require(Period(from: world.clock.now, to: Instant(seconds: 4_000_000_000)))
            for stored in try await world.store.trips(of: world.service.id, in: all) {
                let answer = try await desk.whoCanRun(stored.trip.id, of: world.service.id)
                let needs = answer.needs
                for guide in world.guides {
                    let able = answer.able.first { $0.guide == guide }
                    // Asked and taken back, so that each guide meets the same season.
                    for (place, need) in needs.enumerated() where need.role == .lead {
                        do {
                            let made = try await desk.assign(
                                guide, to: stored.trip.id, of: world.service.id, role: need.role,
                                by: .person(world.owner))
                            #expect(able?.needs.contains(place) == true, "seed \(round): \(guide) was not listed")
                            try await world.store.remove(made.id, of: world.service.id, by: .person(world.owner))
                            assigned += 1
                        } catch PlanningError.obstacles(_, let obstacles) {
                            let told = answer.unable.first { $0.guide == guide }?.obstacles[place] ?? []
                            // Whoever is on the trip already is asked about as if they were not.
                            let isOn = obstacles.contains { $0.code == "already-on-trip" }
                            #expect(isOn || able?.needs.contains(place) != true, "seed \(round): \(obstacles)")
                            #expect(isOn || Set(obstacles.map(\.code)) == Set(told.map(\.code)), "seed \(round)")
                            refused += 1
                        }
                    }
                }
            }
            await world.test.close()
        }
        #expect(assigned > 10 && refused > 10)
        print("planning: \(assigned) listed places taken, \(refused) refused with the reasons that were told")
    }

    @Test("every date a guest is shown opens, and no other does", arguments: TestDatabase.kinds)
    func dates(kind: TestDatabase.Kind) async throws {
        let world = try await SeasonWorld(kind, guides: 2)
        let desk = try await filled(world, seed: 99)
        var draft = try world.draft(day: 0, days: 3)
        draft.needs = [CrewNeed(role: .lead, count: 1, qualifications: ["wfr"])]
        let service = world.service.id
        let template = try await world.store.addTemplate(draft, to: service, by: .person(world.owner))
        let first = try #require(CivilDate(year: 2027, month: 6, day: 1))
        let last = try #require(first.adding(days: 29))
        let shown = Set(
            try await desk.guestDates(template, guests: 2, from: first, through: last).filter { $0.kind == .new }
                .map(\.departure.span.firstDay))
        var opened = Set<CivilDate>()
        for offset in 0..<30 {
            guard let day = first.adding(days: offset) else { continue }
            do {
                let party = try await desk.holdDeparture(TripDraft(template, on: day), size: 2, of: service)
                try await world.store.cancelParty(party.id, of: service, by: .guest(party.id))
                opened.insert(day)
            } catch PlanningError.noCrew {}
        }
        #expect(shown == opened)
        #expect(!shown.isEmpty && shown.count < 30)
        await world.test.close()
    }

    @Test(
        "two trips that lie too near are not both given to a guide, however fast they are asked for",
        arguments: TestDatabase.kinds)
    func turnaround(kind: TestDatabase.Kind) async throws {
        let world = try await SeasonWorld(kind, guides: 1)
        let (desk, service) = (try world.desk(), world.service.id)
        var (early, late) = (try world.draft(day: 3), try world.draft(day: 3))
        early.timing = .singleDay(early.timing.firstDay, startSecond: 8 * 3600, minutes: 240)
        late.timing = .singleDay(early.timing.firstDay, startSecond: 12 * 3600 + 600, minutes: 240)
        let trips = [
            try await world.store.addTrip(early, to: service, by: .system("test")).id,
            try await world.store.addTrip(late, to: service, by: .system("test")).id,
        ]
        let won = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<40 {
                group.addTask {
                    do {
                        _ = try await desk.assign(
                            world.guides[0], to: trips[index % 2], of: service, by: .system("test"))
                        return true
                    } catch { return false }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(won == 1)
        let override = Assignment.Override(by: world.owner, reason: "the second is next door")
        let taken = try await world.store.crew(of: trips[0], in: service).contains { $0.state.holdsTime }
        _ = try await desk.assign(
            world.guides[0], to: trips[taken ? 1 : 0], of: service, override: override, by: .person(world.owner))
        await world.test.close()
    }

    /// Trips, blocks by hand and certificates at random.
    private func filled(_ world: SeasonWorld, seed: UInt64) async throws -> PlanningDesk {
        var random = SplitMix(seed: seed)
        let (store, service, office) = (world.store, world.service.id, Actor.person(world.owner))
        let first = try #require(CivilDate(year: 2027, month: 6, day: 1))
        for (index, guide) in world.guides.enumerated() {
            var held = [Qualification(kind: "raft-4")]
            if index != 3 {
                held.append(
                    Qualification(
                        kind: "wfr", validThrough: first.adding(days: Int.random(in: 5...60, using: &random))))
            }
            try await store.setQualifications(held, of: guide)
            for _ in 0..<3 {
                let start = SeasonWorld.start + Int64.random(in: 0..<70, using: &random) * 86_400
                let end = start + Int64.random(in: 1...5, using: &random) * 43_200
                guard let period = Period(from: Instant(seconds: start), to: Instant(seconds: end)) else { continue }
                _ = try await store.addManualRow(period, of: guide)
            }
        }
        let desk = try world.desk()
        for _ in 0..<8 {
            var draft = try world.draft(
                day: Int.random(in: 0..<30, using: &random), days: [1, 2, 5].randomElement(using: &random) ?? 1)
            draft.needs = [
                CrewNeed(role: .lead, count: 1, qualifications: Bool.random(using: &random) ? ["wfr"] : [])
            ]
            let trip = try await store.addTrip(draft, to: service, by: office)
            guard let guide = world.guides.randomElement(using: &random), Bool.random(using: &random) else { continue }
            do { _ = try await desk.assign(guide, to: trip.id, of: service, by: office) } catch is PlanningError {}
        }
        return desk
    }
}
