import CivilTime
import CronofyClient
import Integrations
import Planning
import Sealing
import Season
import Staffing
import StorageKit
import Support
import Testing
import Trips

@Suite("What is kept of guides is what is there")
struct KeptPictureTests {
    @Test(
        "after every kind of change a desk that kept guides knows what a new one reads", arguments: TestDatabase.kinds)
    func changes(kind: TestDatabase.Kind) async throws {
        let world = try await SeasonWorld(kind, guides: 5)
        let kept = try world.desk()
        var random = SplitMix(seed: 3)
        let window = try #require(
            Period(from: world.clock.now, to: Instant(seconds: SeasonWorld.start + 90 * 86_400)))
        var (trips, seen) = ([TripID](), Set<StaffingPicture>())
        for step in 0..<120 {
            try await change(world, &trips, step, &random)
            let (old, new) = (
                try await kept.picture(of: world.service.id, in: window, for: .browse),
                try await world.desk().picture(of: world.service.id, in: window, for: .browse)
            )
            #expect(old.staffing == new.staffing, "step \(step)")
            #expect(old.standings == new.standings, "step \(step)")
            seen.insert(new.staffing)
        }
        // The control: there was something to notice.
        #expect(seen.count > 60)
        await world.test.close()
    }

    private func change(
        _ world: SeasonWorld, _ trips: inout [TripID], _ step: Int, _ random: inout SplitMix
    ) async throws {
        let (store, service, office) = (world.store, world.service.id, Actor.person(world.owner))
        let guide = try #require(world.guides.randomElement(using: &random))
        let start = SeasonWorld.start + Int64.random(in: 0..<80, using: &random) * 86_400
        switch step % 10 {
        case 0:
            trips.append(
                try await store.addTrip(
                    try world.draft(day: Int.random(in: 0..<60, using: &random), days: 2), to: service, by: office
                ).id)
        case 1, 2:
            guard let trip = trips.randomElement(using: &random) else { return }
            do { _ = try await world.desk().assign(guide, to: trip, of: service, by: office) } catch is PlanningError {
            } catch is SeasonError {}
        case 3:
            let period = try #require(Period(from: Instant(seconds: start), to: Instant(seconds: start + 40_000)))
            _ = try await store.addManualRow(period, isAvailable: Bool.random(using: &random), of: guide)
        case 4:
            try await store.setQualifications([Qualification(kind: "wfr-\(step)")], of: guide)
        case 5:
            try await store.setMember(
                guide, of: service, roles: [.guide], isActive: Bool.random(using: &random), by: office)
        case 6:
            var changed = world.service
            changed.policy.restDays = step % 3
            try await store.update(changed, by: office)
        case 7:
            guard let trip = trips.randomElement(using: &random) else { return }
            let day = try #require(
                CivilDate(year: 2027, month: 6, day: 1)?.adding(days: Int.random(in: 0..<60, using: &random)))
            do {
                try await store.moveTrip(
                    trip, of: service, to: .multiDay(day, startSecond: 28_800, days: 2, endSecond: 61_200), by: office)
            } catch SeasonError.taken {}
        case 8:
            // As a reader of calendars and a guide's page write them.
            try await world.test.database.write { session in
                try session.execute(
                    """
                    INSERT INTO seasons (person_id, first_day, last_day, is_available) VALUES (?, ?, ?, 0)
                    ON CONFLICT (person_id, first_day) DO NOTHING
                    """, [.text(guide.value), .integer(start / 86_400), .integer(start / 86_400 + 3)])
            }
        default:
            guard
                let row = try await store.manualRows(
                    of: guide,
                    in: try #require(Period(from: world.clock.now, to: Instant(seconds: SeasonWorld.start + 8_000_000)))
                ).first
            else { return }
            try await store.removeManualRow(row.id, of: guide)
        }
    }

    @Test(
        "a change of one guide's rows is counted once or more, and nobody else's number moves",
        arguments: TestDatabase.kinds)
    func counted(kind: TestDatabase.Kind) async throws {
        let world = try await SeasonWorld(kind, guides: 2)
        let before = try await world.store.versions(of: world.service.id)
        let period = try #require(
            Period(from: world.clock.now, to: Instant(seconds: SeasonWorld.start + 3600)))
        let row = try await world.store.addManualRow(period, of: world.guides[0])
        let between = try await world.store.versions(of: world.service.id)
        try await world.store.removeManualRow(row.id, of: world.guides[0])
        let after = try await world.store.versions(of: world.service.id)
        let numbers = [before, between, after].map { $0.guides[world.guides[0]] ?? 0 }
        #expect(numbers[0] < numbers[1] && numbers[1] < numbers[2])
        #expect(before.guides[world.guides[1]] == after.guides[world.guides[1]])
        #expect(Set([before, between, after].map(\.stamp)).count == 3)
        await world.test.close()
    }
}

extension SeasonWorld {
    /// A desk that keeps nothing yet, on a platform that is not asked.
    func desk() throws -> PlanningDesk {
        let (database, clock) = (test.database, clock)
        let key = try #require(SealingKey(bytes: [UInt8](repeating: 7, count: 32)))
        let calls = LinkCalls(
            links: LinkStore(database: database, key: key) { clock.now },
            backends: BackendDirectory(store: BackendStore(database: database, key: key) { clock.now }) { _ in
                HTTPTransport()
            })
        return PlanningDesk(season: store, time: GuideTime(calls: calls, zones: .system) { _ in })
    }
}
