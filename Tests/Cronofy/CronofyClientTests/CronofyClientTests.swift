import CivilTime
import CronofySigning
import Synchronization
import Testing

@testable import CronofyClient

private let zeroPause = Timing(now: { .zero }, pause: { _ in }, random: { 0.5 })

private func application(
    retries: RetryPolicy = .standard, rate: RateBudget = .hosted, timing: Timing = zeroPause,
    _ answer: @escaping ScriptedTransport.Answer
) -> (CronofyApplication, ScriptedTransport) {
    let transport = ScriptedTransport(answer)
    let dispatcher = Dispatcher(
        base: "https://api.example.com", transport: transport, rate: rate, retries: retries, timing: timing)
    return (
        CronofyApplication(
            clientID: "client", clientSecret: "secret", server: DataCenter(server: "https://api.example.com"),
            dispatcher: dispatcher), transport
    )
}

private let tokens = AccountTokens(accessToken: "old", refreshToken: "renewer", scope: "read_write")

@Suite("Client: what goes out")
struct RequestTests {
    @Test("an event is written as the reference has it")
    func upsert() async throws {
        let (cronofy, transport) = application { _, _ in .json(202, "") }
        var draft = EventDraft(
            summary: "Site visit", start: .moment(Instant(seconds: 1_933_333_200), in: "Europe/Paris"),
            end: .moment(Instant(seconds: 1_933_338_600), in: "Europe/Paris"))
        draft.reminders = [30, 1440]
        draft.transparency = .outOfOffice
        draft.invited = [.init(email: "sam@example.com", displayName: "Sam")]
        try await cronofy.account(tokens).upsert(event: "visit-4411", draft, in: "cal_1")
        let request = try #require(transport.sent.first)
        #expect(request.path == "/v1/calendars/cal_1/events")
        #expect(request.headers["Authorization"] == "Bearer old")
        for part in [
            #""event_id":"visit-4411""#, #"{"time":"2031-04-07T13:00:00Z","tzid":"Europe/Paris"}"#,
            #"[{"minutes":30},{"minutes":1440}]"#, #""extended_transparency":"out_of_office""#, #""remove":[]"#,
        ] {
            #expect(request.bodyText.contains(part) || request.bodyText.contains(swapped(part)), "\(part)")
        }
        #expect(!request.bodyText.contains("null"))
    }

    /// Members come in no fixed order.
    private func swapped(_ text: String) -> String {
        text == #"{"time":"2031-04-07T13:00:00Z","tzid":"Europe/Paris"}"#
            ? #"{"tzid":"Europe/Paris","time":"2031-04-07T13:00:00Z"}"# : text
    }

    @Test("ids and values cannot change the path or the query")
    func escaping() async throws {
        let (cronofy, transport) = application { _, _ in .json(200, #"{"pages":{"current":1,"total":1},"events":[]}"#) }
        let account = cronofy.account(tokens)
        try await account.closeChannel("../accounts?x=1#y")
        var query = EventQuery(zone: "Etc/GMT+5&from=x")
        query.calendars = ["cal_1", "cal 2"]
        _ = try await account.events(query).collected()
        #expect(transport.sent[0].path == "/v1/channels/..%2Faccounts%3Fx%3D1%23y")
        #expect(
            transport.sent[1].path
                == "/v1/events?tzid=Etc%2FGMT%2B5%26from%3Dx&calendar_ids%5B%5D=cal_1&calendar_ids%5B%5D=cal%202")
    }

    @Test("hosted data centers have two hosts each")
    func dataCenters() {
        #expect(DataCenter(region: "DE")?.apiURL == "https://api-de.cronofy.com")
        #expect(DataCenter(region: "us")?.appURL == "https://app.cronofy.com")
        #expect(DataCenter(region: "mars") == nil)
        #expect(DataCenter(server: "http://127.0.0.1:8080/").apiURL == "http://127.0.0.1:8080")
    }

    @Test("the authorization address holds what was asked for, encoded")
    func authorization() {
        let (cronofy, _) = application { _, _ in .json(200, "") }
        var request = AuthorizationRequest(
            redirectURI: "https://a.example/back?x=1", scopes: ["read_events", "create_event"], state: "s&t")
        request.codeChallenge = "abc"
        #expect(
            cronofy.authorizationURL(request)
                == "https://api.example.com/oauth/authorize?response_type=code&client_id=client"
                + "&redirect_uri=https%3A%2F%2Fa.example%2Fback%3Fx%3D1&scope=read_events%20create_event&state=s%26t"
                + "&code_challenge=abc&code_challenge_method=S256")
    }

    @Test("no secret shows in a description")
    func secrets() {
        let (cronofy, _) = application { _, _ in .json(200, "") }
        var text = ""
        dump(cronofy, to: &text)
        dump(cronofy.secret, to: &text)
        #expect(!text.contains("\"secret\"") && !"\(cronofy)".contains("\"secret\""))
        #expect(!"\(tokens)".contains("renewer"))
    }
}

@Suite("Client: what comes back")
struct AnswerTests {
    @Test("pages follow one another, and a page elsewhere is refused")
    func pages() async throws {
        let event = #"{"calendar_id":"c","event_uid":"u"}"#
        let (cronofy, transport) = application { request, number in
            switch number {
            case 1:
                .json(
                    200,
                    #"{"pages":{"current":1,"total":2,"next_page":"https://api.example.com/v1/events/pages/2"},"events":["#
                        + "\(event),\(event)]}")
            case 2:
                .json(
                    200,
                    #"{"pages":{"current":2,"total":3,"next_page":"https://api.example.com/v1/events/pages/3"},"events":[]}"#
                )
            case 3: .json(200, #"{"pages":{"current":3,"total":3,"next_page":""},"events":[\#(event)]}"#)
            default: .json(200, #"{"pages":{"next_page":"https://api.example.com.evil.example/x"},"events":[]}"#)
            }
        }
        let account = cronofy.account(tokens)
        #expect(try await account.events(EventQuery(zone: "Etc/UTC")).collected().count == 3)
        await #expect(throws: CronofyError.self) {
            try await account.events(EventQuery(zone: "Etc/UTC")).collected()
        }
        #expect(transport.sent.count == 4)
    }

    @Test("a reader may stop early, and no further page is asked for")
    func stopping() async throws {
        let (cronofy, transport) = application { _, _ in
            .json(
                200,
                #"{"pages":{"next_page":"https://api.example.com/v1/events/pages/n"},"events":[{"calendar_id":"c","event_uid":"u"}]}"#
            )
        }
        for try await _ in cronofy.account(tokens).events(EventQuery(zone: "Etc/UTC")) { break }
        #expect(transport.sent.count == 1)
    }

    @Test("unknown words and members are kept or ignored, never a failure")
    func unknown() async throws {
        let (cronofy, _) = application { _, _ in
            .json(
                200,
                #"{"pages":{},"events":[{"calendar_id":"c","event_uid":"u","start":{"time":"2031-04-05T15:00:00+02:00","tzid":"Europe/Paris"},"end":"2031-04-06","participation_status":"pondering","attendees":[{"email":null}],"weather":{"rain":true}}]}"#
            )
        }
        let event = try #require(
            try await cronofy.account(tokens).events(EventQuery(zone: "Etc/UTC")).collected().first)
        #expect(event.participation.rawValue == "pondering")
        #expect(event.start == .moment(Instant(seconds: 1_933_160_400), zone: ZoneID("Europe/Paris")))
        #expect(event.end == CivilDate(year: 2031, month: 4, day: 6).map(EventTime.day))
    }

    @Test("an answer that breaks its promise says where")
    func broken() async throws {
        let (cronofy, _) = application { _, _ in .json(200, #"{"channels":[{"channel_id":"a","callback_url":7.5}]}"#) }
        await #expect(throws: CronofyError.unexpectedAnswer(path: "channels[0].callback_url", wanted: "a string")) {
            try await cronofy.account(tokens).channels()
        }
    }

    @Test(
        "each status is an error of its own",
        arguments: [
            (402, "", CronofyError.notInPlan), (403, "", .forbidden), (404, "<html>", .notFound), (410, "", .gone),
            (423, "", .locked), (418, "", .status(418)),
            (400, #"{"error":"invalid_grant"}"#, .refusedGrant(code: "invalid_grant", description: nil)),
            (
                422, #"{"errors":{"summary":[{"key":"errors.required","description":"required"}]}}"#,
                .invalid(["summary": [.init(key: "errors.required", description: "required")]])
            ),
        ])
    func statuses(status: Int, body: String, expected: CronofyError) async throws {
        let (cronofy, transport) = application { _, _ in .json(status, body) }
        await #expect(throws: expected) { try await cronofy.account(tokens).calendars() }
        #expect(transport.sent.count == 1)
    }

    @Test("a batch tells the outcome of each entry")
    func batch() async throws {
        let (cronofy, _) = application { _, _ in
            .json(
                207,
                #"{"batch":[{"status":202},{"status":422,"data":{"errors":{"summary":[{"key":"errors.required","description":"required"}]}}}]}"#
            )
        }
        let outcomes = try await cronofy.account(tokens).batch([
            .delete(id: "a", calendar: "c"), .delete(id: "b", calendar: "c"),
        ])
        #expect(outcomes == [nil, .invalid(["summary": [.init(key: "errors.required", description: "required")]])])
    }
}

@Suite("Client: patience")
struct PatienceTests {
    @Test("a refusal for the rate is waited out, as long as it says")
    func rate() async throws {
        let pauses = Mutex<[Duration]>([])
        let timing = Timing(now: { .zero }, pause: { pause in pauses.withLock { $0.append(pause) } }, random: { 0 })
        let (cronofy, transport) = application(timing: timing) { _, number in
            number < 3 ? .json(429, "", ["Retry-After": "7"]) : .json(200, #"{"channels":[]}"#)
        }
        #expect(try await cronofy.account(tokens).channels().isEmpty)
        #expect(transport.sent.count == 3)
        #expect(pauses.withLock { $0 } == [.seconds(7), .seconds(7)])
    }

    @Test("one that asks for longer than the policy allows goes to the caller")
    func longRate() async throws {
        let (cronofy, transport) = application { _, _ in .json(429, "", ["Retry-After": "3600"]) }
        await #expect(throws: CronofyError.rateLimited(retryAfter: .seconds(3600))) {
            try await cronofy.account(tokens).channels()
        }
        #expect(transport.sent.count == 1)
    }

    @Test("what may arrive twice is sent again after a fault, what may not is not")
    func repeating() async throws {
        let (cronofy, transport) = application { request, _ in
            request.method == .get ? .failure(.timedOut) : .json(502, "")
        }
        let account = cronofy.account(tokens)
        await #expect(throws: CronofyError.unreachable(.timedOut)) { try await account.channels() }
        #expect(transport.sent.count == 4)
        await #expect(throws: CronofyError.server(status: 502)) {
            try await account.createCalendar(named: "Trips", in: "pro_1")
        }
        #expect(transport.sent.count == 5)
    }

    @Test("no second holds more than 50 requests and no minute more than 500, whenever they are made")
    func budget() {
        var budget = RateBudget.hosted
        var generator = SystemRandomNumberGenerator()
        var (now, departures) = (Duration.zero, [Duration]())
        for _ in 0..<3_000 {
            now += .milliseconds(Int.random(in: 0...40, using: &generator))
            let departure = now + budget.book(now: now)
            #expect(departure >= departures.last ?? .zero)
            departures.append(departure)
            if Int.random(in: 0..<20, using: &generator) == 0 { now = departure }
        }
        for index in departures.indices.dropFirst(50) {
            #expect(departures[index] - departures[index - 50] >= .seconds(1))
        }
        for index in departures.indices.dropFirst(500) {
            #expect(departures[index] - departures[index - 500] >= .seconds(60))
        }
        var free = RateBudget.hosted
        #expect((0..<50).allSatisfy { _ in free.book(now: .zero) == .zero })
        #expect(free.book(now: .zero) == .seconds(1))
    }
}

@Suite("Client: tokens that renew themselves")
struct RenewalTests {
    private static let granted =
        #"{"token_type":"bearer","access_token":"new","expires_in":3600,"refresh_token":"renewer2","scope":"read_write"}"#

    @Test("forty calls that find the token expired make one renewal")
    func single() async throws {
        let (cronofy, transport) = application { request, _ in
            if request.path == "/oauth/token" { return .json(200, Self.granted) }
            return request.headers["Authorization"] == "Bearer new" ? .json(200, #"{"channels":[]}"#) : .json(401, "")
        }
        let stored = Mutex<[AccountTokens]>([])
        let account = cronofy.account(tokens) { renewed in stored.withLock { $0.append(renewed) } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<40 { group.addTask { _ = try await account.channels() } }
            try await group.waitForAll()
        }
        let renewals = transport.sent.filter { $0.path == "/oauth/token" }
        #expect(renewals.count == 1)
        #expect(renewals[0].headers["Authorization"] == nil)
        #expect(stored.withLock { $0.map(\.refreshToken) } == ["renewer2"])
        #expect(await account.tokens.accessToken == "new")
    }

    @Test("a renewal that is refused, and a token that is still refused, say: link again")
    func refused() async throws {
        let (cronofy, _) = application { request, _ in
            request.path == "/oauth/token" ? .json(400, #"{"error":"invalid_grant"}"#) : .json(401, "")
        }
        await #expect(throws: CronofyError.unauthorized) { try await cronofy.account(tokens).channels() }
        let (stubborn, transport) = application { request, _ in
            request.path == "/oauth/token" ? .json(200, Self.granted) : .json(401, "")
        }
        await #expect(throws: CronofyError.unauthorized) { try await stubborn.account(tokens).channels() }
        #expect(transport.sent.count == 3)
    }

    @Test("a code is sent once, even where the answer is lost")
    func code() async throws {
        let (cronofy, transport) = application { _, _ in .failure(.timedOut) }
        await #expect(throws: CronofyError.unreachable(.timedOut)) {
            try await cronofy.exchange(code: "c", redirectURI: "https://a.example/back")
        }
        #expect(transport.sent.count == 1)
    }
}

@Suite("Client: notifications")
struct NotificationTests {
    private static let body = Array(
        #"{"notification":{"type":"change","changes_since":"2031-04-05T09:24:16Z"},"channel":{"channel_id":"chn_1","callback_url":"https://a.example/h","filters":{"only_managed":true}}}"#
            .utf8)

    @Test("one that is signed is read; one with any byte changed is not")
    func signed() throws {
        let (cronofy, _) = application { _, _ in .json(200, "") }
        let header = NotificationSignature.header(for: Self.body, secrets: ["other", "secret"])
        let notification = try cronofy.notification(body: Self.body, signature: header)
        #expect(notification.kind == .change(since: Instant(seconds: 1_933_147_456)))
        #expect(notification.channel.filters.onlyManaged == true)
        for index in Self.body.indices {
            var tampered = Self.body
            tampered[index] ^= 1
            #expect(throws: NotificationFault.notSigned) {
                try cronofy.notification(body: tampered, signature: header)
            }
        }
        #expect(throws: NotificationFault.notSigned) { try cronofy.notification(body: Self.body, signature: nil) }
    }

    @Test("a kind that is new is told as such")
    func other() throws {
        let (cronofy, _) = application { _, _ in .json(200, "") }
        let body = Array(#"{"notification":{"type":"eclipse"},"channel":{"channel_id":"c","callback_url":"u"}}"#.utf8)
        let header = NotificationSignature.header(for: body, secrets: ["secret"])
        #expect(try cronofy.notification(body: body, signature: header).kind == .other("eclipse"))
    }
}
