import CalDAV
import CivilTime
import Foundation
import GuardedHTTP
import ProviderKit
import ProviderTesting
import Testing

/// The shared behaviours on any CalDAV server on loopback that somebody has running: CALDAV_TEST_SERVER is its address,
/// CALDAV_TEST_HOME the path under which calendars may be made, CALDAV_TEST_USER and CALDAV_TEST_PASSWORD an account.
@Suite("CalDAV on a server that is named from outside")
struct ExternalServerTests {
    private static let settings = ProcessInfo.processInfo.environment

    @Test(
        "behaves as every provider must", .enabled(if: settings["CALDAV_TEST_SERVER"] != nil),
        arguments: ProviderBehaviour.allCases)
    func behaves(_ behaviour: ProviderBehaviour) async throws {
        let fixture = try await ExternalFixture(
            Self.settings, calendar: "suite-\(UUID().uuidString.prefix(8).lowercased())")
        guard behaviour.applies(to: fixture) else { return }
        do { try await behaviour.show(on: fixture) } catch {
            await fixture.clear()
            throw error
        }
        await fixture.clear()
    }
}

private struct ExternalFixture: ProviderFixture {
    let calendar: RemoteCalendarID
    let isReadOnly = false
    private let server, user, password: String
    private let client = GuardedClient(policy: .development)

    init(_ settings: [String: String], calendar name: String) async throws {
        server = try #require(settings["CALDAV_TEST_SERVER"])
        user = settings["CALDAV_TEST_USER"] ?? "anna"
        password = settings["CALDAV_TEST_PASSWORD"] ?? ""
        let home = try WebAddress(parsing: server).resolving(settings["CALDAV_TEST_HOME"] ?? "/")
        calendar = RemoteCalendarID(try home.resolving(name + "/").description)
        let body = """
            <?xml version="1.0"?><C:mkcalendar xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:"><D:set><D:prop>\
            <D:displayname>\(name)</D:displayname></D:prop></D:set></C:mkcalendar>
            """
        try await send("MKCALENDAR", "", body, type: "application/xml")
    }

    func clear() async {
        do { try await send("DELETE", "", nil) } catch { print("left behind: \(calendar.value)") }
    }

    func connect() -> any CalendarProvider { provider(password) }
    func connectWithWrongCredential() -> (any CalendarProvider)? { provider(password + "x") }

    private func provider(_ password: String) -> CalDAVProvider {
        do {
            let account = try CalDAVAccount(service: .generic, server: server, user: user, password: Secret(password))
            return CalDAVProvider(
                account: account, client: GuardedClient(policy: .development), reader: ItemReader(zones: .system),
                limits: CalDAVFixture.smallPages, now: { CalDAVFixture.time })
        } catch { preconditionFailure("CALDAV_TEST_SERVER is no address: \(error)") }
    }

    func write(_ text: String, uid: String) async throws { try await send("PUT", uid + ".ics", text) }
    func remove(uid: String) async throws { try await send("DELETE", uid + ".ics", nil) }
    func poison() async throws -> Bool { false }
    func stop() async throws -> Bool { false }
    func start() async throws {}

    private func send(_ method: String, _ name: String, _ body: String?, type: String = "text/calendar") async throws {
        let address = try WebAddress(parsing: calendar.value).resolving(name.isEmpty ? "./" : name)
        let response = try await client.send(
            FetchRequest(
                method, address, headers: body == nil ? [] : [Header("Content-Type", type)],
                body: body.map { Array($0.utf8) },
                credential: Credential(user: user, password: Secret(password), for: address.origin)))
        try #require((200...299).contains(response.status), "\(method) \(address) gave \(response.status)")
    }
}
