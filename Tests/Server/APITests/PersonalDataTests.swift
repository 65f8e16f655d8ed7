import CivilTime
import CronofyWire
import Foundation
import HTTPTypes
import Integrations
import Sealing
import Season
import StorageKit
import Support
import Testing
import Trips

@testable import App
@testable import GuidesWeb

@Suite("What is kept about a person")
struct PersonalDataTests {
    static let word = "Dentist-of-mine"

    @Test("every table with lines about people is in the list of what they are given and what is erased")
    func whole() async throws {
        let world = try await SampleWorld()
        let tables = try await world.server.platform.database.read { session in
            try session.all("SELECT name FROM sqlite_master WHERE type = 'table'") { try $0.text(0) }.filter { table in
                try session.all("SELECT name FROM pragma_table_info('\(table)')") { try $0.text(0) }.contains("person_id")
            }
        }
        #expect(tables.sorted() == PersonalTable.all.map(\.name).sorted())
        await world.server.close()
    }

    @Test(
        "a guide downloads it without keys, and erases it: nothing of them can be read any more, and others lose nothing",
        arguments: TestDatabase.kinds)
    func erasure(kind: TestDatabase.Kind) async throws {
        let world = try await SampleWorld(kind)
        try await world.server.settle()
        let (store, email) = (world.store, "guide1@basalt.example")
        let guide = try #require(try await store.person(of: email))
        let name = try #require(try await store.name(of: guide)?.name)
        let span = try #require(Period(from: store.now(), to: Instant(seconds: store.now().seconds + 3_600)))
        _ = try await store.addManualRow(span, note: Self.word, of: guide)
        let key = try await store.makePersonToken(named: "bridge", of: guide).reveal()
        let browser = try await world.browser(email)
        let file = try await browser.get("/guides/me/data/file")
        let data = try file.json
        #expect(data["people"]?.list?.first?["email"] == .string(email))
        #expect(data["guide_availability"]?.list?.contains { $0["note"] == .string(Self.word) } == true)
        #expect(data["calendar_integrations"]?.list?.isEmpty == false && data["person_tokens"]?.list?.count == 1)
        #expect(!file.text.contains(key))
        // The control: all of it is found by the search that finds nothing in the end.
        for text in [email, name, Self.word] { #expect(try await !places(of: text, world, kind).isEmpty, "\(text)") }
        let ahead = try await store.agenda(of: guide, after: store.now())
        #expect(!ahead.isEmpty)
        let others = try await store.members(of: world.service.id).count

        let page = try await browser.get("/guides/me/data")
        let refused = try await browser.submit(page, to: "/data/erase", ["confirm": "somebody@else.example"])
        #expect(refused.status == 422 || refused.status == 409 || refused.status == 400, "\(refused.status)")
        #expect(try await store.person(of: email) == guide)
        let done = try await browser.submit(page, to: "/data/erase", ["confirm": email.uppercased()])
        #expect(done.status == 200 && done.text.contains("Receipt <code>era_"), "\(done.text)")
        try await world.server.settle()
        for text in [email, name, Self.word] {
            let found = try await places(of: text, world, kind)
            #expect(found.isEmpty, "\(text) in \(found)")
        }
        #expect(try await store.agenda(of: guide, after: store.now()).isEmpty)
        #expect(try await store.members(of: world.service.id).count == others - 1)
        #expect(try await store.person(of: email) == nil)
        #expect(try await world.server.send(.get, "/api/auth/memberships", bearer: key).status == 401)
        #expect(try await browser.get("/guides/me/agenda").status != 200)
        // Who led what stays countable: the trip's line points to nobody.
        let kept = try await store.personalData(of: guide).filter { !$0.rows.isEmpty }.map(\.table.name)
        #expect(kept == ["people", "assignments", "guide_versions"])
        await world.server.close()
    }

    @Test("the only owner of a service has to name another one first, and nothing was changed")
    func owner() async throws {
        let world = try await SampleWorld()
        let browser = try await world.browser("ida@basalt.example")
        let page = try await browser.get("/guides/me/data")
        let refused = try await browser.submit(page, to: "/data/erase", ["confirm": "ida@basalt.example"])
        #expect(refused.status >= 400 && refused.text.contains("only owner of Basalt Ridge"))
        #expect(try await browser.get("/guides/services/basalt-ridge/board").status == 200)
        await world.server.close()
    }

    /// Tables of guide services in which `text` stands.
    private func places(of text: String, _ world: SampleWorld, _ kind: TestDatabase.Kind) async throws -> [String] {
        try await world.tables(kind).filter { $0.text.contains(text) }.map(\.name)
    }
}
