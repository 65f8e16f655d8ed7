import CivilTime
import CronofyWire
import StorageKit
import Support
import Testing

@testable import Integrations

struct MappingCase: Sendable, CustomTestStringConvertible {
    let name: String
    var status = "busy"
    var more: [String: JSONValue] = [:]
    /// Days from today; nil: 9 to 10 o'clock of day 2.
    var days: (Int64, Int64)?
    /// The row's reason; nil: no row.
    let reason: String?
    var isTentative = false

    var testDescription: String { name }
}

/// The published table, docs/guides-availability.md, line by line and through the whole way: a platform's answer in,
/// a row out.
@Suite("What an entry of a calendar means for a guide's time")
struct BusyMappingTests {
    static let freeBusyCases = [
        MappingCase(name: "busy", reason: "busy"),
        MappingCase(name: "tentative", status: "tentative", reason: "tentative", isTentative: true),
        MappingCase(name: "free", status: "free", reason: nil),
        MappingCase(name: "unknown", status: "unknown", reason: "busy"),
        MappingCase(name: "a word of the future", status: "levitating", reason: "busy"),
        MappingCase(name: "all-day", days: (3, 4), reason: "busy"),
        MappingCase(name: "multi-day", days: (3, 8), reason: "busy"),
        MappingCase(name: "all-day without length", days: (3, 3), reason: nil),
    ]

    static let eventCases = [
        MappingCase(name: "opaque", more: ["transparency": .string("opaque")], reason: "busy"),
        MappingCase(name: "nothing said", reason: "busy"),
        MappingCase(name: "transparent", more: ["transparency": .string("transparent")], reason: nil),
        MappingCase(
            name: "out of office", more: ["extended_transparency": .string("out_of_office")], reason: "out_of_office"),
        MappingCase(
            name: "working elsewhere", more: ["extended_transparency": .string("working_elsewhere")], reason: nil),
        MappingCase(
            name: "tentative by transparency", more: ["extended_transparency": .string("tentative")],
            reason: "tentative", isTentative: true),
        MappingCase(
            name: "tentative by status", more: ["status": .string("tentative")], reason: "tentative", isTentative: true),
        MappingCase(
            name: "tentative by answer", more: ["participation_status": .string("tentative")], reason: "tentative",
            isTentative: true),
        MappingCase(
            name: "unanswered invitation", more: ["participation_status": .string("needs_action")],
            reason: "unanswered", isTentative: true),
        MappingCase(name: "accepted", more: ["participation_status": .string("accepted")], reason: "busy"),
        MappingCase(name: "declined", more: ["participation_status": .string("declined")], reason: nil),
        MappingCase(
            name: "declined, though out of office",
            more: [
                "participation_status": .string("declined"), "extended_transparency": .string("out_of_office"),
            ], reason: nil),
        MappingCase(name: "cancelled", more: ["status": .string("cancelled")], reason: nil),
        MappingCase(name: "private", more: ["event_private": .bool(true)], reason: "busy"),
        MappingCase(name: "instance of a series", more: ["recurring": .bool(true)], reason: "busy"),
        MappingCase(name: "all-day", days: (3, 4), reason: "busy"),
        MappingCase(name: "multi-day", days: (3, 8), reason: "busy"),
        MappingCase(
            name: "a transparency of the future", more: ["extended_transparency": .string("levitating")], reason: "busy"
        ),
    ]

    @Test("free-busy", arguments: freeBusyCases)
    func freeBusy(_ one: MappingCase) async throws { try await check(one, .busy) }

    @Test("events", arguments: eventCases)
    func events(_ one: MappingCase) async throws { try await check(one, .detail) }

    private func check(_ one: MappingCase, _ level: DetailLevel) async throws {
        let world = try await GuideWorld()
        try await world.addLinkedGuide(1, level: level)
        let (start, end) =
            one.days.map { (world.day($0.0), world.day($0.1)) } ?? (world.at(2, 9), world.at(2, 10))
        world.platform.put(1, "evt_1", start, end, status: one.status, more: one.more)
        try await world.settle()
        let rows = try await world.rows(of: 1)
        #expect(rows.map(\.reason) == [one.reason].compactMap { $0 })
        #expect(rows.first?.isTentative ?? false == one.isTentative)
        if let row = rows.first, one.days != nil {
            // Denver's midnights, not UTC's.
            let zone = try #require(ZoneDatabase.system.zone(ZoneID("America/Denver")))
            for (shown, day) in [(row.start, start), (row.end, end)] {
                let date = try #require(CivilDate(extended: day))
                #expect(shown == zone.instant(of: date.midnight).description)
            }
        }
        await world.close()
    }

    @Test("moved, deleted, made free: the row follows its event", arguments: DetailLevel.allCases)
    func changes(level: DetailLevel) async throws {
        let world = try await GuideWorld()
        try await world.addLinkedGuide(1, level: level)
        for number in 1...4 {
            world.platform.put(1, "evt_\(number)", world.at(Int64(number), 9), world.at(Int64(number), 10))
        }
        try await world.settle()
        #expect(try await world.rows(of: 1).count == 4)
        world.clock.advance(600)
        world.platform.put(1, "evt_1", world.at(6, 9), world.at(6, 10))
        world.platform.delete(1, "evt_2")
        world.platform.put(
            1, "evt_3", world.at(3, 9), world.at(3, 10), status: "free", more: ["transparency": .string("transparent")])
        // Moved out of everything that is read.
        world.platform.put(1, "evt_4", world.at(3_000), world.at(3_001))
        try await world.settle()
        #expect(try await world.rows(of: 1).map(\.start) == [world.at(6, 9), world.at(3_000)])
        #expect(world.platform.calls.filter { $0.contains("last_modified") }.count == 1)
        await world.close()
    }

    @Test("two calendars that hold one event are two rows, and occurrences that share a uid are told apart")
    func keys() async throws {
        let world = try await GuideWorld()
        try await world.addLinkedGuide(1)
        world.platform.change(1) {
            $0.calendars.append(.init(id: "cal_b", isPrimary: false))
            for (key, day) in [("a", 2), ("b", 3), ("c", 4)] as [(String, Int64)] {
                $0.entries[key] = .init(
                    uid: "series", calendar: key == "c" ? "cal_b" : "cal_1", start: world.at(day, 9),
                    end: world.at(day, 10), changed: 0)
            }
        }
        world.clock.advance(300)
        try await world.settle()
        #expect(try await world.rows(of: 1).count == 3)
        // One goes: with no id to know it by, only a complete read tells.
        world.platform.change(1) { $0.entries["b"] = nil }
        world.clock.advance(600)
        try await world.settle()
        #expect(try await world.rows(of: 1).map(\.start) == [world.at(2, 9), world.at(4, 9)])
        await world.close()
    }
}
