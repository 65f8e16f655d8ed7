import Accounts
import CivilTime
import CronofyWire
import HTTPTypes
import Hummingbird
import Logging
import NIOEmbedded
import StorageKit
import Support
import Synchronization
import Testing

@testable import API
@testable import App

@Suite("Operating: numbers of requests, logs without secrets, metrics")
struct OperatingTests {
    @Test("every answer carries a number, and so does every line logged meanwhile")
    func requestNumbers() async throws {
        let lines = LogLines()
        let server = try await LiveServer(logger: lines.logger)
        let name = try #require(HTTPField.Name("X-Request-Id"))
        for path in ["/healthz", "/v1/account", "/v1/nowhere", "/nowhere", "/", "/openapi.json"] {
            let reply = try await server.send(.get, path)
            let id = try #require(reply.headers[name], "\(path)")
            #expect(lines.all.contains { $0.contains("request=\(id)") }, "\(path)")
        }
        #expect(lines.all.allSatisfy { $0.contains("request=req_") })
        await server.close()
    }

    /// Tokens, keys, codes, passwords and what people wrote, sent in every place they can stand.
    @Test("no planted secret is in any log line or in the request log", arguments: TestDatabase.kinds)
    func planted(_ kind: TestDatabase.Kind) async throws {
        let lines = LogLines()
        let world = try await NotifyWorld(kind, logger: lines.logger)
        let server = world.server
        let planted = "planted-\(Crypto.token(12))"
        try await world.write("visible-id", summary: planted)
        _ = try await server.post(
            "/oauth/token",
            [
                "grant_type": "authorization_code", "client_id": world.listener.value, "client_secret": world.secret,
                "code": planted, "redirect_uri": "https://\(planted).example",
            ])
        _ = try await server.send(.get, "/v1/events?tzid=Etc/UTC&state=\(planted)", bearer: world.token)
        _ = try await server.send(.get, "/v1/events/pages/\(planted)", bearer: world.token)
        _ = try await server.send(.get, "/v1/account", bearer: planted)
        _ = try await server.send(.get, "/sign-in/\(planted)?next=\(planted)")
        _ = try await server.post("/v1/channels", ["callback_url": "https://x.example/\(planted)"], bearer: world.token)
        _ = try await server.send(.post, "/v1/channels", bearer: world.token, body: "{\"a\": \"\(planted)")
        try await server.platform.requestLog.flush()
        var logged: [LoggedRequest] = []
        for client in [world.listener, world.writer] {
            logged += try await server.platform.requestLog.requests(of: client)
        }
        // The control: what is not secret is there, so looking would find it.
        #expect(lines.all.contains { $0.contains("/v1/events/pages/{token}") })
        #expect(logged.contains { $0.body.contains("visible-id") })
        #expect(logged.contains { $0.route == "/oauth/token" && $0.body.contains("•••") })
        for secret in [planted, world.token, world.secret, world.writerToken] {
            #expect(lines.all.filter { $0.contains(secret) } == [])
            #expect(logged.filter { "\($0)".contains(secret) } == [])
        }
        await world.close()
    }

    @Test("a full request log drops entries and holds nobody up")
    func fullLog() async throws {
        let world = try await NotifyWorld()
        for _ in 0..<600 { _ = try await world.server.send(.get, "/v1/account", bearer: world.token) }
        try await world.server.platform.requestLog.flush()
        let logged = try await world.server.platform.requestLog.requests(of: world.listener, limit: 1000)
        #expect(logged.count == 500)
        let metrics = try await world.server.send(.get, "/metrics").text
        #expect(metrics.contains("anchorpoint_requests_not_logged_total 100"))
        await world.close()
    }

    @Test("metrics name lag, work, deliveries and answers in Prometheus' format", arguments: TestDatabase.kinds)
    func metrics(_ kind: TestDatabase.Kind) async throws {
        let world = try await NotifyWorld(kind)
        try await world.open("http://127.0.0.1:9/hook")
        try await world.write("pushed")
        #expect(try await world.server.send(.get, "/healthz").status == 200)
        #expect(try await world.server.send(.get, "/readyz").status == 200)
        let text = try await world.server.send(.get, "/metrics").text
        for name in [
            "anchorpoint_sync_lag_seconds{provider=", "anchorpoint_work_oldest_seconds{kind=\"push.item\"}",
            "anchorpoint_answers_total{class=\"2xx\"}", "anchorpoint_notices_waiting 2", "anchorpoint_channels 1",
        ] {
            #expect(text.contains(name), "\(name) is not in \(text)")
        }
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            #expect(Int64(line.split(separator: " ").last ?? "") != nil, "\(line)")
        }
        await world.close()
    }

    @Test("when the database is away, readiness says so and liveness does not")
    func notReady() async throws {
        let key = try #require(SealingKey(bytes: Array(repeating: 7, count: 32)))
        let router = Router()
        addOperatingRoutes(
            to: router, accounts: AccountStore(database: AwayDatabase(), key: key, now: { Instant(seconds: 0) }),
            metrics: ServerMetrics(), walBytes: { nil })
        let responder = router.buildResponder()
        func status(_ path: String) async throws -> Int {
            let request = Request(
                head: HTTPRequest(method: .get, scheme: "http", authority: "x", path: path),
                body: RequestBody(buffer: ByteBuffer()))
            let source = ApplicationRequestContextSource(
                channel: NIOAsyncTestingChannel(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            return try await responder.respond(to: request, context: BasicRequestContext(source: source)).status.code
        }
        #expect(try await status("/healthz") == 200)
        #expect(try await status("/readyz") == 503)
        #expect(try await status("/metrics") == 200)
    }
}

private struct AwayDatabase: Database {
    let dialect = Dialect.postgresql
    func read<T: Sendable>(_ body: @escaping @Sendable (any ReadSession) throws -> T) async throws -> T {
        throw StorageError.unavailable(reason: "away")
    }
    func write<T: Sendable>(_ body: @escaping @Sendable (any WriteSession) throws -> T) async throws -> T {
        throw StorageError.unavailable(reason: "away")
    }
    func close() async {}
    func mark() throws -> CommitMark { throw StorageError.unavailable(reason: "away") }
}

/// Keeps every line that is logged, at every level.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(lines: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace
        var metadataProvider: Logger.MetadataProvider? = RequestID.metadata

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            var all = metadata.merging(metadataProvider?.get() ?? [:]) { $1 }
            all.merge(event.metadata ?? [:]) { $1 }
            let text = all.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
            lines.lines.withLock { $0.append("\(event.level) \(event.message) \(text)") }
        }
    }
}
