public import Accounts
public import CivilTime
public import StorageKit

/// Events that one transaction changed in one calendar.
public struct CalendarChange: Hashable, Sendable {
    public var calendar: CalendarNumber
    /// When they changed: what their `changed_at` says.
    public var at: Instant
    /// Whose managed events are among them.
    public var managers: Set<ClientID>
    /// The application that made the change through the API; it is not told of what it did. Nil: somebody else.
    public var author: ClientID?

    public init(calendar: CalendarNumber, at: Instant, managers: Set<ClientID> = [], author: ClientID? = nil) {
        (self.calendar, self.at, self.managers, self.author) = (calendar, at, managers, author)
    }
}

/// Writes notices into the outbox, in the transaction of what they tell of. The one seam through which changes become
/// notifications.
public struct ChangeRecorder {
    let account: AccountID
    let session: any WriteSession

    public init(account: AccountID, session: any WriteSession) { (self.account, self.session) = (account, session) }

    public func record(_ change: CalendarChange) throws {
        let channels = try ChannelStore.openChannels(of: account, in: session)
        guard !channels.isEmpty else { return }
        let calendar =
            channels.contains { $0.filters.calendars != nil } ? try calendarID(of: change.calendar) : nil
        for channel in channels where channel.filters.admit(change, in: calendar, client: channel.client) {
            try add(.change, since: change.at, to: channel.id)
        }
    }

    /// Tells every channel of the account, whatever it filters: these are not about single events.
    public func record(_ type: NoticeType) throws {
        for channel in try ChannelStore.openChannels(of: account, in: session) {
            try add(type, since: nil, to: channel.id)
        }
    }

    /// Joins a notice of the type that was not tried yet, or adds one.
    func add(_ type: NoticeType, since: Instant?, to channel: ChannelID) throws {
        let key: [SQLValue] = [.text(account.value), .text(channel.value)]
        // Joining takes the row's lock: a sender freezes the notice before this commits, or after, never halfway.
        let joined = try session.execute(
            """
            UPDATE notices SET changes_since = CASE WHEN changes_since > ? THEN ? ELSE changes_since END
            WHERE account_id = ? AND channel_id = ? AND type = ? AND tried = 0
            """, [SQLValue(since?.seconds), SQLValue(since?.seconds)] + key + [.text(type.rawValue)])
        guard joined == 0 else { return }
        guard let number = try nextNumber(of: channel) else { return }
        try session.execute(
            """
            INSERT INTO notices (account_id, channel_id, number, type, changes_since, message_id, created_ms)
            VALUES (?, ?, ?, ?, ?, ?, \(session.dialect.nowMilliseconds))
            ON CONFLICT (account_id, channel_id, type) WHERE tried = 0 DO UPDATE SET changes_since =
                CASE WHEN notices.changes_since > excluded.changes_since THEN excluded.changes_since
                    ELSE notices.changes_since END
            """,
            key + [
                .integer(number), .text(type.rawValue), SQLValue(since?.seconds), .text("msg_" + Crypto.token(24)),
            ])
    }

    /// Says that the channel has something to send; nil where it has been closed meanwhile.
    private func nextNumber(of channel: ChannelID) throws -> Int64? {
        try session.first(
            """
            UPDATE channels SET waiting = 1, last_number = last_number + 1
            WHERE account_id = ? AND channel_id = ? AND closed_at IS NULL RETURNING last_number
            """, [.text(account.value), .text(channel.value)]
        ) { try $0.integer(0) }
    }

    private func calendarID(of number: CalendarNumber) throws -> CalendarID? {
        try session.first(
            "SELECT calendar_id FROM calendars WHERE account_id = ? AND calendar = ?",
            [.text(account.value), .integer(number.value)]
        ) { CalendarID(try $0.text(0)) }
    }
}

extension Dialect {
    /// The database's own clock in milliseconds since 1970.
    var nowMilliseconds: String {
        self == .postgresql
            ? "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
            : "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
    }
}
