import CivilTime
import CronofyClient
import StorageKit
import Support
import Testing
import Trips

@testable import Integrations

@Suite("Notifications that come in")
struct NotificationTests {
    private func key(_ world: GuideWorld, _ number: Int) throws -> String {
        let url = try #require(world.platform.with { $0.accounts["acc_\(number)"]?.channels.first })
        return String(url.split(separator: "/").last ?? "")
    }

    @Test("a signature over other bytes, another key and an unknown address are refused alike")
    func signatures() async throws {
        let world = try await GuideWorld()
        try await world.addLinkedGuide(1)
        try await world.settle()
        let key = try key(world, 1)
        let (body, signature) = StandInPlatform.notice("change", since: world.clock.now)
        func send(_ body: [UInt8], _ signature: String?, _ key: String) async throws -> NotificationDoor.Answer {
            try await world.door.receive(body: body, signature: signature, channelKey: key)
        }
        for index in body.indices where index % 7 == 0 {
            var other = body
            other[index] ^= 1
            #expect(try await send(other, signature, key) == .refused)
        }
        #expect(try await send(body, nil, key) == .refused)
        #expect(try await send(body, "", key) == .refused)
        #expect(try await send(body, signature, key + "x") == .refused)
        #expect(try await send(body, signature, "") == .refused)
        #expect(try await send(body, signature, key) == .taken)
        await world.close()
    }

    @Test("the same rows whatever the order, however often, and where none comes at all")
    func order() async throws {
        var ends: Set<[GuideWorld.Row]> = []
        for delivery in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 1, 3, 3, 0, 0, 2, 2], []] {
            let world = try await GuideWorld()
            try await world.addLinkedGuide(1)
            try await world.settle()
            let key = try key(world, 1)
            var notices: [([UInt8], String)] = []
            world.clock.advance(3_600)
            for change in 0..<4 {
                let since = world.clock.now
                world.platform.put(1, "evt_\(change % 3)", world.at(Int64(change + 2)), world.at(Int64(change + 3)))
                notices.append(StandInPlatform.notice("change", since: since))
                world.clock.advance(1)
            }
            for number in delivery {
                _ = try await world.door.receive(
                    body: notices[number].0, signature: notices[number].1, channelKey: key)
                try await world.settle(rounds: 1)
            }
            world.clock.advance(300)
            try await world.settle()
            let rows = try await world.rows(of: 1)
            #expect(rows.count == 3)
            ends.insert(rows)
            await world.close()
        }
        #expect(ends.count == 1)
    }

    @Test("5,000 guides who change twice in a minute: bounded reads, no row lost")
    func burst() async throws {
        let (guides, world) = (5_000, try await GuideWorld())
        try await world.addFast(guides)
        let before = world.platform.calls.count
        let clock = ContinuousClock()
        let began = clock.now
        for round in 1...2 {
            // As a platform does: several at once.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<8 {
                    group.addTask {
                        for number in stride(from: 1 + lane, through: guides, by: 8) {
                            world.platform.put(number, "evt", world.at(Int64(round)), world.at(Int64(round + 1)))
                            let notice = StandInPlatform.notice("change", since: world.clock.now)
                            let answer = try await world.door.receive(
                                body: notice.body, signature: notice.signature, channelKey: "key_\(number)")
                            #expect(answer == .taken)
                        }
                    }
                }
                try await group.waitForAll()
            }
            world.clock.advance(30)
        }
        let received = clock.now
        let done = try await world.settle(rounds: 20_000)
        // Two notices each became one piece of work, and that one read.
        #expect(done == guides)
        #expect(world.platform.calls.count - before <= guides * 2)
        let right = try await world.database.read { session in
            try session.first(
                "SELECT count(*) FROM guide_availability WHERE source = 'sync' AND start_at = ? AND end_at = ?",
                [.integer(world.instant(2).seconds), .integer(world.instant(3).seconds)]
            ) { try $0.integer(0) }
        }
        #expect(right == Int64(guides))
        print(
            "burst: \(guides * 2) notices in \(received - began), \(done) reads in "
                + "\(clock.now - received)")
        await world.close()
    }
}

extension GuideWorld {
    /// Linked guides that were read once, written straight into the tables.
    func addFast(_ guides: Int) async throws {
        for number in 1...guides { _ = platform.add(number) }
        let (now, links, backend) = (clock.now.seconds, calls.links, backend.id.value)
        let window = try #require(self.backend.limits.window(now: clock.now))
        try await database.write { session in
            for number in 1...guides {
                let person = SQLValue.text("per_\(number)")
                let sealed = links.sealed(
                    .init(accessToken: "acc_\(number).1", refreshToken: "refresh.acc_\(number)", scope: "read_events"))
                try session.execute(
                    "INSERT INTO people (person_id, email, name, zone, created_at) VALUES (?, ?, 'G', 'America/Denver', 0)",
                    [person, person])
                try session.execute(
                    "INSERT INTO memberships (service_id, person_id, role, created_at) VALUES ('svc_1', ?, 'GUIDE', 0)",
                    [person])
                try session.execute(
                    """
                    INSERT INTO calendar_links (person_id, link_id, backend_id, account_id, access_token, refresh_token,
                        scope, zone, level, state, state_since, checked_at, read_at, complete_at, read_from, read_until,
                        watermark, channel_key, channel_seen_at, created_at)
                    VALUES (?, ?, ?, ?, ?, ?, '', 'America/Denver', 'busy', 'connected', 0, ?, ?, ?, ?, ?, ?, ?, ?, 0)
                    """,
                    [
                        person, .text("lnk_\(number)"), .text(backend), .text("acc_\(number)"), .blob(sealed.access),
                        SQLValue(sealed.refresh), .integer(now), .integer(now), .integer(now),
                        .integer(window.start.seconds), .integer(window.end.seconds), .integer(now - 300),
                        .text("key_\(number)"), .integer(now),
                    ])
                try session.execute(
                    """
                    INSERT INTO calendar_integrations (person_id, integration_id, link_id, provider, external_id, name,
                        state, state_since, created_at) VALUES (?, ?, ?, 'google', ?, '', 'connected', 0, 0)
                    """, [person, .text("int_\(number)"), .text("lnk_\(number)"), .text("pro_\(number)")])
                try session.execute(
                    """
                    INSERT INTO integration_calendars (person_id, link_id, calendar_id, profile_id, name, is_primary,
                        read_only, deleted, permission, counts, seen_at)
                    VALUES (?, ?, ?, ?, '', 1, 0, 0, 'sandbox', 1, 0)
                    """, [person, .text("lnk_\(number)"), .text("cal_\(number)"), .text("pro_\(number)")])
            }
        }
    }
}
