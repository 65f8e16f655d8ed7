import CivilTime
import StorageKit
import Support
import Testing
import Trips

@testable import Integrations

@Suite("The platform is away")
struct OutageTests {
    @Test(
        "for 24 hours rows answer with their age, the queue grows once for each key, and all converges by itself",
        arguments: TestDatabase.kinds)
    func day(kind: TestDatabase.Kind) async throws {
        let world = try await GuideWorld(kind)
        for number in 1...5 {
            try await world.addLinkedGuide(number)
            world.platform.put(number, "evt_0", world.at(3), world.at(4))
        }
        try await world.settle()
        world.platform.with { $0.isAway = true }
        let assignment = try await world.addTrip("trp_1", guide: 1, from: world.instant(6), to: world.instant(7))
        for hour in 1...24 {
            world.clock.advance(3_600)
            // Life goes on there and here.
            world.platform.put(1 + hour % 5, "evt_\(hour)", world.at(Int64(hour + 10)), world.at(Int64(hour + 11)))
            try await world.change(
                assignment, "UPDATE trips SET start_at = start_at + 60, end_at = end_at + 60")
            try await world.settle(rounds: 3)
            let answer = try await world.busy(1, .browse)
            #expect(answer.busy.contains { $0.period.start == world.instant(3) })
            let age = try #require(answer.standing.age(now: world.clock.now))
            #expect(answer.standing.source == .rows && (Int64(hour) * 3_600 - 300...Int64(hour) * 3_600).contains(age))
            let waiting = try await world.database.read {
                try $0.first("SELECT count(*) FROM work WHERE kind IN ('guide-read', 'guide-event')") {
                    try $0.integer(0)
                }
            }
            #expect(waiting == 6)
        }
        #expect(try await world.link(of: 1).standing.cause == .unreachable)
        #expect(try await world.busy(1, .commit).standing.source == .rows)
        #expect(try await world.queue.deadLetters().isEmpty)
        world.platform.with { $0.isAway = false }
        world.clock.advance(120)
        try await world.settle()
        var rows = 0
        for number in 1...5 {
            #expect(try await world.link(of: number).standing.state == .connected)
            rows += try await world.rows(of: number).count
        }
        #expect(rows == 5 + 24)
        #expect(world.tripEvents(1).map(\.start) == [Instant(seconds: world.instant(6).seconds + 24 * 60).description])
        await world.close()
    }

    @Test("in live mode what cannot be asked is busy, and trips and manual rows are still known")
    func live() async throws {
        let world = try await GuideWorld(mode: .live)
        try await world.addLinkedGuide(1)
        try await world.settle()
        world.platform.put(1, "evt_1", world.at(2), world.at(3))
        #expect(try await world.busy(1, .browse).busy.map(\.period) == [try world.period(2, 3)])
        world.platform.with { $0.isAway = true }
        try await world.addRow(1, source: "manual", from: world.instant(5), to: world.instant(6), available: true)
        let answer = try await world.busy(1, .browse, from: 0, to: 10)
        #expect(answer.standing.source == .doubt)
        #expect(answer.busy.map(\.period) == [try world.period(0, 5), try world.period(6, 10)])
        #expect(answer.busy.allSatisfy { $0.reason == .unreadable })
        await world.close()
    }
}
