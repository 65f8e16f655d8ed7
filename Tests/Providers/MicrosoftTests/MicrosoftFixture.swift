import CivilTime
import CronofyWire
import GuardedHTTP
import ICalendar
import ProviderKit
import ProviderTesting
import SandboxKit
import SandboxMicrosoft
import SignInKit
import Synchronization

@testable import Microsoft

/// Carries requests to the stand-in, and counts them.
final class SandboxExchange: GraphExchange {
    static let base = "https://graph.microsoft.com/v1.0"
    let sandbox: GraphSandbox
    private let isAway = Mutex(false)
    private let asked = Mutex<[String]>([])

    init(_ sandbox: GraphSandbox) { self.sandbox = sandbox }

    var requests: [String] { asked.withLock { $0 } }
    func go(away: Bool) { isAway.withLock { $0 = away } }

    func send(_ request: GraphRequest) async throws(GraphSilence) -> GraphResponse {
        guard !isAway.withLock({ $0 }) else { throw GraphSilence("The server could not be reached.") }
        var target = request.path
        if target.hasPrefix(Self.base) { target.removeFirst(Self.base.count) }
        asked.withLock { $0.append(request.method + " " + target) }
        let headers = Dictionary(request.headers.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
        let answer = sandbox.answer(
            SandboxRequest(request.method, target, headers: headers, body: request.body ?? []))
        return GraphResponse(status: answer.status, headers: answer.headers, body: answer.body)
    }
}

/// Gives one token, and another one where that was refused.
struct TokenPair: AccessTokens {
    var first = "good"
    var second: String?
    func token(afterRefusalOf refused: Secret?) async throws(RemoteFailure) -> Secret {
        if refused == nil { return Secret(first) }
        guard let second else { throw .authorizationLost(reason: GraphFailures.refusedToken) }
        return Secret(second)
    }
}

struct MicrosoftFixture: ProviderFixture {
    let exchange: SandboxExchange
    var isReadOnly = false
    var pageSize = 5
    static let now = Instant(seconds: 1_783_000_000)

    var sandbox: GraphSandbox { exchange.sandbox }
    var calendar: RemoteCalendarID { RemoteCalendarID(sandbox.defaultCalendar) }

    init(isReadOnly: Bool = false) {
        exchange = SandboxExchange(GraphSandbox(token: "good"))
        self.isReadOnly = isReadOnly
        if isReadOnly { sandbox.makeReadOnly(sandbox.defaultCalendar) }
    }

    func connect() -> any CalendarProvider { connect(TokenPair()) }

    func connect(_ tokens: TokenPair, now: Instant = MicrosoftFixture.now) -> any CalendarProvider {
        var limits = GraphLimits()
        // The suite's events lie in the whole of 2026.
        (limits.pageSize, limits.daysBack) = (pageSize, 365)
        return MicrosoftProvider(
            exchange: exchange, tokens: tokens, reader: ItemReader(zones: .system), limits: limits, now: { now })
    }

    func connectWithWrongCredential() -> (any CalendarProvider)? { connect(TokenPair(first: "bad")) }

    /// In Graph's own words, as Outlook would: the event, then its instances one by one.
    func write(_ text: String, uid: String) async throws {
        let wanted = try WantedSeries(text, zones: .system, mailboxZone: nil)
        let id = try required(sandbox.write(JSONValue.object(wanted.master).bytes, uid: uid, in: calendar.value))
        for (slot, members) in wanted.instances {
            let day = Zone.utc.civil(at: slot).date.description
            let target = "/me/events/" + GraphClient.segment("OID.\(id).\(day)")
            let method = members == nil ? "DELETE" : "PATCH"
            // A person may write what an application may not read only.
            _ = sandbox.answer(
                SandboxRequest(
                    method, target, headers: ["authorization": "Bearer good"],
                    body: members.map { JSONValue.object($0).bytes } ?? []))
        }
    }

    private func required(_ id: String?) throws -> String {
        guard let id else { throw MappingRefusal("The stand-in took no event.") }
        return id
    }

    func remove(uid: String) async throws { sandbox.remove(uid: uid) }

    func poison() async throws -> Bool {
        sandbox.poison(in: calendar.value)
        return true
    }

    func stop() async throws -> Bool {
        exchange.go(away: true)
        return true
    }

    func start() async throws { exchange.go(away: false) }
}
