import CalDAV
import CivilTime
import GuardedHTTP
import ProviderKit
import ProviderTesting
import Support
import Testing

@Suite("CalDAV on real servers")
struct CalDAVSuiteTests {
    @Test("behaves as every provider must", arguments: CalDAVServer.Kind.allCases)
    func behaves(kind: CalDAVServer.Kind) async throws {
        let server = try CalDAVServer(kind)
        for (number, behaviour) in ProviderBehaviour.allCases.enumerated() {
            let fixture = try await CalDAVFixture(server, calendar: "calendar\(number)")
            guard behaviour.applies(to: fixture) else { continue }
            do { try await behaviour.show(on: fixture) } catch {
                Issue.record("\(kind.rawValue), \(behaviour): \(error)")
            }
        }
    }
}

/// A real server with a second client, which writes without conditions.
struct CalDAVFixture: ProviderFixture {
    let server: CalDAVServer
    let calendar: RemoteCalendarID
    private let path: String
    let isReadOnly = false
    private let client = GuardedClient(policy: .development)

    /// On a new calendar of `server`.
    init(_ server: CalDAVServer, calendar name: String) async throws {
        self.server = server
        path = server.homePath + name + "/"
        calendar = RemoteCalendarID(server.url + path)
        try await send("MKCALENDAR", path, nil, expecting: [201])
    }

    /// On the calendar that the server came with.
    init(existing server: CalDAVServer) {
        (self.server, path) = (server, server.calendarPath)
        calendar = RemoteCalendarID(server.url + server.calendarPath)
    }

    func connect() -> any CalendarProvider { provider(password: CalDAVServer.password) }

    func connectWithWrongCredential() -> (any CalendarProvider)? {
        server.kind.checksPasswords ? provider(password: "wrong") : nil
    }

    func provider(
        password: String, limits: CalDAVLimits = Self.smallPages, now: @escaping @Sendable () -> Instant = { Self.time }
    ) -> CalDAVProvider {
        do {
            let account = try CalDAVAccount(
                service: .generic, server: server.url, user: CalDAVServer.user, password: Secret(password))
            return CalDAVProvider(
                account: account, client: GuardedClient(policy: .development), reader: ItemReader(zones: .system),
                limits: limits, now: now)
        } catch { preconditionFailure("the server's address is one of ours: \(error)") }
    }

    static let time = Instant(seconds: 1_790_000_000)

    static var smallPages: CalDAVLimits {
        var limits = CalDAVLimits()
        (limits.multiget, limits.fetchedPerPage) = (4, 8)
        return limits
    }

    func write(_ text: String, uid: String) async throws {
        try await send("PUT", "\(path)\(uid).ics", text, expecting: [200, 201, 204])
    }

    func remove(uid: String) async throws { try await send("DELETE", "\(path)\(uid).ics", nil, expecting: [200, 204]) }

    /// Servers refuse damaged text, so it is planted where the server keeps its files.
    func poison() async throws -> Bool { false }

    func stop() async throws -> Bool {
        server.stop()
        return true
    }
    func start() async throws { try server.start() }

    private func send(_ method: String, _ path: String, _ body: String?, expecting: Set<Int>) async throws {
        let address = try WebAddress(parsing: server.url + path)
        let response = try await client.send(
            FetchRequest(
                method, address, headers: body == nil ? [] : [Header("Content-Type", "text/calendar; charset=utf-8")],
                body: body.map { Array($0.utf8) },
                credential: Credential(
                    user: CalDAVServer.user, password: Secret(CalDAVServer.password), for: address.origin)))
        try #require(expecting.contains(response.status), "\(method) \(path) gave \(response.status)")
    }
}
