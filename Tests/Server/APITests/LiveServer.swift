import Accounts
import CronofyWire
import HTTPTypes
import Hummingbird
import Logging
import NIOEmbedded
import Season
import StorageKit
import Support
import Synchronization
import Testing

@testable import API
@testable import App

/// Everything the server answers, without a socket, on a database of its own.
final class LiveServer: Sendable {
    let platform: AnchorpointPlatform
    private let responder: RouterResponder<ServerContext>
    private let database: TestDatabase

    static let base = "http://127.0.0.1:8080"

    init(
        _ kind: TestDatabase.Kind = .sqlite, rate: RequestRate = .unlimited, vendors: [String: VendorSettings] = [:],
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) async throws {
        database = try await TestDatabase.make(kind)
        try await Migrator(database.database, migrations: PlatformSchema.migrations).migrate()
        try await Migrator(
            database.database, migrations: SeasonSchema.migrations, ledger: SeasonSchema.ledger
        ).migrate()
        var configuration = try Configuration(flags: ["database": "sqlite:/nowhere"], environment: [:])
        configuration.key = String(repeating: "07", count: 32)
        configuration.publicURL = Self.base
        configuration.vendors = vendors
        (configuration.requestsPerSecond, configuration.requestsPerMinute) = (rate.perSecond, rate.perMinute)
        platform = try await AnchorpointPlatform(
            configuration, database: database.database, logger: logger)
        responder = try AnchorpointServer(platform: platform, listening: { _ in }).router().buildResponder()
    }

    func close() async { await database.close() }

    struct Reply: Sendable {
        let status: Int
        let headers: HTTPFields
        let text: String
        var json: JSONValue {
            get throws { try JSONValue(parsing: Array(text.utf8)) }
        }
        /// A member of the answer that is a string.
        subscript(name: String) -> String? {
            guard case .string(let text)? = try? json[name] else { return nil }
            return text
        }
        var error: String? { self["error"] }
        var location: String? { headers[.location] }
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, bearer: String? = nil, headers: HTTPFields = [:],
        body: String = ""
    ) async throws -> Reply {
        var headers = headers
        if let bearer { headers[.authorization] = "Bearer " + bearer }
        if !body.isEmpty && headers[.contentType] == nil { headers[.contentType] = "application/json" }
        let request = Request(
            head: HTTPRequest(
                method: method, scheme: "http", authority: "127.0.0.1:8080", path: path, headerFields: headers),
            body: RequestBody(buffer: ByteBuffer(string: body)))
        let context = ServerContext(
            source: ApplicationRequestContextSource(channel: NIOAsyncTestingChannel(), logger: platform.logger))
        let response = try await responder.respond(to: request, context: context)
        let writer = CollectingWriter()
        try await response.body.write(writer)
        // Every answer of every test is held against openapi.json.
        for fault in ContractCheck.faults(
            method, path: path, status: response.status.code, body: writer.bytes.withLock { $0 })
        { Issue.record("\(fault)") }
        return Reply(
            status: response.status.code, headers: response.headers,
            text: String(decoding: writer.bytes.withLock { $0 }, as: UTF8.self))
    }

    /// A JSON object of strings.
    func post(_ path: String, _ members: [String: String], bearer: String? = nil) async throws -> Reply {
        var writer = JSONWriter()
        writer.value(JSONValue.object(members.mapValues(JSONValue.string)))
        return try await send(.post, path, bearer: bearer, body: writer.text)
    }
}

private final class CollectingWriter: ResponseBodyWriter, Sendable {
    let bytes = Mutex<[UInt8]>([])
    func write(_ buffer: ByteBuffer) async throws { bytes.withLock { $0 += buffer.readableBytesView } }
    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
