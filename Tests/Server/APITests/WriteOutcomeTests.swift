import Accounts
import CivilTime
import CronofyWire
import Events
import Foundation
import HTTPTypes
import ICalendar
import ProviderKit
import StorageKit
import Support
import Sync
import Synchronization
import Testing

@testable import App

@Suite("What becomes of a write", .serialized)
struct WriteOutcomeTests {
    private static let refusal = RemoteFailure.refused(status: 403, reason: "The server does not allow this.")

    @Test(
        "a creation that is refused for good stays readable, with the reason, and is news",
        arguments: TestDatabase.kinds)
    func creationRefused(kind: TestDatabase.Kind) async throws {
        let world = try await WriteWorld(kind)
        try await world.upsert("trip", summary: "Trip")
        #expect(try await world.states() == ["Trip": "pending"])
        world.provider.script([.fail(Self.refusal)])
        #expect(try await world.push() == .failed(reason: "The server does not allow this.", retryAfter: nil))
        let event = try #require(try await world.events("&only_managed=true").first)
        #expect(event["write"]?["state"] == .string("refused"))
        #expect(event["write"]?["reason"] == .string("The server does not allow this."))
        #expect(try await world.events("&only_managed=true&last_modified=2020-01-01T00:00:00Z").count == 1)
        // Writing it again is a new try.
        try await world.upsert("trip", summary: "Trip")
        #expect(try await world.states() == ["Trip": "pending"])
        #expect(try await world.push() == .done)
        #expect(try await world.states() == ["Trip": "written"])
        await world.close()
    }

    @Test(
        "a write whose workers die, or that fails again and again, does not wait for ever: it is refused, and news",
        arguments: TestDatabase.kinds)
    func givenUp(kind: TestDatabase.Kind) async throws {
        let world = try await WriteWorld(kind)
        let platform = world.server.platform
        let push = ItemPush(profiles: platform.profiles, source: platform.registry, zones: .system)
        let givingUp: WorkQueue.GivingUp = { kind, key, session in
            guard kind == WorkKind.push, let (account, item) = WorkKind.item(in: key) else { return }
            try push.giveUp(item, of: account, in: session)
        }
        func claim() async throws -> [LeasedWork] {
            try await platform.queue.claim(kinds: [WorkKind.push], limit: 1, lease: 0, givingUp: givingUp)
        }
        // Three workers take it and are never heard of again.
        try await world.upsert("trip", summary: "Trip")
        for _ in 0..<3 {
            #expect(try await claim().count == 1)
            #expect(try await world.states() == ["Trip": "pending"])
            try await platform.queue.endLeases()
            try await platform.database.write { try $0.execute("UPDATE work SET leased_until = 1") }
        }
        #expect(try await claim().isEmpty)
        #expect(try await world.states() == ["Trip": "refused"])
        #expect(try await world.events("&only_managed=true&last_modified=2020-01-01T00:00:00Z").count == 1)
        // Written again it is a new try; one that only fails ends in the same way.
        try await world.upsert("trip", summary: "Trip")
        #expect(try await world.states() == ["Trip": "pending"])
        let work = try #require(try await claim().first)
        try await platform.queue.fail(work, error: "no", retry: .never, givingUp: givingUp)
        #expect(try await world.states() == ["Trip": "refused"])
        await world.close()
    }

    @Test("a failure that passes is told as waiting, with the reason, and tried again later and later")
    func waits() async throws {
        let world = try await WriteWorld()
        try await world.upsert("trip", summary: "Trip")
        var waits: [Int64] = []
        for attempt in 1...4 {
            world.provider.script([.fail(.unreachable(reason: "The network is away."))])
            guard case .failed(_, let retry?) = try await world.push(attempt: Int64(attempt)) else {
                Issue.record("it was not given back")
                return
            }
            waits.append(retry)
        }
        #expect(waits == [2, 4, 8, 16])
        let event = try #require(try await world.events("&only_managed=true").first)
        #expect(event["write"]?["reason"] == .string("The network is away."))
        #expect(try await world.push() == .done)
        #expect(try await world.states() == ["Trip": "written"])
        await world.close()
    }

    @Test("an edit of a person's own event that is refused is taken back", arguments: TestDatabase.kinds)
    func editRefused(kind: TestDatabase.Kind) async throws {
        let world = try await WriteWorld(kind)
        try await world.bring(summary: "Dentist", version: "1")
        let uid = try #require(try await world.events("").first?["event_uid"])
        try await world.write(.post, ["event_uid": uid], summary: "Trip instead")
        #expect(try await world.states() == ["Trip instead": "pending"])
        world.provider.script([.fail(Self.refusal)])
        _ = try await world.push()
        #expect(try await world.states() == ["Dentist": "refused"])
        await world.close()
    }

    @Test("a deletion that is refused is taken back", arguments: TestDatabase.kinds)
    func deletionRefused(kind: TestDatabase.Kind) async throws {
        let world = try await WriteWorld(kind)
        try await world.upsert("trip", summary: "Trip")
        #expect(try await world.push() == .done)
        try await world.write(.delete, ["event_id": .string("trip")])
        #expect(try await world.states() == [:])
        world.provider.script([.fail(Self.refusal)])
        _ = try await world.push()
        #expect(try await world.states() == ["Trip": "refused"])
        await world.close()
    }

    @Test("the echo of an own write is no news; an edit in the calendar is (B15, B16)", arguments: TestDatabase.kinds)
    func echoes(kind: TestDatabase.Kind) async throws {
        let world = try await WriteWorld(kind)
        let news = "&only_managed=true&last_modified=2020-01-01T00:00:00Z"
        try await world.upsert("trip", summary: "Trip")
        #expect(try await world.push() == .done)
        let text = try #require(world.provider.text)
        try await world.sync(text: text, version: "as written")
        #expect(try await world.events(news).isEmpty)
        #expect(try await world.events("&only_managed=true").count == 1)
        // The server writes it in its own way: the same meaning is still an echo.
        try await world.sync(
            text: text.replacingOccurrences(of: "BEGIN:VEVENT", with: "BEGIN:VEVENT\r\nX-SERVER:1"), version: "2")
        #expect(try await world.events(news).isEmpty)
        try await world.sync(
            text: text.replacingOccurrences(of: "SUMMARY:Trip", with: "SUMMARY:Moved by hand"), version: "3")
        let event = try #require(try await world.events(news).first)
        #expect(event["event_id"] == .string("trip"))
        #expect(event["summary"] == .string("Moved by hand"))
        try await world.sync(text: nil, version: "4")
        let gone = try #require(try await world.events(news + "&include_deleted=true").first)
        #expect(gone["deleted"] == .bool(true))
        #expect(try await world.events("&only_managed=true").isEmpty)
        await world.close()
    }

    @Test("edits on both sides merge; where both changed one thing, the application stands and says so")
    func merges() async throws {
        let world = try await WriteWorld()
        try await world.upsert("trip", summary: "Trip")
        #expect(try await world.push() == .done)
        let text = try #require(world.provider.text)
        let theirs = text.replacingOccurrences(of: "SUMMARY:Trip", with: "SUMMARY:By hand\r\nLOCATION:North gate")
        try await world.upsert("trip", summary: "Trip in June")
        world.provider.script([.fail(.conflict), .hold(theirs, version: "9")])
        #expect(try await world.push() == .done)
        let event = try #require(try await world.events("&only_managed=true").first)
        #expect(event["summary"] == .string("Trip in June"))
        #expect(event["location"]?["description"] == .string("North gate"))
        #expect(world.provider.text?.contains("LOCATION:North gate") == true)
        #expect(event["write"]?["overruled"] == .array([.string("summary")]))
        #expect(try await world.events("&only_managed=true&last_modified=2020-01-01T00:00:00Z").count == 1)
        await world.close()
    }
}
