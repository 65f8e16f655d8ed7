public import Accounts
import CivilTime
import StorageKit

/// Hands out channels that have something to send, one notice at a time, and takes back how it went. Any number of
/// processes may ask; a channel's lease is with one of them. Leases are measured by the database's clock.
public struct NoticeQueue: Sendable {
    let accounts: AccountStore
    private let random: @Sendable () -> Double

    /// Seconds after which others take a channel whose sender was silent: longer than a try may last.
    static let lease: Int64 = 20
    /// Seconds between two notices of one channel, in which changes of a burst join.
    static let quiet: Int64 = 1
    /// Channels looked at in one claim.
    private static let reach: Int64 = 200

    /// `random` gives numbers from 0 to 1, for jitter.
    public init(accounts: AccountStore, random: @escaping @Sendable () -> Double) {
        (self.accounts, self.random) = (accounts, random)
    }

    /// Ends every lease: for a database that only one process holds, when that process has just begun.
    public func endLeases() async throws {
        try await accounts.database.write {
            try $0.execute("UPDATE channels SET leased_until = 0 WHERE leased_until > 0")
        }
    }

    // MARK: Claiming

    /// Takes what is due, as far as `slots` allow, longest due first.
    public func claim(_ slots: DeliverySlots) async throws -> (deliveries: [Delivery], slots: DeliverySlots) {
        var slots = slots
        guard !slots.isFull else { return ([], slots) }
        var leased: [Lease] = []
        for candidate in try await candidates(excluding: slots.saturated)
        where slots.take(candidate.destination, hasFailed: candidate.failures > 0) {
            leased.append(candidate)
        }
        guard !leased.isEmpty else { return ([], slots) }
        let held = try await hold(leased)
        let deliveries = try await freeze(held)
        let sent = Set(deliveries.map(\.channel.id))
        for lease in leased where !sent.contains(lease.channel) {
            slots.release(lease.destination, succeeded: lease.failures == 0)
        }
        return (deliveries, slots)
    }

    private struct Lease: Sendable {
        let account: AccountID, channel: ChannelID, destination: String, failures: Int64, fence: Int64
        var key: [SQLValue] { [.text(account.value), .text(channel.value)] }
    }

    private func candidates(excluding saturated: [String]) async throws -> [Lease] {
        try await accounts.database.read { session in
            let now = session.dialect.now
            let marks = saturated.map { _ in "?" }.joined(separator: ", ")
            let free = saturated.isEmpty ? "" : " AND destination NOT IN (\(marks))"
            return try session.all(
                """
                SELECT account_id, channel_id, destination, failures, fence FROM channels
                WHERE waiting = 1 AND next_at <= \(now) AND leased_until <= \(now)\(free)
                ORDER BY next_at, account_id, channel_id LIMIT \(Self.reach)
                """, saturated.map(SQLValue.text)
            ) {
                Lease(
                    account: AccountID(try $0.text(0)), channel: ChannelID(try $0.text(1)),
                    destination: try $0.text(2), failures: try $0.integer(3), fence: try $0.integer(4))
            }
        }
    }

    /// Leases those that nobody else took meanwhile.
    private func hold(_ wanted: [Lease]) async throws -> [Lease] {
        try await accounts.database.write { session in
            let now = session.dialect.now
            return try Self.inOrder(wanted).filter { lease in
                try session.execute(
                    """
                    UPDATE channels SET leased_until = \(now) + ?, fence = fence + 1
                    WHERE account_id = ? AND channel_id = ? AND fence = ? AND waiting = 1 AND leased_until <= \(now)
                    """, [.integer(Self.lease)] + lease.key + [.integer(lease.fence)]) == 1
            }
        }
    }

    /// The first notice of each: from now on no change joins it. In a transaction of its own, because a change that is
    /// under way may hold the notice, and waits for nothing that this holds.
    private func freeze(_ held: [Lease]) async throws -> [Delivery] {
        try await accounts.database.write { session in
            try held.compactMap { lease in
                guard let channel = try ChannelStore.channel(lease.channel, of: lease.account, in: session) else {
                    return nil
                }
                guard try isAuthorized(channel, in: session) else {
                    try ChannelStore.close(channel.id, of: channel.account, .revoked, now: accounts.now(), in: session)
                    return nil
                }
                return try delivery(lease, channel, in: session)
            }
        }
    }

    /// An account that asked to be forgotten is told of even when its grants are gone.
    private func isAuthorized(_ channel: Channel, in session: any ReadSession) throws -> Bool {
        try session.first(
            """
            SELECT 1 FROM grants WHERE account_id = ? AND client_id = ?
            UNION ALL SELECT 1 FROM notices WHERE account_id = ? AND channel_id = ? AND type = ?
            """,
            [
                .text(channel.account.value), .text(channel.client.value), .text(channel.account.value),
                .text(channel.id.value), .text(NoticeType.gdprRequested.rawValue),
            ]
        ) { try $0.integer(0) } != nil
    }

    private func delivery(_ lease: Lease, _ channel: Channel, in session: any WriteSession) throws -> Delivery? {
        let found = try session.first(
            """
            UPDATE notices SET tried = tried + 1 WHERE account_id = ? AND channel_id = ? AND number =
                (SELECT MIN(number) FROM notices WHERE account_id = ? AND channel_id = ?)
            RETURNING number, type, changes_since, message_id, created_ms, tried
            """, lease.key + lease.key
        ) { row -> (Notice, Int64, Int64)? in
            guard let type = NoticeType(rawValue: try row.text(1)) else { return nil }
            let notice = Notice(
                number: try row.integer(0), type: type,
                changesSince: try row.optionalInteger(2).map { Instant(seconds: $0) }, messageID: try row.text(3))
            return (notice, try row.integer(4), try row.integer(5))
        }
        guard let (notice, created, attempt) = found.flatMap({ $0 }) else {
            try Self.release(lease.key, fence: lease.fence + 1, in: session)
            return nil
        }
        var since: Instant?
        if case .failing(let start) = channel.state { since = start }
        return Delivery(
            channel: channel, destination: lease.destination, notice: notice, attempt: attempt, failingSince: since,
            body: NotificationBody.bytes(of: notice, to: channel),
            secrets: try accounts.liveSecrets(of: channel.client, in: session), createdMS: created,
            fence: lease.fence + 1)
    }

    // MARK: Settling

    /// Writes how tries ended: into the log, and onto their channels.
    public func settle(_ finished: [(delivery: Delivery, outcome: DeliveryOutcome)]) async throws {
        let (now, spread) = (accounts.now(), finished.map { _ in random() })
        try await accounts.database.write { session in
            let order = finished.indices.sorted {
                Self.sortKey(finished[$0].delivery.channel) < Self.sortKey(finished[$1].delivery.channel)
            }
            for index in order {
                let (delivery, outcome) = finished[index]
                try DeliveryLog.add(delivery, outcome, in: session)
                try settle(delivery, outcome, spread: spread[index], now: now, in: session)
            }
        }
    }

    private func settle(
        _ delivery: Delivery, _ outcome: DeliveryOutcome, spread: Double, now: Instant, in session: any WriteSession
    ) throws {
        let key = delivery.key
        switch outcome.result {
        case .acknowledged:
            // The channel first: a change that adds a notice waits for this row, and is seen by what comes after.
            guard
                try Self.update(
                    delivery, "failures = 0, failing_since = NULL, next_at = \(session.dialect.now) + \(Self.quiet)",
                    in: session)
            else { return }
            try session.execute(
                "DELETE FROM notices WHERE account_id = ? AND channel_id = ? AND number = ?",
                key + [.integer(delivery.notice.number)])
            try Self.release(key, fence: delivery.fence, in: session)
        case .failed(_, let retryAfter):
            let failures = try session.first(
                "SELECT failures FROM channels WHERE account_id = ? AND channel_id = ?", key
            ) { try $0.integer(0) }
            let since = delivery.failingSince ?? now
            let decision = RetrySchedule.decide(
                failures: (failures ?? 0) + 1, since: since, now: now, retryAfter: retryAfter, spread: spread)
            guard case .again(let pause) = decision else {
                return try close(delivery, .undeliverable, now: now, in: session)
            }
            let assignments = """
                failures = failures + 1, failing_since = COALESCE(failing_since, \(since.seconds)), leased_until = 0,
                    next_at = \(session.dialect.now) + \(pause)
                """
            _ = try Self.update(delivery, assignments, in: session)
        case .gone: try close(delivery, .gone, now: now, in: session)
        }
    }

    private func close(
        _ delivery: Delivery, _ reason: Channel.CloseReason, now: Instant, in session: any WriteSession
    ) throws {
        guard try Self.update(delivery, "leased_until = 0", in: session) else { return }
        try ChannelStore.close(delivery.channel.id, of: delivery.channel.account, reason, now: now, in: session)
    }

    /// False where another sender has the channel by now: then nothing of this is written.
    private static func update(
        _ delivery: Delivery, _ assignments: String, in session: any WriteSession
    ) throws -> Bool {
        try session.execute(
            "UPDATE channels SET \(assignments) WHERE account_id = ? AND channel_id = ? AND fence = ?",
            delivery.key + [.integer(delivery.fence)]) == 1
    }

    /// Ends a lease, and notes whether anything is left to send.
    private static func release(_ key: [SQLValue], fence: Int64, in session: any WriteSession) throws {
        let isLeft =
            try session.first(
                "SELECT 1 FROM notices WHERE account_id = ? AND channel_id = ? LIMIT 1", key
            ) { try $0.integer(0) } != nil
        try session.execute(
            """
            UPDATE channels SET leased_until = 0, waiting = CASE WHEN closed_at IS NULL THEN ? ELSE 0 END
            WHERE account_id = ? AND channel_id = ? AND fence = ?
            """, [SQLValue(isLeft)] + key + [.integer(fence)])
    }

    /// Rows are locked in one order by everybody, so that nobody waits in a circle.
    private static func inOrder(_ leases: [Lease]) -> [Lease] {
        leases.sorted { ($0.account.value, $0.channel.value) < ($1.account.value, $1.channel.value) }
    }

    private static func sortKey(_ channel: Channel) -> String { channel.account.value + "/" + channel.id.value }
}

extension Delivery {
    var key: [SQLValue] { [.text(channel.account.value), .text(channel.id.value)] }
}
