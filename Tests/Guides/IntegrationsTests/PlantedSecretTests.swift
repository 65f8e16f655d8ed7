import CivilTime
import CronofyWire
import StorageKit
import Support
import Testing
import Trips

@testable import Integrations

@Suite("What stands in a guide's calendar stays there")
struct PlantedSecretTests {
    static let word = "pl4nted-s3cret"

    /// A secret in every field that can hold text.
    private func plant(_ world: GuideWorld, isPrivate: Bool) {
        let text = JSONValue.string(Self.word)
        let person = JSONValue.object(["email": .string("\(Self.word)@example.com"), "display_name": text])
        world.platform.put(
            1, "evt_1", world.at(2), world.at(3),
            more: [
                "summary": text, "description": text, "location": .object(["description": text]), "url": text,
                "meeting_url": text, "attendees": .array([person]), "organizer": person, "categories": .array([text]),
                "series_identifier": text, "recurring": .bool(true), "event_private": .bool(isPrivate),
            ])
    }

    /// Every value of every table.
    private func everything(_ world: GuideWorld) async throws -> String {
        try await world.database.read { session in
            let tables = try session.all("SELECT name FROM sqlite_master WHERE type = 'table'") { try $0.text(0) }
            var text = ""
            for table in tables {
                let columns = try session.all("SELECT name FROM pragma_table_info('\(table)')") { try $0.text(0) }
                let whole = columns.map { "COALESCE(CAST(\($0) AS TEXT), '')" }.joined(separator: " || ' ' || ")
                text += try session.all("SELECT \(whole) FROM \(table)") { try $0.text(0) }.joined(separator: "\n")
            }
            return text
        }
    }

    @Test(
        "nothing readable is kept of busy-only calendars, nor of private events at any level",
        arguments: [(DetailLevel.busy, false), (.busy, true), (.detail, true)])
    func kept(level: DetailLevel, isPrivate: Bool) async throws {
        let world = try await GuideWorld()
        try await world.addLinkedGuide(1, level: level)
        plant(world, isPrivate: isPrivate)
        try await world.settle()
        #expect(try await world.rows(of: 1).count == 1)
        #expect(try await !everything(world).contains(Self.word))
        for question in TimeQuestion.allCases {
            #expect(try await !"\(world.busy(1, question))".contains(Self.word))
        }
        let page = try await world.database.read {
            try GuideCalendars.of(world.guide(1), now: world.clock.now, in: $0)
        }
        #expect(!"\(page)".contains(Self.word))
        // Nor where the platform's answer is wrong, and the error has to say what and where.
        world.platform.put(1, "evt_2", Self.word, Self.word)
        world.clock.advance(300)
        try await world.settle(rounds: 3)
        #expect(try await world.link(of: 1).standing.cause == .unexpectedAnswer)
        #expect(try await !everything(world).contains(Self.word))
        await world.close()
    }

    @Test("control: at the level 'detail' the title is kept, apart from the row, and gone with the level")
    func detail() async throws {
        let world = try await GuideWorld()
        try await world.addLinkedGuide(1, level: .detail)
        plant(world, isPrivate: false)
        try await world.settle()
        #expect(try await everything(world).contains(Self.word))
        let row = try await world.database.read { session in
            try session.all("SELECT COALESCE(note, '') || reason || origin_key FROM guide_availability") {
                try $0.text(0)
            }
        }
        #expect(row.count == 1 && !row[0].contains(Self.word))
        #expect(try await !"\(world.busy(1))".contains(Self.word))
        try await world.choices.set(level: .busy, link: world.link(of: 1).id, world.own(1))
        #expect(try await !everything(world).contains(Self.word))
        await world.close()
    }

    @Test("the database itself refuses text in a row of a calendar", arguments: TestDatabase.kinds)
    func check(kind: TestDatabase.Kind) async throws {
        let world = try await GuideWorld(kind)
        try await world.addGuide(1)
        try await world.addRow(1, source: "manual", from: world.instant(1), to: world.instant(2), note: "Dentist")
        await #expect(throws: StorageError.self) {
            try await world.addRow(1, source: "sync", from: world.instant(1), to: world.instant(2), note: "Dentist")
        }
        await world.close()
    }

    @Test("tokens stand in no row, value or error that can be read")
    func tokens() async throws {
        let world = try await GuideWorld()
        try await world.addLinkedGuide(1)
        try await world.settle()
        let stored = try await everything(world)
        for token in ["acc_1.", "refresh.acc_1", StandInPlatform.secret] { #expect(!stored.contains(token)) }
        #expect(try await !"\(world.link(of: 1))".contains("refresh."))
        await world.close()
    }
}
