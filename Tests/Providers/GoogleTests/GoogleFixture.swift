import CivilTime
import CronofyWire
import GuardedHTTP
import ICalendar
import ProviderKit
import ProviderTesting
import SandboxGoogle
import SandboxKit
import SignInKit
import Synchronization

@testable import Google

/// Carries requests to the stand-in, and keeps what was asked.
final class SandboxTransport: GoogleTransport {
    let sandbox: CalendarSandbox
    private let isAway = Mutex(false)
    private let asked = Mutex<[String]>([])

    init(_ sandbox: CalendarSandbox) { self.sandbox = sandbox }

    var requests: [String] { asked.withLock { $0 } }
    func go(away: Bool) { isAway.withLock { $0 = away } }

    func send(_ request: FetchRequest) async throws(FetchFailure) -> FetchResponse {
        guard !isAway.withLock({ $0 }) else { throw .notReached }
        let target = request.address.path + (request.address.query.map { "?" + $0 } ?? "")
        asked.withLock { $0.append(request.method + " " + target) }
        let headers = Dictionary(request.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
        let answer = sandbox.answer(
            SandboxRequest(request.method, target, headers: headers, body: request.body ?? []))
        return FetchResponse(
            status: answer.status, headers: answer.headers.map { Header($0.key, $0.value) }, body: answer.body,
            address: request.address, transferred: answer.body.count)
    }
}

/// Gives one token, and another one where that was refused.
struct TokenPair: AccessTokens {
    var first = "good"
    var second: String?
    func token(afterRefusalOf refused: Secret?) async throws(RemoteFailure) -> Secret {
        if refused == nil { return Secret(first) }
        guard let second else { throw .authorizationLost(reason: GoogleFailures.refusedToken) }
        return Secret(second)
    }
}

struct GoogleFixture: ProviderFixture {
    let transport = SandboxTransport(CalendarSandbox(token: "good"))
    let isReadOnly: Bool
    var invitations = GoogleInvitations.none

    var sandbox: CalendarSandbox { transport.sandbox }
    var calendar: RemoteCalendarID { RemoteCalendarID(sandbox.primary) }

    init(isReadOnly: Bool = false) {
        self.isReadOnly = isReadOnly
        if isReadOnly { sandbox.makeReadOnly(sandbox.primary) }
    }

    func connect() -> any CalendarProvider { connect(TokenPair()) }

    func connect(_ tokens: TokenPair) -> any CalendarProvider {
        var limits = GoogleLimits()
        limits.pageSize = 5
        do {
            return GoogleProvider(
                transport: transport, tokens: tokens,
                base: try WebAddress(parsing: "https://google.example/calendar/v3"),
                reader: ItemReader(zones: .system), limits: limits, invitations: invitations)
        } catch { preconditionFailure("the address is one") }
    }

    func connectWithWrongCredential() -> (any CalendarProvider)? { connect(TokenPair(first: "bad")) }

    /// As a person would in Google's own pages: the event, then its instances one by one.
    func write(_ text: String, uid: String) async throws {
        let wanted = try WantedSeries(WantedSeries.read(text, .system), zones: .system, calendarZone: nil)
        var master = wanted.master
        // People delete instances; only imports have EXDATE.
        if let lines = master["recurrence"]?.list {
            master["recurrence"] = .array(lines.filter { $0.text?.hasPrefix("EXDATE") != true })
        }
        guard let id = sandbox.write(JSONValue.object(master).bytes, uid: uid, in: calendar.value) else {
            throw MappingRefusal("The stand-in took no event.")
        }
        for (slot, members) in wanted.instances.sorted(by: { $0.key < $1.key }) {
            let text = Zone.utc.civil(at: slot).description.filter { $0 != "-" && $0 != ":" } + "Z"
            try ask(members == nil ? "DELETE" : "PATCH", id + "_" + text, members)
        }
    }

    /// One request of the person's own.
    func ask(_ method: String, _ id: String, _ members: [String: JSONValue]?) throws {
        let target = "/calendar/v3/calendars/" + PercentEncoding.segment(calendar.value) + "/events/" + id
        let body = members.map { JSONValue.object($0).bytes } ?? []
        let answer = sandbox.answer(
            SandboxRequest(method, target, headers: ["authorization": "Bearer good"], body: body))
        // A cancelled instance can be deleted once.
        guard answer.status < 300 || answer.status == 410 else { throw MappingRefusal("refused: \(answer.status)") }
    }

    func remove(uid: String) async throws { sandbox.remove(uid: uid) }

    func poison() async throws -> Bool {
        sandbox.poison(in: calendar.value)
        return true
    }

    func stop() async throws -> Bool {
        transport.go(away: true)
        return true
    }

    func start() async throws { transport.go(away: false) }
}
