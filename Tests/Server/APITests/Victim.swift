import Accounts
import Authorization
import CivilTime
import CronofyWire
import HTTPTypes
import StorageKit
import Support
import Web

@testable import API
@testable import App

/// Somebody with everything that can be had, and strangers who know all the ids.
struct Victim: Sendable {
    /// Whose credentials a request carries.
    struct Stranger: Sendable {
        let name, bearer, client, secret: String
    }

    /// Stands in what only the victim may read.
    static let word = "Hidden-Glacier-Hut"

    let server: LiveServer
    let account: AccountID
    let owner: Stranger
    let strangers: [Stranger]
    let secret, refreshToken: String
    /// What parts of paths, and members of bodies, may be called.
    let ids: [String: String]
    /// What must never come out.
    var secrets: [String] { [Self.word] + ids.values.filter { $0.hasPrefix("cal_") || $0.hasPrefix("pro_") } }

    init(_ kind: TestDatabase.Kind = .sqlite) async throws {
        let server = try await LiveServer(kind)
        let accounts = server.platform.accounts
        let (application, secret) = try await accounts.createApplication(
            name: "Theirs", redirectURIs: [OAuthWorld.redirect])
        let (other, otherSecret) = try await accounts.createApplication(
            name: "Other", redirectURIs: [OAuthWorld.redirect])
        func person(_ email: String, _ client: ClientID) async throws -> IssuedTokens {
            let tokens = try await accounts.createAccount(
                client: client, email: email, name: email, zone: ZoneID("Europe/Paris"),
                scope: Scope("read_write"))
            _ = try await server.platform.connector.connect(.native(name: "Work", zone: nil), for: tokens.account)
            return tokens
        }
        let own = try await person("victim@example.com", application.id)
        let neighbour = try await person("neighbour@example.com", application.id)
        let foreigner = try await person("foreigner@example.com", other.id)
        (self.server, account, self.secret) = (server, own.account, secret.reveal())
        refreshToken = own.refreshToken.reveal()
        owner = Stranger(
            name: "the owner", bearer: own.accessToken.reveal(), client: application.id.value, secret: secret.reveal())
        strangers = [
            Stranger(
                name: "another account of the application", bearer: neighbour.accessToken.reveal(),
                client: other.id.value, secret: otherSecret.reveal()),
            Stranger(
                name: "an account of another application", bearer: foreigner.accessToken.reveal(),
                client: other.id.value, secret: otherSecret.reveal()),
            Stranger(
                name: "another application's key", bearer: otherSecret.reveal(), client: other.id.value,
                secret: otherSecret.reveal()),
        ]
        ids = try await Self.fill(server, owner, own)
    }

    /// Those whose credential is of the kind the endpoint takes.
    func strangers(for row: EndpointRow) -> [Stranger] {
        if case .account = row.access { return strangers.filter { $0.bearer != $0.secret } }
        return row.access == .key ? strangers.filter { $0.bearer == $0.secret } : strangers
    }

    func close() async { await server.close() }

    /// Makes one of everything, through the API itself, and gives the ids.
    private static func fill(
        _ server: LiveServer, _ owner: Stranger, _ tokens: IssuedTokens
    ) async throws -> [String: String] {
        guard let calendar = try await server.platform.profiles.calendars(of: tokens.account).first else {
            throw OAuthWorld.Missing()
        }
        for number in 0..<120 {
            guard let day = Zone.utc.civil(at: server.platform.accounts.now()).date.adding(days: number / 4) else {
                continue
            }
            _ = try await server.send(
                .post, "/v1/calendars/\(calendar.id.value)/events", bearer: owner.bearer,
                body: """
                    {"event_id":"e\(number)","summary":"\(word)","start":"\(day)T0\(number % 4):00:00Z",\
                    "end":"\(day)T0\(number % 4):30:00Z"}
                    """)
        }
        let events = try await server.send(.get, "/v1/events?tzid=Etc/UTC&only_managed=true", bearer: owner.bearer)
        let busy = try await server.send(
            .get, "/v1/free_busy?tzid=Etc/UTC&include_managed=true", bearer: owner.bearer)
        guard case .array(let records)? = try events.json["events"],
            case .string(let uid)? = records.first?["event_uid"]
        else { throw OAuthWorld.Missing() }
        var ids = [
            "calendar_id": calendar.id.value, "profile_id": calendar.profile.value, "event_uid": uid, "event_id": "e1",
            "sub": tokens.account.value, "account_id": tokens.account.value,
            "/v1/events/pages/{token}": try page(events), "/v1/free_busy/pages/{token}": try page(busy),
            "token": tokens.refreshToken.reveal(),
        ]
        // A page of available periods, where there are such.
        for number in 0..<120 where EndpointTable.rows.contains(where: { $0.path == "/v1/available_periods" }) {
            guard let day = Zone.utc.civil(at: server.platform.accounts.now()).date.adding(days: number) else {
                continue
            }
            _ = try await server.send(
                .post, "/v1/available_periods", bearer: owner.bearer,
                body: """
                    {"available_period_id":"p\(number)","start":"\(day)T08:00:00Z","end":"\(day)T09:00:00Z"}
                    """)
        }
        let periods = try await server.send(.get, "/v1/available_periods?tzid=Etc/UTC", bearer: owner.bearer)
        if periods.text.contains("next_page") { ids["/v1/available_periods/pages/{token}"] = try page(periods) }
        // What has endpoints of its own is made by them.
        for maker in makers where EndpointTable.rows.contains(where: { $0.method == .post && $0.path == maker.path }) {
            let reply = try await server.send(.post, maker.path, bearer: owner.bearer, body: maker.body)
            if let id = maker.id(try reply.json) { ids[maker.name] = id }
        }
        for (name, value) in named where EndpointTable.rows.contains(where: { $0.path.contains("{\(name)}") }) {
            ids[name] = value
        }
        return ids
    }

    private struct Maker: Sendable {
        let name, path, body: String
        let members: [String]
        func id(_ json: JSONValue) -> String? {
            let value = members.reduce(Optional(json)) { $0?[$1] }
            if case .string(let text)? = value { return text }
            return nil
        }
    }

    private static let makers = [
        Maker(
            name: "channel_id", path: "/v1/channels", body: #"{"callback_url":"https://app.example.com/hook"}"#,
            members: ["channel", "channel_id"]),
        Maker(
            name: "availability_rule_id", path: "/v1/availability_rules",
            body: """
                {"availability_rule_id":"r1","tzid":"Etc/UTC","weekly_periods":[{"day":"monday","start_time":"09:00",\
                "end_time":"17:00"}]}
                """,
            members: ["availability_rule", "availability_rule_id"]),
    ]

    /// Ids that applications choose.
    private static let named: [String: String] = ["availability_period_id": "p1"]

    /// `pattern` with the victim's ids; nil where a part is not known.
    func path(_ pattern: String) -> String? {
        var parts: [String] = []
        for part in pattern.split(separator: "/").map(String.init) {
            guard part.hasPrefix("{") else {
                parts.append(part)
                continue
            }
            let name = String(part.dropFirst().dropLast())
            guard let id = ids[pattern] ?? ids[name] else { return nil }
            parts.append(id)
        }
        return "/" + parts.joined(separator: "/")
    }

    private static func page(_ reply: LiveServer.Reply) throws -> String {
        guard case .string(let url)? = try reply.json["pages"]?["next_page"], let token = url.split(separator: "/").last
        else { throw OAuthWorld.Missing() }
        return String(token)
    }

    func send(
        _ row: EndpointRow, _ path: String, as stranger: Stranger, ids: [String: String]
    ) async throws -> LiveServer.Reply {
        let query =
            row.method == .get
            ? "?tzid=Etc/UTC&include_managed=true&calendar_ids[]=\(ids["calendar_id"] ?? "")"
                + "&profile_id=\(ids["profile_id"] ?? "")&sub=\(ids["sub"] ?? "")" : ""
        return try await server.send(
            row.method, path + query, bearer: stranger.bearer.isEmpty ? nil : stranger.bearer,
            body: row.method == .get ? "" : body(row, stranger, ids))
    }

    /// Every id, under every name that endpoints read, with what else makes a request whole.
    private func body(_ row: EndpointRow, _ stranger: Stranger, _ ids: [String: String]) -> String {
        func text(_ name: String) -> JSONValue { .string(ids[name] ?? "") }
        let period = JSONValue.object([
            "start": .string("2031-04-05T08:00:00Z"), "end": .string("2031-04-05T18:00:00Z"),
        ])
        let hour = JSONValue.object(["minutes": .integer(60)])
        let group = JSONValue.object([
            "required": .string("all"),
            "members": .array([.object(["sub": text("sub"), "calendar_ids": .array([text("calendar_id")])])]),
        ])
        var members: [String: JSONValue] = [
            "client_id": .string(stranger.client), "client_secret": .string(stranger.secret),
            "grant_type": .string("refresh_token"), "refresh_token": text("token"), "token": text("token"),
            "sub": text("sub"), "subs": .array([text("sub")]), "profile_id": text("profile_id"),
            "calendar_id": text("calendar_id"), "calendar_ids": .array([text("calendar_id")]),
            "filters": .object(["calendar_ids": .array([text("calendar_id")])]),
            "channel_id": text("channel_id"), "event_id": text("event_id"),
            "application_calendar_id": .string("a"), "name": .string("New"), "summary": .string("New"),
            "start": .string("2031-04-05T08:00:00Z"), "end": .string("2031-04-05T09:00:00Z"),
            "status": .string("accepted"), "callback_url": .string("https://app.example.com/hook"),
            "permissions": .array([
                .object(["calendar_id": text("calendar_id"), "permission_level": .string("unrestricted")])
            ]),
            "redirect_uri": .string(OAuthWorld.redirect), "origin": .string("https://app.example.com"),
            "participants": .array([group]), "required_duration": hour, "query_periods": .array([period]),
            "sequence": .array([
                .object([
                    "sequence_id": .string("one"), "participants": .array([group]), "required_duration": hour,
                    "ordinal": .integer(1),
                ])
            ]),
            "batch": .array([
                .object([
                    "method": .string("POST"),
                    "relative_url": .string("/v1/calendars/\(ids["calendar_id"] ?? "")/events"),
                    "data": .object([
                        "event_id": text("event_id"), "summary": .string("New"),
                        "start": .string("2031-04-05T08:00:00Z"), "end": .string("2031-04-05T09:00:00Z"),
                    ]),
                ])
            ]),
            "email": .string("victim@example.com"), "scope": .string("read_events"),
        ]
        if row.path.hasSuffix("element_tokens") { members["permissions"] = .array([.string("agenda")]) }
        var writer = JSONWriter()
        writer.value(JSONValue.object(members))
        return writer.text
    }

    /// Everything the database holds of the victim's account, but when tokens were used.
    func rows() async throws -> [String] {
        let tables = [
            "accounts", "grants", "tokens", "profiles", "calendars", "items", "native_items", "calendar_permissions",
        ]
        let account = account
        return try await server.platform.database.read { session in
            try tables.flatMap { table in
                try session.all(
                    "SELECT CAST(COUNT(*) AS TEXT) FROM \(table) WHERE account_id = ?", [.text(account.value)]
                ) { "\(table) \(try $0.text(0))" }
            }
                + session.all(
                    "SELECT body FROM items WHERE account_id = ? ORDER BY item", [.text(account.value)]
                ) { try $0.text(0) }
                + session.all(
                    "SELECT version, name FROM accounts WHERE account_id = ?", [.text(account.value)]
                ) { "\(try $0.integer(0)) \(try $0.text(1))" }
        }
    }
}
