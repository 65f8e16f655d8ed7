import Accounts
import Authorization
import CivilTime
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOEmbedded
import SQLite
import StorageKit
import Sync
import Synchronization

@testable import Web

/// All pages on a SQLite file of their own, with a clock that tests move.
final class Stand: Sendable {
    let database: SQLiteDatabase
    let services: WebServices
    let calendars = RecordingCalendars()
    let events = FixedEvents()
    let clock = Clock()
    let pages: PageRenderer
    private let responder: RouterResponder<BasicRequestContext>
    private let folder: URL

    final class Clock: Sendable {
        private let instant = Mutex(Stand.now)
        var now: Instant { instant.withLock { $0 } }
        func advance(bySeconds seconds: Int64) {
            instant.withLock { $0 = Instant(seconds: $0.seconds + seconds) }
        }
    }

    /// Wednesday 2 April 2031, 11:20 in Paris.
    static let now = Instant(seconds: 1_932_888_000)

    init(publicURL: String = "http://127.0.0.1:8080") async throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("web-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        database = try await SQLiteDatabase.open(path: folder.appendingPathComponent("web.sqlite").path)
        try await Migrator(database, migrations: PlatformSchema.migrations).migrate()
        let clock = clock
        let accounts = AccountStore(
            database: database, key: SealingKey(bytes: [UInt8](repeating: 7, count: 32))!, now: { clock.now })
        services = WebServices(
            profiles: ProfileStore(accounts: accounts), events: events, connecting: calendars, vendors: NoVendors(),
            signIns: SignIns(accounts: accounts),
            authorization: AuthorizationDesk(accounts: accounts, queue: WorkQueue(database, random: { 0 })),
            mailDomains: FixedDomains(), api: NoAPI(), publicURL: publicURL)
        pages = try PageRenderer()
        let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
        try addWebRoutes(to: router, services: services)
        responder = router.buildResponder()
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    struct Reply {
        let status: Int
        let headers: HTTPFields
        let text: String
        var location: String? { headers[.location] }
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields = [:], body: [UInt8] = []
    ) async throws -> Reply {
        let request = Request(
            head: HTTPRequest(
                method: method, scheme: "http", authority: "127.0.0.1:8080", path: path, headerFields: headers),
            body: RequestBody(buffer: ByteBuffer(bytes: body)))
        let context = BasicRequestContext(
            source: ApplicationRequestContextSource(
                channel: NIOAsyncTestingChannel(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
        let response = try await responder.respond(to: request, context: context)
        let writer = CollectingWriter()
        try await response.body.write(writer)
        return Reply(
            status: response.status.code, headers: response.headers,
            text: String(decoding: writer.bytes.withLock { $0 }, as: UTF8.self))
    }
}

private final class CollectingWriter: ResponseBodyWriter, Sendable {
    let bytes = Mutex<[UInt8]>([])
    func write(_ buffer: ByteBuffer) async throws { bytes.withLock { $0 += buffer.readableBytesView } }
    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

/// A browser's part: keeps cookies, sends forms with the token of the page they stand on.
final class Browser: Sendable {
    let stand: Stand
    private let cookies = Mutex<[String: String]>([:])

    init(_ stand: Stand) { self.stand = stand }

    /// Signs in by a fresh link.
    static func signedIn(_ stand: Stand, as account: AccountID?) async throws -> Browser {
        let browser = Browser(stand)
        let link = try await stand.services.signIns.issueLink(account: account).reveal()
        let page = try await browser.get("/sign-in/\(link)")
        _ = try await browser.post("/sign-in/\(link)", token: page.formToken)
        return browser
    }

    func get(_ path: String) async throws -> Stand.Reply { try await send(.get, path) }

    func post(
        _ path: String, _ fields: [(String, String)] = [], token: String?, headers: HTTPFields = [:]
    ) async throws -> Stand.Reply {
        let all = fields + (token.map { [("form_token", $0)] } ?? [])
        let text = all.map { PercentCoding.encodeSegment($0.0) + "=" + PercentCoding.encodeSegment($0.1) }
            .joined(separator: "&")
        var headers = headers
        headers[.contentType] = headers[.contentType] ?? "application/x-www-form-urlencoded"
        return try await send(.post, path, headers: headers, body: Array(text.utf8))
    }

    /// Posts to `path` with the form token of the person page or of `page`.
    func submit(_ path: String, _ fields: [(String, String)] = [], from page: String) async throws -> Stand.Reply {
        try await post(path, fields, token: try await get(page).formToken)
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields = [:], body: [UInt8] = []
    ) async throws -> Stand.Reply {
        var headers = headers
        let jar = cookies.withLock { $0 }
        if !jar.isEmpty { headers[.cookie] = jar.map { "\($0.key)=\($0.value)" }.joined(separator: "; ") }
        let reply = try await stand.send(method, path, headers: headers, body: body)
        for field in reply.headers[values: .setCookie] {
            let pair = field.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
            cookies.withLock { $0[String(pair[0])] = pair.count > 1 ? String(pair[1]) : nil }
        }
        return reply
    }

    func cookie(_ name: String) -> String? { cookies.withLock { $0[name] } }
    func forget(_ name: String) { cookies.withLock { $0[name] = nil } }
    func plant(_ name: String, _ value: String) { cookies.withLock { $0[name] = value } }
}

extension Stand.Reply {
    /// The token of the first form of the page.
    var formToken: String? {
        let mark = "name=\"form_token\" value=\""
        guard let start = text.range(of: mark) else { return nil }
        return String(text[start.upperBound...].prefix { $0 != "\"" })
    }
}
