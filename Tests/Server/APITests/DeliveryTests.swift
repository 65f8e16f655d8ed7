import Accounts
import CronofySigning
import HTTPTypes
import Notifications
import StorageKit
import Support
import Testing

@testable import App

@Suite("Sending notifications to receivers of every kind, on both databases", .serialized)
struct DeliveryTests {
    /// One channel to `answer`, its verification tried once.
    private func tried(
        _ kind: TestDatabase.Kind = .sqlite,
        _ answer: @escaping @Sendable (LoopbackServer.Request) -> LoopbackServer.Answer
    ) async throws -> (world: NotifyWorld, sink: LoopbackServer) {
        let (world, sink) = (try await NotifyWorld(kind), LoopbackServer(answer))
        try await world.open(sink.url + "/hook")
        #expect(try await world.deliver() == 1)
        return (world, sink)
    }

    private func column(_ name: String, _ world: NotifyWorld) async throws -> Int64? {
        try await world.server.platform.database.read { session in
            try session.first("SELECT \(name) FROM channels") { try $0.optionalInteger(0) }
        }.flatMap { $0 }
    }

    @Test(
        "what is sent verifies over its exact bytes, by both schemes, and is logged as it was sent",
        arguments: TestDatabase.kinds)
    func signed(_ kind: TestDatabase.Kind) async throws {
        let (world, sink) = try await tried(kind) { _ in .text(204, "") }
        defer { sink.stop() }
        let sent = try #require(sink.requests.first)
        let body = Array(sent.body.utf8)
        #expect(sent.method == "POST" && sent.headers["content-type"] == "application/json; charset=utf-8")
        let header = sent.headers["cronofy-hmac-sha256"]
        #expect(NotificationSignature.isValid(header, body: body, secrets: [world.secret]))
        #expect(!NotificationSignature.isValid(header, body: body + [32], secrets: [world.secret]))
        let time = try #require(sent.headers["webhook-timestamp"].flatMap { Int64($0) })
        #expect(throws: Never.self) {
            try StandardWebhook.verify(
                id: sent.headers["webhook-id"], timestamp: sent.headers["webhook-timestamp"],
                signature: sent.headers["webhook-signature"], body: body, secrets: [world.secret], now: time)
        }
        let log = try await world.log()
        #expect(log.map(\.body) == [sent.body] && log.map(\.outcome) == ["acknowledged"] && log[0].status == 204)
        await world.close()
    }

    @Test("during a secret's rotation both secrets verify")
    func rotation() async throws {
        let sink = LoopbackServer { _ in .text(200, "") }
        defer { sink.stop() }
        let world = try await NotifyWorld()
        let fresh = try #require(
            try await world.server.platform.accounts.rotateSecret(of: world.listener, overlap: 3600)?.reveal())
        try await world.open(sink.url)
        try await world.deliver()
        let sent = try #require(sink.requests.first)
        for secret in [fresh, world.secret] {
            #expect(
                NotificationSignature.isValid(
                    sent.headers["cronofy-hmac-sha256"], body: Array(sent.body.utf8), secrets: [secret]))
        }
        await world.close()
    }

    @Test(
        "a receiver that fails is tried again later, with the same id and the same bytes",
        arguments: [500, 404, 301, 302, 307, 429, 503])
    func fails(status: Int) async throws {
        let (world, sink) = try await tried { _ in
            .text(status, "no", headers: [("Location", "http://127.0.0.1:9/elsewhere"), ("Retry-After", "77")])
        }
        defer { sink.stop() }
        #expect(try await column("failures", world) == 1)
        #expect(try await world.deliver() == 0)
        try await world.skipPauses()
        #expect(try await world.deliver() == 1)
        #expect(Set(sink.requests.map { $0.headers["webhook-id"] }).count == 1)
        #expect(Set(sink.requests.map(\.body)).count == 1)
        let log = try await world.log()
        #expect(log.map(\.attempt) == [1, 2] && log.allSatisfy { $0.status == Int64(status) })
        await world.close()
    }

    @Test("Retry-After is honoured")
    func retryAfter() async throws {
        let (world, sink) = try await tried { _ in .text(503, "", headers: [("Retry-After", "900")]) }
        defer { sink.stop() }
        let next = try #require(try await column("next_at - created_at", world))
        #expect((895...920).contains(next))
        await world.close()
    }

    @Test("410 closes the channel at once and drops what waited", arguments: TestDatabase.kinds)
    func gone(_ kind: TestDatabase.Kind) async throws {
        let (world, sink) = try await tried(kind) { _ in .text(410, "") }
        defer { sink.stop() }
        let listed = try await world.server.send(.get, "/v1/channels", bearer: world.token)
        #expect(listed.text == #"{"channels":[]}"#)
        try await world.write("after")
        try await world.skipPauses()
        #expect(try await world.deliver() == 0)
        let channels = try await ChannelStore(accounts: world.server.platform.accounts).channels(of: world.listener)
        guard case .closed(.gone, _) = channels[0].state else {
            Issue.record("\(channels[0].state)")
            return
        }
        await world.close()
    }

    @Test("a receiver that hangs costs five seconds and is a failed try")
    func hangs() async throws {
        let clock = ContinuousClock.now
        let (world, sink) = try await tried { _ in .script { _ in sleepSeconds(8) } }
        defer { sink.stop() }
        let passed = ContinuousClock.now - clock
        #expect(passed > .seconds(4) && passed < .seconds(8), "\(passed)")
        #expect(try await column("failures", world) == 1)
        await world.close()
    }

    @Test("a receiver that says 200 has the message, however much it writes; little of it is read")
    func chatty() async throws {
        let (world, sink) = try await tried { _ in .answer(200, body: Array(repeating: 65, count: 3_000_000)) }
        defer { sink.stop() }
        #expect(try await world.log().map(\.outcome) == ["acknowledged"])
        await world.close()
    }

    @Test("a receiver that dies and comes back gets everything, in order", arguments: TestDatabase.kinds)
    func comesBack(_ kind: TestDatabase.Kind) async throws {
        let isDead = Flag(true)
        let (world, sink) = try await tried(kind) { _ in .text(isDead.value ? 500 : 200, "") }
        defer { sink.stop() }
        try await world.write("while it was dead")
        isDead.value = false
        for _ in 0..<3 {
            try await world.skipPauses()
            try await world.deliver()
        }
        #expect(sink.requests.map(\.type) == ["verification", "verification", "change"])
        #expect(try await column("failures", world) == 0)
        #expect(try await column("waiting", world) == 0)
        await world.close()
    }

    @Test("after a day without success the channel is closed", arguments: TestDatabase.kinds)
    func givenUp(_ kind: TestDatabase.Kind) async throws {
        let (world, sink) = try await tried(kind) { _ in .text(500, "") }
        defer { sink.stop() }
        try await world.server.platform.database.write {
            try $0.execute("UPDATE channels SET next_at = 0, failing_since = failing_since - 86400")
        }
        #expect(try await world.deliver() == 1)
        let channels = try await ChannelStore(accounts: world.server.platform.accounts).channels(of: world.listener)
        guard case .closed(.undeliverable, _) = channels[0].state else {
            Issue.record("\(channels[0].state)")
            return
        }
        await world.close()
    }

    @Test("without a grant nothing is sent any more, and the channel closes", arguments: TestDatabase.kinds)
    func revoked(_ kind: TestDatabase.Kind) async throws {
        let (world, sink) = try await tried(kind) { _ in .text(200, "") }
        defer { sink.stop() }
        try await world.write("secret")
        try await world.server.platform.database.write { session in
            try session.execute("DELETE FROM grants WHERE client_id = ?", [.text(world.listener.value)])
        }
        try await world.skipPauses()
        #expect(try await world.deliver() == 0)
        #expect(sink.requests.count == 1)
        #expect(try await column("closed_at", world) != nil)
        await world.close()
    }

    @Test("a logged message is replayed with its id and bytes, one or all that failed", arguments: TestDatabase.kinds)
    func replay(_ kind: TestDatabase.Kind) async throws {
        let isDead = Flag(false)
        let (world, sink) = try await tried(kind) { _ in .text(isDead.value ? 500 : 200, "") }
        defer { sink.stop() }
        let log = DeliveryLog(accounts: world.server.platform.accounts)
        let first = try #require(try await world.log().first)
        try await log.replay(first.number, of: world.listener)
        await #expect(throws: DeliveryLog.ReplayError.unknown) {
            try await log.replay(first.number, of: ClientID("another"))
        }
        try await world.skipPauses()
        try await world.deliver()
        #expect(sink.requests.count == 2)
        #expect(sink.requests[0].body == sink.requests[1].body)
        #expect(sink.requests[0].headers["webhook-id"] == sink.requests[1].headers["webhook-id"])

        isDead.value = true
        try await world.write("lost")
        try await world.skipPauses()
        try await world.deliver()
        // Still waiting by itself, so there is nothing to replay.
        #expect(try await log.replayFailed(of: world.listener) == 0)
        try await world.server.platform.database.write { try $0.execute("DELETE FROM notices") }
        #expect(try await log.replayFailed(of: world.listener) == 1)
        #expect(try await log.replayFailed(of: world.listener) == 0)
        isDead.value = false
        try await world.skipPauses()
        try await world.deliver()
        #expect(sink.requests.last?.type == "change")
        await world.close()
    }

    @Test("the log forgets after a week", arguments: TestDatabase.kinds)
    func forgetting(_ kind: TestDatabase.Kind) async throws {
        let (world, sink) = try await tried(kind) { _ in .text(200, "") }
        defer { sink.stop() }
        let log = DeliveryLog(accounts: world.server.platform.accounts)
        try await log.prune()
        #expect(try await world.log().count == 1)
        try await world.server.platform.database.write {
            try $0.execute("UPDATE deliveries SET tried_ms = tried_ms - 604801000")
        }
        try await log.prune()
        #expect(try await world.log().isEmpty)
        await world.close()
    }

    @Test("a sender that was overtaken changes nothing", arguments: TestDatabase.kinds)
    func overtaken(_ kind: TestDatabase.Kind) async throws {
        let world = try await NotifyWorld(kind)
        try await world.open("http://127.0.0.1:9/hook")
        let notices = world.server.platform.notices
        let (slow, _) = try await notices.claim(DeliverySlots())
        #expect(slow.count == 1)
        #expect(try await notices.claim(DeliverySlots()).deliveries.isEmpty)
        try await notices.endLeases()
        let (fast, _) = try await notices.claim(DeliverySlots())
        #expect(fast.map(\.notice.messageID) == slow.map(\.notice.messageID))
        try await notices.settle([
            (slow[0], DeliveryOutcome(.gone, status: 410, took: .zero, triedMS: 0))
        ])
        #expect(try await column("closed_at", world) == nil)
        try await notices.settle([
            (fast[0], DeliveryOutcome(.acknowledged, status: 200, took: .zero, triedMS: 0))
        ])
        #expect(try await column("waiting", world) == 0)
        await world.close()
    }
}
