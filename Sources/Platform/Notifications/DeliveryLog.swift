public import Accounts
import CivilTime
import StorageKit

/// One try, as the log keeps it.
public struct LoggedDelivery: Hashable, Sendable {
    /// Grows with time.
    public let number: Int64
    public let account: AccountID
    public let channel: ChannelID
    public let messageID: String
    public let type: String
    public let attempt: Int64
    /// Milliseconds since 1970.
    public let triedMS: Int64
    /// Milliseconds from the change to this try, and that the try took.
    public let waitedMS: Int64
    public let tookMS: Int64
    public let status: Int64?
    /// `acknowledged`, `gone`, or why it failed.
    public let outcome: String
    /// What was sent, as it was sent.
    public let body: String
}

/// What was sent to whom, for a week: read and replayed by the application's developers. The receivers' answers are not
/// kept.
public struct DeliveryLog: Sendable {
    private let accounts: AccountStore

    /// Seconds.
    public static let life: Int64 = 7 * 86_400

    public init(accounts: AccountStore) { self.accounts = accounts }

    static func add(_ delivery: Delivery, _ outcome: DeliveryOutcome, in session: any WriteSession) throws {
        let took = outcome.took.components
        try session.execute(
            """
            INSERT INTO deliveries (client_id, delivery, account_id, channel_id, message_id, type, attempt, tried_ms,
                waited_ms, took_ms, status, outcome, body)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(delivery.channel.client.value), .integer(WorkID.next()), .text(delivery.channel.account.value),
                .text(delivery.channel.id.value), .text(delivery.notice.messageID),
                .text(delivery.notice.type.rawValue), .integer(delivery.attempt), .integer(outcome.triedMS),
                .integer(max(0, outcome.triedMS - delivery.createdMS)),
                .integer(took.seconds * 1000 + took.attoseconds / 1_000_000_000_000_000),
                SQLValue(outcome.status.map(Int64.init)), .text(outcome.words),
                .text(String(decoding: delivery.body, as: UTF8.self)),
            ])
    }

    /// Which tries are asked for.
    public struct Question: Hashable, Sendable {
        public var client: ClientID
        public var channel: ChannelID?
        public var failedOnly = false
        /// Only those after this number, oldest first; nil: the newest, newest first.
        public var after: Int64?
        public var limit = 100

        public init(client: ClientID) { self.client = client }
    }

    public func deliveries(_ question: Question) async throws -> [LoggedDelivery] {
        var conditions = "client_id = ?"
        var values = [SQLValue.text(question.client.value)]
        if let channel = question.channel {
            conditions += " AND channel_id = ?"
            values.append(.text(channel.value))
        }
        if question.failedOnly { conditions += " AND outcome <> 'acknowledged'" }
        if let after = question.after {
            conditions += " AND delivery > ?"
            values.append(.integer(after))
        }
        let order = question.after == nil ? "DESC" : "ASC"
        let sql =
            "\(Self.columns) WHERE \(conditions) ORDER BY delivery \(order) LIMIT \(max(1, min(question.limit, 1000)))"
        let bound = values
        return try await accounts.database.read { try $0.all(sql, bound, LoggedDelivery.init) }
    }

    // MARK: Replay

    public enum ReplayError: Error, Hashable, Sendable {
        case unknown
        /// Its channel receives nothing any more.
        case closed(Channel.CloseReason)
    }

    /// Sends a logged message again, with the same id and the same bytes, after what its channel still has to send.
    public func replay(_ number: Int64, of client: ClientID) async throws {
        let now = accounts.now()
        try await accounts.database.write { session in
            let found = try session.first(
                Self.columns + " WHERE client_id = ? AND delivery = ?", [.text(client.value), .integer(number)],
                LoggedDelivery.init)
            guard let found, let channel = try ChannelStore.channel(found.channel, of: found.account, in: session)
            else {
                throw ReplayError.unknown
            }
            if case .closed(let reason, _) = channel.state { throw ReplayError.closed(reason) }
            try Self.enqueue(found, now: now, in: session)
        }
    }

    /// Sends again, once each, the messages of the week that were never acknowledged and are not waiting. Returns how
    /// many.
    public func replayFailed(of client: ClientID) async throws -> Int {
        let now = accounts.now()
        return try await accounts.database.write { session in
            let failed = try session.all(
                Self.columns + """
                     d WHERE client_id = ? AND delivery = (SELECT MAX(delivery) FROM deliveries WHERE client_id = d.client_id
                        AND message_id = d.message_id)
                    AND NOT EXISTS (SELECT 1 FROM deliveries WHERE message_id = d.message_id
                        AND outcome = 'acknowledged')
                    AND NOT EXISTS (SELECT 1 FROM notices WHERE account_id = d.account_id
                        AND channel_id = d.channel_id AND message_id = d.message_id)
                    AND EXISTS (SELECT 1 FROM channels WHERE account_id = d.account_id AND channel_id = d.channel_id
                        AND closed_at IS NULL)
                    ORDER BY delivery
                    """, [.text(client.value)], LoggedDelivery.init)
            for delivery in failed { try Self.enqueue(delivery, now: now, in: session) }
            return failed.count
        }
    }

    private static func enqueue(_ delivery: LoggedDelivery, now: Instant, in session: any WriteSession) throws {
        let key: [SQLValue] = [.text(delivery.account.value), .text(delivery.channel.value)]
        let since = NotificationBody.changesSince(in: delivery.body)
        let number = try session.first(
            """
            UPDATE channels SET waiting = 1, last_number = last_number + 1
            WHERE account_id = ? AND channel_id = ? AND closed_at IS NULL RETURNING last_number
            """, key
        ) { try $0.integer(0) }
        guard let number else { return }
        // Counted as tried: no change may join what was sent before.
        try session.execute(
            """
            INSERT INTO notices (account_id, channel_id, number, type, changes_since, message_id, tried, created_ms)
            VALUES (?, ?, ?, ?, ?, ?, ?, \(session.dialect.nowMilliseconds))
            """,
            key + [
                .integer(number), .text(delivery.type), SQLValue(since?.seconds), .text(delivery.messageID),
                .integer(delivery.attempt),
            ])
    }

    // MARK: Forgetting

    /// Forgets what is older than a week: tries, and channels that have been closed since.
    public func prune() async throws {
        let end = accounts.now().seconds - Self.life
        try await accounts.database.write { session in
            try session.execute("DELETE FROM deliveries WHERE tried_ms < ?", [.integer(end * 1000)])
            try session.execute("DELETE FROM channels WHERE closed_at < ?", [.integer(end)])
        }
    }

    fileprivate static let columns = """
        SELECT delivery, account_id, channel_id, message_id, type, attempt, tried_ms, waited_ms, took_ms, status, outcome,
            body FROM deliveries
        """
}

extension LoggedDelivery {
    fileprivate init(_ row: any SQLRow) throws {
        (number, account) = (try row.integer(0), AccountID(try row.text(1)))
        (channel, messageID, type) = (ChannelID(try row.text(2)), try row.text(3), try row.text(4))
        (attempt, triedMS, waitedMS) = (try row.integer(5), try row.integer(6), try row.integer(7))
        (tookMS, status) = (try row.integer(8), try row.optionalInteger(9))
        (outcome, body) = (try row.text(10), try row.text(11))
    }
}
