import Accounts
import CivilTime
import CronofyWire
import Foundation
import GuardedHTTP
import Hummingbird
import Logging
import SandboxKit
import StorageKit
import Support
import Testing
import Web

@testable import App
@testable import SandboxServer

/// A live server that is registered at both vendors' stand-ins, which listen on loopback, and a person with a browser.
struct LinkWorld: Sendable {
    let server: LiveServer
    let sandbox: SandboxWorld
    let account: AccountID
    let client: ClientID
    let bearer: String
    let browser: PageBrowser
    fileprivate let serving: Task<Void, any Error>

    struct Missing: Error {}

    static let people = [
        "google": "pretend.anna@gmail.example", "microsoft": "pretend.cleo@outlook.example",
    ]

    init(_ kind: TestDatabase.Kind = .sqlite) async throws {
        let port = try Self.freePort()
        let base = "http://127.0.0.1:\(port)"
        let now = AnchorpointPlatform.now
        sandbox = try SandboxWorld(base: base, people: SandboxPeople(around: now()), now: now)
        let service = SandboxService(world: sandbox, host: "127.0.0.1", port: port)
        let (running, signal) = AsyncStream.makeStream(of: Void.self)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        serving = Task { try await service.application(logger: logger) { signal.finish() }.run() }
        for await _ in running {}
        var vendors: [String: VendorSettings] = [:]
        for vendor in VendorSettings.vendors {
            vendors[vendor] = VendorSettings(pretendAt: try WebAddress(parsing: base + "/" + vendor))
        }
        server = try await LiveServer(kind, vendors: vendors)
        let accounts = server.platform.accounts
        let (application, _) = try await accounts.createApplication(
            name: "Trips", redirectURIs: [OAuthWorld.redirect])
        let tokens = try await accounts.createAccount(
            client: application.id, email: "maya@example.com", name: "Maya", zone: ZoneID("Europe/Paris"), scope: .all)
        (account, client, bearer) = (tokens.account, application.id, tokens.accessToken.reveal())
        browser = PageBrowser(server)
        let link = try await SignIns(accounts: accounts).issueLink(account: account).reveal()
        let page = try await browser.get("/sign-in/" + link)
        _ = try await browser.submit(page, to: "/sign-in/")
    }

    func close() async {
        serving.cancel()
        await server.close()
    }

    private static func freePort() throws -> Int {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { Glibc.close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        guard isBound else { throw Missing() }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    func person(_ vendor: String) throws -> any SandboxPerson {
        try #require(sandbox.vendors.first { $0.name == vendor }?.person(Self.people[vendor] ?? ""))
    }

    /// From our page to the vendor's consent; where the browser is sent back to, on this server.
    func consent(
        _ vendor: String, from path: String? = nil, answer: String = "allow", scopes: [String]? = nil
    ) async throws -> String {
        let away = try await browser.get(path ?? "/people/\(account.value)/connect/\(vendor)")
        let address = try #require(away.location)
        let base = sandbox.base
        try #require(away.status == 302 && address.hasPrefix(base + "/" + vendor))
        let asked = try #require(away.parameter("scope")).split(whereSeparator: { $0 == " " || $0 == "+" }).map(
            String.init)
        let form =
            ["as=" + (Self.people[vendor] ?? ""), "answer=" + answer]
            + (scopes ?? asked).map { "scope=" + PageBrowser.encoded($0) }
        let reply = await sandbox.reply(
            to: SandboxRequest(
                "POST", String(address.dropFirst(base.count)), body: Array(form.joined(separator: "&").utf8)))
        guard case .page(let page) = reply, let back = page.location else { throw Missing() }
        try #require(back.hasPrefix(LiveServer.base + "/connect/\(vendor)/callback?"))
        return String(back.dropFirst(LiveServer.base.count))
    }

    func link(_ vendor: String) async throws -> Profile {
        let done = try await browser.get(try await consent(vendor))
        #expect(done.location == "/people/\(account.value)?done=connected", "\(done.text)")
        try await server.settle()
        return try await profile(vendor)
    }

    func profile(_ vendor: String) async throws -> Profile {
        try #require(
            try await server.platform.profiles.profiles(of: account).first { $0.provider.value == vendor })
    }

    /// Reads again now.
    func sync(_ vendor: String) async throws {
        try await server.platform.connector.syncNow(try await profile(vendor).id, of: account)
        try await server.settle()
    }

    /// Titles that the API tells, of all calendars.
    func titles() async throws -> [String] {
        let reply = try await server.send(
            .get, "/v1/events?tzid=Etc/UTC&include_managed=true", bearer: bearer)
        return try #require(reply.json["events"]?.list).compactMap { $0["summary"]?.text }
    }

    /// The id that our API has for the person's own calendar.
    func calendar(_ vendor: String) async throws -> String {
        let profile = try await profile(vendor)
        return try #require(
            try await server.platform.profiles.calendars(of: account).first { $0.profile == profile.id && $0.isPrimary }
        ).id.value
    }
}

extension LinkWorld {
    /// The same world seen by another browser.
    init(_ world: LinkWorld, browser: PageBrowser) {
        (server, sandbox, account, client) = (world.server, world.sandbox, world.account, world.client)
        (bearer, serving, self.browser) = (world.bearer, world.serving, browser)
    }
}
