import CivilTime
import Foundation
import StorageKit
import Support
import Testing
import Trips

@testable import Integrations

@Suite("Reading a guide's calendar")
struct ReadingTests {
    private func reads(_ world: GuideWorld) -> [String] {
        world.platform.calls.filter { $0.contains("/v1/free_busy") || $0.contains("/v1/events?") }
    }

    @Test("a complete read first, then what changed; the days that come into view are read once a day")
    func plan() async throws {
        let world = try await GuideWorld()
        try await world.addLinkedGuide(1)
        try await world.settle()
        #expect(reads(world).count == 1 && !reads(world)[0].contains("last_modified"))
        for _ in 0..<10 {
            world.clock.advance(600)
            try await world.settle()
        }
        #expect(reads(world).dropFirst().filter { $0.contains("last_modified") }.count == 10)
        // Far ahead, something is planned; nothing changes, it only comes nearer.
        world.platform.change(1) {
            $0.entries["far"] = .init(
                uid: "far", calendar: "cal_1", start: world.at(733, 9), end: world.at(733, 10), changed: 0)
        }
        for _ in 0..<4 {
            world.clock.advance(86_400)
            try await world.settle()
        }
        #expect(try await world.rows(of: 1).map(\.start) == [world.at(733, 9)])
        let complete = reads(world).dropFirst().filter { !$0.contains("last_modified") }
        #expect((3...5).contains(complete.count), "one strip a day: \(complete)")
        await world.close()
    }

    @Test("rows go only after a read that is complete")
    func partial() async throws {
        let world = try await GuideWorld()
        try await world.addLinkedGuide(1)
        for number in 0..<250 {
            world.platform.put(1, "evt_\(number)", world.at(Int64(number + 1), 9), world.at(Int64(number + 1), 10))
        }
        try await world.settle()
        #expect(try await world.rows(of: 1).count == 250)
        // The third page fails, while half of the events are gone.
        world.platform.change(1) { account in
            for number in 0..<125 { account.entries["evt_\(number)"] = nil }
        }
        try await world.database.write { try $0.execute("UPDATE calendar_links SET watermark = NULL") }
        world.platform.with { $0.failsFromOffset = 100 }
        world.clock.advance(600)
        try await world.settle(rounds: 5)
        #expect(try await world.rows(of: 1).count == 250)
        #expect(try await world.link(of: 1).standing.cause == .unreachable)
        world.platform.with { $0.failsFromOffset = nil }
        world.clock.advance(600)
        try await world.settle()
        #expect(try await world.rows(of: 1).count == 125)
        #expect(try await world.link(of: 1).standing.state == .connected)
        await world.close()
    }

    @Test("a profile that cannot be read keeps its last picture, and one that is read anew is not emptied")
    func unreadable() async throws {
        let world = try await GuideWorld()
        try await world.addLinkedGuide(1)
        world.platform.put(1, "evt_1", world.at(2, 9), world.at(2, 10))
        try await world.settle()
        for change in [{ $0.isConnected = false }, { ($0.isConnected, $0.needsFirstRead) = (true, true) }]
            as [@Sendable (inout StandInPlatform.Account) -> Void]
        {
            world.platform.change(1) {
                change(&$0)
                $0.entries = [:]
            }
            try await world.database.write { try $0.execute("UPDATE calendar_links SET watermark = NULL") }
            world.clock.advance(300)
            try await world.settle(rounds: 3)
            #expect(try await world.rows(of: 1).count == 1)
        }
        // It counts as unread until it was read once.
        #expect(try await world.busy(1, .commit).standing.source == .doubt)
        world.platform.change(1) { $0.needsFirstRead = false }
        world.clock.advance(300)
        try await world.settle()
        #expect(try await world.rows(of: 1).isEmpty)
        await world.close()
    }

    @Test("sync touches no row that a guide or an office wrote")
    func others() async throws {
        let world = try await GuideWorld()
        let link = try await world.addLinkedGuide(1)
        try await world.addRow(1, source: "manual", from: world.instant(2), to: world.instant(3), note: "Dentist")
        try await world.addRow(1, source: "assignment", from: world.instant(4), to: world.instant(5))
        var random = SystemRandomNumberGenerator()
        for step in 0..<40 {
            let uid = "evt_\(Int.random(in: 0..<6, using: &random))"
            switch Int.random(in: 0..<3, using: &random) {
            case 0: world.platform.delete(1, uid)
            default: world.platform.put(1, uid, world.at(Int64(step % 9), 1), world.at(Int64(step % 9 + 1), 2))
            }
            if step % 7 == 0 {
                try await world.database.write { try $0.execute("UPDATE calendar_links SET watermark = NULL") }
            }
            if step == 30 {
                try await world.choices.set(counts: false, calendar: "cal_1", of: link, world.own(1))
            }
            world.clock.advance(300)
            try await world.settle()
            #expect(try await world.rows(of: 1, source: "manual").count == 1)
            #expect(try await world.rows(of: 1, source: "assignment").count == 1)
        }
        #expect(try await world.rows(of: 1).isEmpty)
        await world.close()
    }

    @Test("what does not count makes nobody busy, at once; what counts again is read again")
    func choices() async throws {
        let world = try await GuideWorld()
        let link = try await world.addLinkedGuide(1)
        world.platform.put(1, "evt_1", world.at(2, 9), world.at(2, 10))
        try await world.settle()
        try await world.choices.set(counts: false, calendar: "cal_1", of: link, world.own(1))
        #expect(try await world.rows(of: 1).isEmpty)
        try await world.settle()
        #expect(try await world.rows(of: 1).isEmpty)
        try await world.choices.set(counts: true, calendar: "cal_1", of: link, world.own(1))
        try await world.settle()
        #expect(try await world.rows(of: 1).count == 1)
        await #expect(throws: LinkRefusal.unknown) {
            try await world.choices.set(counts: true, calendar: "cal_9", of: link, world.own(1))
        }
        await world.close()
    }

    @Test("in live mode no row of a calendar exists; back in hybrid all are there")
    func live() async throws {
        let world = try await GuideWorld()
        try await world.addLinkedGuide(1)
        world.platform.put(1, "evt_1", world.at(2, 9), world.at(2, 10))
        try await world.settle()
        for (mode, count) in [("live", 0), ("hybrid", 1), ("live", 0), ("mirror", 1)] {
            try await world.database.write {
                try $0.execute("UPDATE guide_services SET mode = ?", [.text(mode)])
            }
            world.clock.advance(300)
            try await world.settle()
            #expect(try await world.rows(of: 1).count == count, "\(mode)")
        }
        await world.close()
    }

    @Test("hosted calendars are read 201 days ahead, and not asked for more")
    func window() throws {
        let now = Instant(seconds: 1_800_000_123)
        for (kind, days) in [
            (.hosted(region: "de"), 201), (.builtIn(publicURL: "http://a"), 731),
        ] as [(CalendarBackend.Kind, Int64)] {
            let backend = CalendarBackend(id: BackendID("bck_1"), kind: kind, clientID: "c")
            let window = try #require(backend.limits.window(now: now))
            let today = now.seconds / 86_400 * 86_400
            #expect(window.start.seconds == today - 86_400)
            #expect(window.end.seconds == today + days * 86_400)
        }
    }

    @Test(
        "polls take at most half of what a backend allows",
        arguments: [(1, 500, 240), (1_000, 500, 480), (5_000, 500, 2_400), (10_000_000, 500, 86_400), (0, 0, 240)])
    func interval(links: Int, perMinute: Int, seconds: Int) {
        #expect(PollInterval.seconds(links: Int64(links), perMinute: Int64(perMinute)) == Int64(seconds))
    }
}
