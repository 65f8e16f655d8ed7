import CivilTime
import Planning
import Sealing
import Season
import StorageKit
import Support
import Testing
import Trips

@testable import App
@testable import GuidesWeb

/// The sample service on a live server whose log is kept.
struct SampleWorld: Sendable {
    let server: LiveServer
    let store: SeasonStore
    let service: GuideService
    let log = LogLines()

    init(_ kind: TestDatabase.Kind = .sqlite) async throws {
        server = try await LiveServer(kind, logger: log.logger)
        try await server.platform.guideCalendars.prepare(
            accounts: server.platform.accounts, publicURL: LiveServer.base)
        try await SampleOutfitter(platform: server.platform).addWhereEmpty()
        store = server.platform.planning.season
        service = try #require(try await store.service(slug: GuidesServices.sampleSlug))
    }

    func browser(_ email: String) async throws -> PageBrowser {
        let person = try #require(try await store.person(of: email))
        let browser = PageBrowser(server)
        let path = "/guides/sign-in/" + (try await store.issueSignInLink(for: person)).reveal()
        _ = try await browser.submit(try await browser.get(path), to: "/guides/sign-in/")
        return browser
    }
}

extension SampleWorld {
    /// A key to the JSON API.
    func key(_ email: String) async throws -> String {
        let person = try #require(try await store.person(of: email))
        return try await store.makePersonToken(named: "test", of: person).reveal()
    }

    /// Everything that stands in the tables of guide services.
    func tables(_ kind: TestDatabase.Kind) async throws -> [(name: String, text: String)] {
        let names = SeasonSchema.migrations.flatMap(\.statements).compactMap { statement -> String? in
            let words = statement.split(whereSeparator: { " (\n".contains($0) }).map(String.init)
            return words.starts(with: ["CREATE", "TABLE"]) ? words[2] : nil
        }
        return try await server.platform.database.read { session in
            try names.map { name in
                let columns = try session.all(
                    kind == .sqlite
                        ? "SELECT name FROM pragma_table_info('\(name)')"
                        : "SELECT column_name::text FROM information_schema.columns WHERE table_name = '\(name)'"
                ) { try $0.text(0) }
                let whole = columns.map { "COALESCE(CAST(\($0) AS TEXT), '')" }.joined(separator: " || ' ' || ")
                let rows = try session.all("SELECT \(whole) FROM \(name)") { try $0.text(0) }
                return (name, rows.joined(separator: "\n"))
            }
        }
    }
}
