import Accounts
import CivilTime
import CronofyWire
import Glibc
import GuardedHTTP
import HTTPTypes
import Jobs
import Logging
import Notifications
import StorageKit
import Support
import Synchronization

@testable import API
@testable import App

/// A live server with two applications that both have a person, and a calendar that lives here.
struct NotifyWorld: Sendable {
    let server: LiveServer
    let listener: ClientID
    let writer: ClientID
    let secret: String
    let token: String
    /// Writes events, and is somebody else to `listener`.
    let writerToken: String
    let account: AccountID
    let calendar: String

    struct Missing: Error {}
    struct Refused: Error { let text: String }

    init(
        _ kind: TestDatabase.Kind = .sqlite, rate: RequestRate = .unlimited,
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) async throws {
        server = try await LiveServer(kind, rate: rate, logger: logger)
        let platform = server.platform
        let (listening, secret) = try await platform.accounts.createApplication(name: "Listens", redirectURIs: [])
        let (writing, _) = try await platform.accounts.createApplication(name: "Writes", redirectURIs: [])
        writer = writing.id
        (listener, self.secret) = (listening.id, secret.reveal())
        let tokens = try await platform.accounts.createAccount(
            client: listening.id, email: "maya@example.com", name: nil, zone: .utc, scope: .all)
        (account, token) = (tokens.account, tokens.accessToken.reveal())
        let account = self.account
        try await platform.database.write { session in
            try session.execute(
                "INSERT INTO grants (account_id, client_id, scope, created_at) VALUES (?, ?, ?, 0)",
                [.text(account.value), .text(writing.id.value), .text(Scope.all.description)])
            try session.execute("UPDATE accounts SET email = 'maya@example.com'")
        }
        writerToken = try await platform.accounts.createAccount(
            client: writing.id, email: "maya@example.com", name: nil, zone: .utc, scope: .all
        ).accessToken.reveal()
        try await platform.database.write {
            try platform.connector.makeOwnCalendar(of: account, named: "Trips", in: $0)
        }
        calendar = try await platform.profiles.calendars(of: account).first?.id.value ?? ""
    }

    func close() async { await server.close() }

    @discardableResult
    func open(_ url: String, filters: String = "{}", token: String? = nil) async throws -> LiveServer.Reply {
        try await server.send(
            .post, "/v1/channels", bearer: token ?? self.token,
            body: #"{"callback_url": "\#(url)", "filters": \#(filters)}"#)
    }

    func write(_ id: String, summary: String = "Trip", token: String? = nil, calendar: String? = nil) async throws {
        let start = server.platform.accounts.now().seconds / 3600 * 3600 + 86_400
        let reply = try await server.send(
            .post, "/v1/calendars/\(calendar ?? self.calendar)/events", bearer: token ?? writerToken,
            body: """
                {"event_id": "\(id)", "summary": "\(summary)", "description": "",
                 "start": "\(Instant(seconds: start))", "end": "\(Instant(seconds: start + 3600))"}
                """)
        guard reply.status == 202 else { throw Refused(text: reply.text) }
    }

    /// Sends what is due until nothing is, or `rounds` are over; returns how many tries that were.
    @discardableResult
    func deliver(rounds: Int = 20) async throws -> Int {
        let platform = server.platform
        let sender = CallbackSender(policy: .development, now: AnchorpointPlatform.nowMilliseconds)
        var tries = 0
        for _ in 0..<rounds {
            let (deliveries, _) = try await platform.notices.claim(DeliverySlots())
            guard !deliveries.isEmpty else { break }
            var ended: [(delivery: Delivery, outcome: DeliveryOutcome)] = []
            for delivery in deliveries { ended.append((delivery, await sender.send(delivery))) }
            try await platform.notices.settle(ended)
            tries += ended.count
        }
        return tries
    }

    /// Lets pauses pass.
    func skipPauses() async throws {
        try await server.platform.database.write { try $0.execute("UPDATE channels SET next_at = 0") }
    }

    func log() async throws -> [LoggedDelivery] {
        var question = DeliveryLog.Question(client: listener)
        question.after = 0
        return try await DeliveryLog(accounts: server.platform.accounts).deliveries(question)
    }
}

extension LoopbackServer.Request {
    /// The type of the notification in the body.
    var type: String? {
        guard case .string(let text)? = try? JSONValue(parsing: Array(body.utf8))["notification"]?["type"] else {
            return nil
        }
        return text
    }
}

final class Flag: Sendable {
    private let stored: Mutex<Bool>
    init(_ value: Bool) { stored = Mutex(value) }
    var value: Bool {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
    }
}

func sleepSeconds(_ seconds: UInt32) { _ = sleep(seconds) }

/// What the table says a new channel's answer looks like.
enum CreateChannelContract {
    static func faults(in answer: JSONValue) -> [String] {
        CreateChannel.contract.success.schema?.faults(in: answer) ?? ["no schema"]
    }
}
