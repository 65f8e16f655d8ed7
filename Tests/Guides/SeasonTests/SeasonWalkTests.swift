import CivilTime
import Foundation
import StorageKit
import Support
import Testing
import Trips

@testable import Season

@Suite("A season at random")
struct SeasonWalkTests {
    /// Steps of the walk; the long form is `make prove`'s.
    static let steps = ProcessInfo.processInfo.environment["ANCHORPOINT_PROVE"] == nil ? 600 : 100_000

    @Test(
        "holds, extensions, bookings, cancellations, moves and time leave no overlap, no orphan, and an audit that replays",
        arguments: TestDatabase.kinds)
    func walk(kind: TestDatabase.Kind) async throws {
        let world = try await SeasonWorld(kind, guides: 5)
        var walk = SeasonWalk(world: world, random: SplitMix(seed: 42))
        for step in 0..<Self.steps {
            try await walk.step()
            if step % max(Self.steps / 10, 1) == 0 { try await check(world) }
        }
        world.clock.advance(4000)
        _ = try await world.store.expireAsked(of: world.service.id)
        try await check(world)
        #expect(walk.done.count >= 10, "the walk went through \(walk.done)")
        print("season walk on \(kind.rawValue): \(Self.steps) steps, \(walk.done.sorted { $0.key < $1.key })")
        await world.test.close()
    }

    @Test("the check sees what was changed beside the audit, and an overlap")
    func control() async throws {
        let world = try await SeasonWorld(.sqlite, guides: 1)
        let trip = try await world.store.addTrip(try world.draft(day: 1), to: world.service.id, by: .system("test"))
        _ = try await world.store.assign(world.guides[0], to: trip.id, of: world.service.id, by: .system("test"))
        #expect(try await SeasonFaults.find(in: world).isEmpty)
        try await world.test.database.write { try $0.execute("UPDATE assignments SET state = 'declined'") }
        #expect(try await SeasonFaults.find(in: world).count == 3)
        await world.test.close()
    }

    private func check(_ world: SeasonWorld) async throws {
        let faults = try await SeasonFaults.find(in: world)
        #expect(faults.isEmpty, "\(faults.prefix(5))")
    }
}

/// What must never be, looked for in the tables.
enum SeasonFaults {
    static func find(in world: SeasonWorld) async throws -> [String] {
        var replay = AuditReplay()
        var (last, faults) = (Int64(0), [String]())
        while true {
            let entries = try await world.store.audit(of: world.service.id, after: last)
            for entry in entries {
                if entry.number != last + 1 { faults.append("audit jumps from \(last) to \(entry.number)") }
                replay.apply(entry.change)
                last = entry.number
            }
            if entries.isEmpty { break }
        }
        let told = replay
        return faults
            + (try await world.test.database.read { session in
                try orphans(session) + overlaps(session) + seats(session) + differences(session, told)
            })
    }

    private static func overlaps(_ session: any ReadSession) throws -> [String] {
        try session.all(
            """
            SELECT a.commitment_id FROM commitments a JOIN commitments b ON a.subject = b.subject
                AND a.commitment_id < b.commitment_id AND a.start_at < b.end_at AND b.start_at < a.end_at
            WHERE a.overridden = 0 AND b.overridden = 0
            """
        ) { "overlap at \(try $0.text(0))" }
    }

    /// Time that is taken by no assignment, assignments that take none, rows of either that the other lacks.
    private static func orphans(_ session: any ReadSession) throws -> [String] {
        let held = Set(
            try session.all("SELECT assignment_id FROM assignments WHERE state IN ('asked', 'accepted')") {
                try $0.text(0)
            })
        let taken = Set(try session.all("SELECT commitment_id FROM commitments") { try $0.text(0) })
        let rows = Set(
            try session.all("SELECT row_id FROM guide_availability WHERE source = 'assignment'") { try $0.text(0) })
        return held.symmetricDifference(taken).map { "assignment without its time, or time without: \($0)" }
            + held.symmetricDifference(rows).map { "assignment without its row, or row without: \($0)" }
    }

    private static func seats(_ session: any ReadSession) throws -> [String] {
        try session.all(
            """
            SELECT t.trip_id FROM trips t WHERE t.seats_taken <> COALESCE((
                SELECT SUM(p.size) FROM parties p WHERE p.service_id = t.service_id AND p.trip_id = t.trip_id
                    AND p.state IN ('held', 'requested', 'booked')), 0)
            """
        ) { "seats of \(try $0.text(0)) do not add up" }
    }

    private static func differences(_ session: any ReadSession, _ told: AuditReplay) throws -> [String] {
        var faults: [String] = []
        var trips: [String: AuditReplay.Trip] = [:]
        try session.forEach("SELECT trip_id, start_at, end_at, seats, state FROM trips", []) { row in
            trips[try row.text(0)] = .init(
                start: try row.integer(1), end: try row.integer(2), seats: try row.integer(3), state: try row.text(4))
        }
        if trips != told.trips { faults.append("trips differ from the audit") }
        var parties: [String: AuditReplay.Party] = [:]
        try session.forEach("SELECT party_id, trip_id, state, size, held_until FROM parties", []) { row in
            parties[try row.text(0)] = .init(
                trip: try row.text(1), state: try row.text(2), size: try row.integer(3),
                until: try row.optionalInteger(4))
        }
        if parties != told.parties { faults.append("parties differ from the audit") }
        try session.forEach("SELECT assignment_id, state FROM assignments", []) { row in
            let id = try row.text(0)
            if try row.text(1) != told.assignments[id]?.state {
                faults.append("assignment \(id) differs from the audit")
            }
        }
        return faults
    }
}
