public import CivilTime
public import StorageKit

/// Which calendars an application may change freely, by their owner's word: without it, it changes only what it made.
public enum CalendarPermissions {
    /// The numbers of the account's calendars that `client` may change freely.
    public static func unrestricted(
        for client: ClientID, of account: AccountID, in session: any ReadSession
    ) throws -> Set<CalendarNumber> {
        Set(
            try session.all(
                "SELECT calendar FROM calendar_permissions WHERE account_id = ? AND client_id = ?",
                [.text(account.value), .text(client.value)]
            ) { CalendarNumber(try $0.integer(0)) })
    }

    /// Gives `client` free hand in `calendars`, or takes it back.
    public static func set(
        unrestricted: Bool, _ calendars: [CalendarID], for client: ClientID, of account: AccountID, now: Instant,
        in session: any WriteSession
    ) throws {
        for calendar in calendars {
            let key: [SQLValue] = [.text(account.value), .text(calendar.value)]
            if unrestricted {
                try session.execute(
                    """
                    INSERT INTO calendar_permissions (account_id, calendar, client_id, granted_at)
                    SELECT account_id, calendar, ?, ? FROM calendars WHERE account_id = ? AND calendar_id = ?
                    ON CONFLICT (account_id, calendar, client_id) DO NOTHING
                    """, [.text(client.value), .integer(now.seconds)] + key)
            } else {
                try session.execute(
                    """
                    DELETE FROM calendar_permissions WHERE client_id = ? AND account_id = ? AND calendar IN
                        (SELECT calendar FROM calendars WHERE account_id = ? AND calendar_id = ?)
                    """, [.text(client.value), .text(account.value)] + key)
            }
        }
    }
}
