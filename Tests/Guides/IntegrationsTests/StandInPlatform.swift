import CivilTime
import CronofyClient
import CronofySigning
import CronofyWire
import Synchronization

/// A platform in memory, as a client's transport sees one: accounts, profiles, calendars, events and channels, with
/// switches for what goes wrong. What it is asked is kept.
final class StandInPlatform: CronofyTransport {
    static let base = "https://platform.example.com"
    static let clientID = "client"
    static let secret = "application-secret"

    struct Entry: Sendable {
        var uid: String
        /// Of the application's own events.
        var id: String?
        var calendar: String
        var start, end: String
        var changed: Int64
        var isDeleted = false
        var status = "busy"
        /// Members of `/v1/events` beside the usual ones.
        var more: [String: JSONValue] = [:]
    }

    struct Calendar: Sendable {
        var id: String
        var isPrimary = true
        var isReadOnly = false
        var isDeleted = false
        var name = "Calendar"
    }

    struct Account: Sendable {
        var sub: String
        var zone = "America/Denver"
        var profile: String
        var provider = "google"
        var isConnected = true
        var needsFirstRead = false
        var calendars: [Calendar]
        var entries: [String: Entry] = [:]
        var channels: [String] = []
        var isRevoked = false
    }

    struct State: Sendable {
        var accounts: [String: Account] = [:]
        var codes: [String: String] = [:]
        var isAway = false
        var isStalled = false
        /// Pages from there on are refused.
        var failsFromOffset: Int?
        var tokens = 0
        /// Access tokens that have run out.
        var spent: Set<String> = []
        var calls: [String] = []
        var revoked: [String] = []
        var pageSize = 100
        /// After so many more calls that change something, they are done and their answers lost.
        var forgetsAnswers: Int?
        var givesIDs = true
    }

    let state = Mutex(State())
    let clock: TestClock

    init(clock: TestClock) { self.clock = clock }

    func with<T: Sendable>(_ body: (inout sending State) throws -> sending T) rethrows -> T {
        try state.withLock(body)
    }

    var calls: [String] { state.withLock { $0.calls } }

    /// An account with one primary calendar, and a code that links it.
    func add(_ number: Int) -> String {
        state.withLock {
            $0.accounts["acc_\(number)"] = Account(
                sub: "acc_\(number)", profile: "pro_\(number)", calendars: [Calendar(id: "cal_\(number)")])
            $0.codes["code_\(number)"] = "acc_\(number)"
        }
        return "code_\(number)"
    }

    func change(_ number: Int, _ body: (inout Account) -> Void) {
        state.withLock { state in
            guard var account = state.accounts["acc_\(number)"] else { return }
            body(&account)
            state.accounts["acc_\(number)"] = account
        }
    }

    /// Puts an entry into an account's calendar, or changes it, now.
    func put(
        _ number: Int, _ uid: String, _ start: String, _ end: String, status: String = "busy", id: String? = nil,
        calendar: String? = nil, more: [String: JSONValue] = [:]
    ) {
        let now = clock.now.seconds
        change(number) {
            $0.entries[uid] = Entry(
                uid: uid, id: id, calendar: calendar ?? "cal_\(number)", start: start, end: end, changed: now,
                status: status, more: more)
        }
    }

    func delete(_ number: Int, _ uid: String) {
        let now = clock.now.seconds
        change(number) {
            $0.entries[uid]?.isDeleted = true
            $0.entries[uid]?.changed = now
        }
    }

    /// A notification as it is sent, with its signature.
    static func notice(_ type: String, since: Instant? = nil) -> (body: [UInt8], signature: String) {
        let changes = since.map { #", "changes_since": "\#($0)""# } ?? ""
        let body = Array(
            #"{"notification": {"type": "\#(type)"\#(changes)}, "channel": {"channel_id": "chn_1", "callback_url": "https://x.example.com/"}}"#
                .utf8)
        return (body, NotificationSignature.header(for: body, secrets: [secret]))
    }

    // MARK: Answering

    func send(_ request: TransportRequest) async throws(TransportFailure) -> TransportResponse {
        let path = String(request.url.dropFirst(Self.base.count))
        if state.withLock({ $0.isStalled }) {
            do { try await Task.sleep(for: .seconds(30)) } catch { throw .cancelled }
        }
        await Task.yield()
        let body = (try? JSONValue(parsing: request.body)) ?? .null
        return try state.withLock { state throws(TransportFailure) in
            state.calls.append("\(request.method.rawValue) \(path)")
            guard !state.isAway else { throw .unreachable(reason: "away") }
            guard request.url.hasPrefix(Self.base) else { throw .unreachable(reason: "elsewhere") }
            let answer = answer(request, path, body, &state)
            if request.method != .get, let left = state.forgetsAnswers {
                guard left > 0 else { throw .unreachable(reason: "cut off") }
                state.forgetsAnswers = left - 1
            }
            return answer
        }
    }

    private func answer(
        _ request: TransportRequest, _ path: String, _ body: JSONValue, _ state: inout State
    ) -> TransportResponse {
        if path == "/oauth/token" { return token(body, &state) }
        if path == "/oauth/token/revoke" {
            if case .string(let sub)? = body["sub"] {
                state.revoked.append(sub)
                state.accounts[sub]?.isRevoked = true
            }
            return reply(200, .object([:]))
        }
        let bearer = request.headers["Authorization"] ?? ""
        let parts = bearer.dropFirst("Bearer ".count).split(separator: ".").map(String.init)
        guard let sub = parts.first, var account = state.accounts[sub], !account.isRevoked,
            !state.spent.contains(String(bearer.dropFirst("Bearer ".count)))
        else { return reply(401, .object([:])) }
        defer { state.accounts[sub] = account }
        let route = path.split(separator: "?").first.map(String.init) ?? path
        switch (request.method, route) {
        case (.get, "/v1/userinfo"): return reply(200, userInfo(account))
        case (.post, "/v1/link_tokens"): return reply(200, .object(["link_token": .string("lt_\(sub)")]))
        case (.get, "/v1/channels"): return reply(200, .object(["channels": .array(account.channels.map(channel))]))
        case (.post, "/v1/channels"):
            guard case .string(let url)? = body["callback_url"] else { return reply(422, .object([:])) }
            account.channels.append(url)
            return reply(200, .object(["channel": channel(url)]))
        case (.get, "/v1/free_busy"), (.get, "/v1/events"):
            let query = Query(path)
            if let limit = state.failsFromOffset, query.offset >= limit { return reply(500, .object([:])) }
            return reply(200, list(account, query, state, isFreeBusy: route == "/v1/free_busy"))
        case (.post, "/v1/calendars"):
            account.calendars.append(Calendar(id: "cal_made_\(sub)", isPrimary: false, name: "Guided trips"))
            return reply(
                200,
                .object([
                    "calendar": .object(["calendar_id": .string("cal_made_\(sub)"), "calendar_name": .string("Made")])
                ]))
        case (.post, let route) where route.hasSuffix("/events"): return write(route, body, &account)
        case (.delete, let route) where route.hasSuffix("/events"):
            if case .string(let id)? = body["event_id"], var entry = account.entries[id] {
                (entry.isDeleted, entry.changed) = (true, clock.now.seconds)
                account.entries[id] = entry
            }
            return reply(202, .object([:]))
        default: return reply(404, .object([:]))
        }
    }

    private func write(_ route: String, _ body: JSONValue, _ account: inout Account) -> TransportResponse {
        let calendar = String(route.split(separator: "/")[2])
        guard account.calendars.contains(where: { $0.id == calendar }) else { return reply(404, .object([:])) }
        func time(_ name: String) -> String {
            if case .string(let text)? = body[name]?["time"] { return text }
            return ""
        }
        guard case .string(let id)? = body["event_id"] else { return reply(422, .object([:])) }
        account.entries[id] = Entry(
            uid: id, id: id, calendar: calendar, start: time("start"), end: time("end"), changed: clock.now.seconds,
            more: ["summary": body["summary"] ?? .null])
        return reply(202, .object([:]))
    }

    private func token(_ body: JSONValue, _ state: inout State) -> TransportResponse {
        guard body["client_secret"] == .string(Self.secret) else {
            return reply(400, .object(["error": .string("invalid_client")]))
        }
        state.tokens += 1
        var sub: String?
        if case .string(let code)? = body["code"] { sub = state.codes.removeValue(forKey: code) }
        if case .string(let refresh)? = body["refresh_token"] { sub = String(refresh.dropFirst("refresh.".count)) }
        guard let sub, let account = state.accounts[sub], !account.isRevoked || body["code"] != nil else {
            return reply(400, .object(["error": .string("invalid_grant")]))
        }
        state.accounts[sub]?.isRevoked = false
        return reply(
            200,
            .object([
                "access_token": .string("\(sub).\(state.tokens)"), "refresh_token": .string("refresh.\(sub)"),
                "expires_in": .integer(10_800), "scope": .string("read_events"), "token_type": .string("bearer"),
                "sub": .string(sub),
            ]))
    }

    private func channel(_ url: String) -> JSONValue {
        .object(["channel_id": .string("chn_1"), "callback_url": .string(url), "filters": .object([:])])
    }

    private func userInfo(_ account: Account) -> JSONValue {
        let calendars = account.calendars.map { calendar in
            JSONValue.object([
                "calendar_id": .string(calendar.id), "calendar_name": .string(calendar.name),
                "calendar_primary": .bool(calendar.isPrimary), "calendar_readonly": .bool(calendar.isReadOnly),
                "calendar_deleted": .bool(calendar.isDeleted), "permission_level": .string("sandbox"),
            ])
        }
        let profile = JSONValue.object([
            "profile_id": .string(account.profile), "profile_name": .string("guide@example.com"),
            "provider_name": .string(account.provider), "profile_connected": .bool(account.isConnected),
            "profile_initial_sync_required": .bool(account.needsFirstRead), "profile_calendars": .array(calendars),
        ])
        return .object([
            "sub": .string(account.sub), "zoneinfo": .string(account.zone),
            "cronofy.data": .object(["profiles": .array([profile])]),
        ])
    }

    private func list(_ account: Account, _ query: Query, _ state: State, isFreeBusy: Bool) -> JSONValue {
        let found = account.entries.values.filter { query.admits($0, isFreeBusy: isFreeBusy) }
            .sorted { ($0.start, $0.uid) < ($1.start, $1.uid) }
        let page = found.dropFirst(query.offset).prefix(state.pageSize)
        let rows = page.map { entry -> JSONValue in
            var members: [String: JSONValue] = [
                "calendar_id": .string(entry.calendar), "start": .string(entry.start), "end": .string(entry.end),
                "deleted": .bool(entry.isDeleted),
            ]
            if state.givesIDs { members["event_uid"] = .string(entry.uid) }
            members["event_id"] = entry.id.map(JSONValue.string)
            if isFreeBusy {
                members["free_busy_status"] = .string(entry.status)
            } else {
                members["event_uid"] = .string(entry.uid)
                members.merge(entry.more) { $1 }
            }
            return .object(members)
        }
        var pages: [String: JSONValue] = ["current": .integer(1), "total": .integer(1)]
        if found.count > query.offset + page.count {
            pages["next_page"] = .string(
                Self.base + query.path + "&offset=\(query.offset + page.count)")
        }
        return .object(["pages": .object(pages), isFreeBusy ? "free_busy" : "events": .array(rows)])
    }

    private func reply(_ status: Int, _ json: JSONValue) -> TransportResponse {
        var writer = JSONWriter()
        writer.value(json)
        return TransportResponse(status: status, headers: [:], body: writer.bytes)
    }
}

/// The parameters of a read.
private struct Query {
    let path: String
    private var values: [String: [String]] = [:]

    init(_ path: String) {
        self.path = path
        for pair in path.split(separator: "?").last?.split(separator: "&") ?? [] {
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            let name = parts[0].replacing("%5B%5D", with: "")
            values[name, default: []].append((parts.last ?? "").replacing("%3A", with: ":"))
        }
    }

    var offset: Int { (values["offset"]?.last).flatMap(Int.init) ?? 0 }

    func admits(_ entry: StandInPlatform.Entry, isFreeBusy: Bool) -> Bool {
        func flag(_ name: String) -> Bool { values[name]?.first == "true" }
        if let calendars = values["calendar_ids"], !calendars.contains(entry.calendar) { return false }
        if entry.isDeleted && !flag("include_deleted") { return false }
        if entry.id != nil && !flag("include_managed") { return false }
        if isFreeBusy && entry.status == "free" && !flag("include_free") { return false }
        if let since = values["last_modified"]?.first, Instant(seconds: entry.changed).description < since {
            return false
        }
        guard !flag("include_moved") else { return true }
        if let from = values["from"]?.first, entry.end < from { return false }
        if let to = values["to"]?.first, entry.start >= to { return false }
        return true
    }
}

/// A clock that tests set.
final class TestClock: Sendable {
    private let seconds: Mutex<Int64>
    let start: Int64
    init(_ seconds: Int64) {
        start = seconds
        self.seconds = Mutex(seconds)
    }
    var now: Instant { Instant(seconds: seconds.withLock { $0 }) }
    func advance(_ by: Int64) { seconds.withLock { $0 += by } }
}
