public import Accounts
public import CivilTime
public import StorageKit

/// Channels of accounts. What is not the caller's is not found.
public struct ChannelStore: Sendable {
    private let accounts: AccountStore

    /// Channels that one application may have open on one account.
    public static let most = 100

    public init(accounts: AccountStore) { self.accounts = accounts }

    public enum CreateError: Error, Hashable, Sendable {
        /// Filtered to calendars that the account does not have.
        case unknownCalendars([CalendarID])
        case tooMany(limit: Int)
    }

    /// Opens a channel and puts its verification into the outbox. `destination` names the receiver's host and port:
    /// what is slow together.
    public func create(
        _ filters: ChannelFilters, callbackURL: String, destination: String, account: AccountID, client: ClientID
    ) async throws -> Channel {
        let channel = Channel(
            account: account, id: ChannelID("chn_" + Crypto.hex(Crypto.random(12))), client: client,
            callbackURL: callbackURL, filters: filters, state: .open)
        let now = accounts.now()
        return try await accounts.database.write { session in
            let known = Set(try ProfileStore.calendars(of: account, in: session).map(\.id))
            let unknown = filters.calendars?.filter { !known.contains($0) } ?? []
            guard unknown.isEmpty else { throw CreateError.unknownCalendars(unknown) }
            guard try Self.openChannels(of: account, in: session).count(where: { $0.client == client }) < Self.most
            else { throw CreateError.tooMany(limit: Self.most) }
            try session.execute(
                """
                INSERT INTO channels (account_id, channel_id, client_id, callback_url, destination, calendar_ids,
                    only_managed, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(account.value), .text(channel.id.value), .text(client.value), .text(callbackURL),
                    .text(destination), SQLValue(filters.calendars?.map(\.value).joined(separator: "\n")),
                    filters.onlyManaged.map { SQLValue($0) } ?? .null, .integer(now.seconds),
                ])
            try ChangeRecorder(account: account, session: session).add(.verification, since: nil, to: channel.id)
            return channel
        }
    }

    /// Open channels of the application on the account, oldest first.
    public func channels(of account: AccountID, client: ClientID) async throws -> [Channel] {
        try await accounts.database.read { session in
            try Self.openChannels(of: account, in: session).filter { $0.client == client }
        }
    }

    /// Every channel of an application, closed ones of the last days included, for its developers.
    public func channels(of client: ClientID) async throws -> [Channel] {
        try await accounts.database.read { session in
            try session.all(
                Self.columns + " WHERE client_id = ? ORDER BY created_at, channel_id", [.text(client.value)],
                Channel.init)
        }
    }

    /// False where the application has no such channel open on the account.
    public func close(_ channel: ChannelID, of account: AccountID, client: ClientID) async throws -> Bool {
        let now = accounts.now()
        return try await accounts.database.write { session in
            let found = try session.first(
                """
                SELECT 1 FROM channels
                WHERE account_id = ? AND channel_id = ? AND client_id = ? AND closed_at IS NULL
                """, [.text(account.value), .text(channel.value), .text(client.value)]
            ) { try $0.integer(0) }
            guard found != nil else { return false }
            try Self.close(channel, of: account, .byApplication, now: now, in: session)
            return true
        }
    }

    /// Closes a channel and drops what was still to be sent.
    static func close(
        _ channel: ChannelID, of account: AccountID, _ reason: Channel.CloseReason, now: Instant,
        in session: any WriteSession
    ) throws {
        let key: [SQLValue] = [.text(account.value), .text(channel.value)]
        try session.execute(
            """
            UPDATE channels SET closed_at = ?, close_reason = ?, waiting = 0, leased_until = 0, fence = fence + 1
            WHERE account_id = ? AND channel_id = ? AND closed_at IS NULL
            """, [.integer(now.seconds), .text(reason.rawValue)] + key)
        try session.execute("DELETE FROM notices WHERE account_id = ? AND channel_id = ?", key)
    }

    /// Closes what `client` has open on an account whose access it has lost.
    public static func closeAll(
        of account: AccountID, client: ClientID, now: Instant, in session: any WriteSession
    ) throws {
        for channel in try openChannels(of: account, in: session) where channel.client == client {
            try close(channel.id, of: account, .revoked, now: now, in: session)
        }
    }

    static func openChannels(of account: AccountID, in session: any ReadSession) throws -> [Channel] {
        try session.all(
            columns + " WHERE account_id = ? AND closed_at IS NULL ORDER BY created_at, channel_id",
            [.text(account.value)], Channel.init)
    }

    static func channel(_ id: ChannelID, of account: AccountID, in session: any ReadSession) throws -> Channel? {
        try session.first(
            columns + " WHERE account_id = ? AND channel_id = ?", [.text(account.value), .text(id.value)], Channel.init)
    }

    private static let columns = """
        SELECT account_id, channel_id, client_id, callback_url, calendar_ids, only_managed, failing_since, closed_at,
            close_reason FROM channels
        """
}

extension Channel {
    fileprivate init(_ row: any SQLRow) throws {
        let calendars = try row.optionalText(4)?.split(separator: "\n").map { CalendarID(String($0)) }
        let state: State =
            if let end = try row.optionalInteger(7) {
                .closed(
                    try row.optionalText(8).flatMap(CloseReason.init(rawValue:)) ?? .undeliverable,
                    at: Instant(seconds: end))
            } else {
                try row.optionalInteger(6).map { .failing(since: Instant(seconds: $0)) } ?? .open
            }
        self.init(
            account: AccountID(try row.text(0)), id: ChannelID(try row.text(1)), client: ClientID(try row.text(2)),
            callbackURL: try row.text(3),
            filters: ChannelFilters(
                calendars: calendars, onlyManaged: try row.optionalInteger(5).map { $0 != 0 }), state: state)
    }
}
