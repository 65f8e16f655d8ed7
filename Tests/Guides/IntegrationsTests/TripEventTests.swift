import CivilTime
import CronofyWire
import StorageKit
import Support
import Testing
import Trips

@testable import Integrations

@Suite("Trips in a guide's own calendar")
struct TripEventTests {
    private func world() async throws -> (GuideWorld, AssignmentID) {
        let world = try await GuideWorld()
        try await world.addLinkedGuide(1)
        try await world.settle()
        let assignment = try await world.addTrip("trp_1", guide: 1, from: world.instant(5, 14), to: world.instant(8, 1))
        return (world, assignment)
    }

    @Test("exactly one event of each assignment, which follows it: made, moved, answered, cancelled")
    func follows() async throws {
        let (world, assignment) = try await world()
        try await world.settle()
        #expect(world.tripEvents(1).map(\.uid) == [assignment.value])
        #expect(world.tripEvents(1).map(\.start) == [world.at(5, 14)])
        // Once more, and nothing is written.
        let writes = world.platform.calls.count { $0.hasPrefix("POST /v1/calendars/") }
        try await world.change(assignment, "UPDATE trips SET seats = 7")
        try await world.settle()
        #expect(world.platform.calls.count { $0.hasPrefix("POST /v1/calendars/") } == writes)
        try await world.change(
            assignment, "UPDATE trips SET start_at = start_at + 86400, end_at = end_at + 86400")
        try await world.settle()
        #expect(world.tripEvents(1).map(\.start) == [world.at(6, 14)])
        for sql in ["UPDATE assignments SET state = 'declined'", "UPDATE assignments SET state = 'accepted'"] {
            try await world.change(assignment, sql)
            try await world.settle()
        }
        #expect(world.tripEvents(1).count == 1)
        try await world.change(assignment, "UPDATE trips SET state = 'cancelled'")
        try await world.settle()
        #expect(world.tripEvents(1).isEmpty)
        await world.close()
    }

    @Test("killed before or after any call, it ends with one event")
    func killed() async throws {
        for call in 0..<3 {
            let (world, assignment) = try await world()
            // The platform takes what is written, and this side never hears of it.
            world.platform.with { $0.forgetsAnswers = call }
            try await world.settle(rounds: 1)
            world.platform.with { $0.forgetsAnswers = nil }
            world.clock.advance(120)
            try await world.settle()
            #expect(world.tripEvents(1).map(\.uid) == [assignment.value])
            await world.close()
        }
    }

    @Test("an event of ours that comes back is an echo, and makes no row")
    func echo() async throws {
        let (world, _) = try await world()
        try await world.settle()
        for level in DetailLevel.allCases {
            try await world.choices.set(level: level, link: world.link(of: 1).id, world.own(1))
            world.clock.advance(300)
            try await world.settle()
            #expect(try await world.rows(of: 1).isEmpty)
        }
        #expect(
            try await world.database.read { try TripEventRows.openProposals(of: GuideWorld.service, in: $0) }.isEmpty)
        await world.close()
    }

    @Test("what a guide does to it is a proposal, and never a changed trip")
    func proposals() async throws {
        let (world, assignment) = try await world()
        try await world.settle()
        func open() async throws -> [TripEventProposal.Change] {
            world.clock.advance(300)
            try await world.settle()
            return try await world.database.read { try TripEventRows.openProposals(of: GuideWorld.service, in: $0) }
                .map(\.change)
        }
        func move(_ days: Int64) {
            let now = world.clock.now.seconds
            world.platform.change(1) {
                $0.entries[assignment.value]?.start = world.at(5 + days, 14)
                $0.entries[assignment.value]?.end = world.at(8 + days, 1)
                $0.entries[assignment.value]?.changed = now
            }
        }
        world.clock.advance(300)
        move(1)
        let wished = try #require(Period(from: world.instant(6, 14), to: world.instant(9, 1)))
        #expect(try await open() == [.moved(wished)])
        let start = try await world.database.read { try $0.first("SELECT start_at FROM trips") { try $0.integer(0) } }
        #expect(start == world.instant(5, 14).seconds)
        // Taken back.
        move(0)
        #expect(try await open().isEmpty)
        // Deleted; the office wants it back.
        world.platform.delete(1, assignment.value)
        #expect(try await open() == [.deleted])
        try await world.database.write { [queue = world.queue] in
            try TripEventRows.restore(assignment, of: GuideWorld.service, queue, in: $0)
        }
        try await world.settle()
        #expect(world.tripEvents(1).map(\.start) == [world.at(5, 14)])
        #expect(try await open().isEmpty)
        // Gone without a word, as after a provider's own clean-up: the complete read tells.
        world.platform.change(1) { $0.entries[assignment.value] = nil }
        try await world.database.write { try $0.execute("UPDATE calendar_links SET watermark = NULL") }
        #expect(try await open() == [.deleted])
        await world.close()
    }

    @Test("it stands in the calendar the guide chose, and moves with the choice")
    func chosen() async throws {
        let (world, assignment) = try await world()
        world.platform.change(1) {
            $0.calendars.append(.init(id: "cal_work", isPrimary: false))
            $0.calendars.append(.init(id: "cal_feed", isPrimary: false, isReadOnly: true))
        }
        world.clock.advance(300)
        try await world.settle()
        let link = try await world.link(of: 1).id
        #expect(world.tripEvents(1).map(\.calendar) == ["cal_1"])
        try await world.choices.set(eventCalendar: "cal_work", link: link, world.own(1))
        try await world.settle()
        #expect(world.tripEvents(1).map(\.calendar) == ["cal_work"])
        #expect(world.tripEvents(1).map(\.uid) == [assignment.value])
        await #expect(throws: LinkRefusal.notWritable) {
            try await world.choices.set(eventCalendar: "cal_feed", link: link, world.own(1))
        }
        await world.close()
    }

    @Test("where nothing can be written to, a calendar is made")
    func made() async throws {
        let (world, _) = try await world()
        world.platform.change(1) { $0.calendars[0].isReadOnly = true }
        world.clock.advance(300)
        try await world.database.write { try $0.execute("DELETE FROM work WHERE kind = 'guide-event'") }
        try await world.settle()
        try await world.change(AssignmentID("asg_trp_1"), "UPDATE trips SET seats = 8")
        try await world.settle()
        #expect(world.tripEvents(1).map(\.calendar) == ["cal_made_acc_1"])
        await world.close()
    }

    @Test("a guide who links later gets the trips that were accepted before")
    func later() async throws {
        let world = try await GuideWorld()
        try await world.addGuide(1)
        try await world.addTrip("trp_1", guide: 1, from: world.instant(5), to: world.instant(6))
        try await world.settle()
        _ = try await world.link(1)
        try await world.settle()
        #expect(world.tripEvents(1).count == 1)
        await world.close()
    }
}
