public import CivilTime
import CronofyClient
public import Sealing
public import StorageKit
public import Trips

/// The rows of links, integrations and their calendars. Every query carries the guide, or the unguessable channel key.
public struct LinkStore: Sendable {
    public let database: any Database
    let key: SealingKey
    public let now: @Sendable () -> Instant

    public init(database: any Database, key: SealingKey, now: @escaping @Sendable () -> Instant) {
        (self.database, self.key, self.now) = (database, key, now)
    }

    // MARK: Links

    public static func links(of guide: PersonID, in session: any ReadSession) throws -> [CalendarLink] {
        try session.all(select + " WHERE person_id = ? ORDER BY created_at, link_id", [.text(guide.value)], link)
    }

    public static func link(_ id: LinkID, of guide: PersonID, in session: any ReadSession) throws -> CalendarLink? {
        try session.first(
            select + " WHERE person_id = ? AND link_id = ?", [.text(guide.value), .text(id.value)], link)
    }

    static func link(account: String, at backend: BackendID, of guide: PersonID, in session: any ReadSession) throws
        -> CalendarLink?
    {
        try session.first(
            select + " WHERE person_id = ? AND backend_id = ? AND account_id = ?",
            [.text(guide.value), .text(backend.value), .text(account)], link)
    }

    static func link(channelKey: String, in session: any ReadSession) throws -> CalendarLink? {
        try session.first(select + " WHERE channel_key = ?", [.text(channelKey)], link)
    }

    static let columns = """
        person_id, link_id, backend_id, account_id, scope, zone, level, state, cause, state_since, is_paused, checked_at,
        read_at, complete_at, read_from, read_until, watermark, notified_since, channel_key, channel_id, event_calendar,
        channel_seen_at
        """
    static let select = "SELECT \(columns) FROM calendar_links"

    static func link(_ row: any SQLRow) throws -> CalendarLink {
        func instant(_ column: Int) throws -> Instant? {
            try row.optionalInteger(column).map { Instant(seconds: $0) }
        }
        var reading = CalendarLink.ReadingState()
        (reading.checkedAt, reading.readAt) = (try instant(11), try instant(12))
        reading.completeAt = try instant(13)
        if let from = try instant(14), let until = try instant(15) { reading.covered = Period(from: from, to: until) }
        (reading.watermark, reading.notifiedSince) = (try instant(16), try instant(17))
        return CalendarLink(
            guide: PersonID(try row.text(0)), id: LinkID(try row.text(1)), backend: BackendID(try row.text(2)),
            account: try row.text(3), scope: try row.text(4), zone: try row.optionalText(5).map(ZoneID.init),
            level: DetailLevel(rawValue: try row.text(6)) ?? .busy, standing: try standing(row, from: 7),
            isPaused: try row.flag(10), reading: reading, channelKey: try row.text(18),
            channelID: try row.optionalText(19), channelSeenAt: try instant(21),
            eventCalendar: try row.optionalText(20))
    }

    static func standing(_ row: any SQLRow, from column: Int) throws -> LinkStanding {
        LinkStanding(
            state: LinkStanding.State(rawValue: try row.text(column)) ?? .failing,
            cause: try row.optionalText(column + 1).flatMap(LinkStanding.Cause.init),
            since: Instant(seconds: try row.integer(column + 2)))
    }

    /// Writes the standing where it changed; returns whether the link was cut just now.
    @discardableResult
    static func set(_ standing: LinkStanding, of link: CalendarLink, in session: any WriteSession) throws -> Bool {
        guard standing != link.standing else { return false }
        try session.execute(
            "UPDATE calendar_links SET state = ?, cause = ?, state_since = ? WHERE person_id = ? AND link_id = ?",
            [
                .text(standing.state.rawValue), SQLValue(standing.cause?.rawValue), .integer(standing.since.seconds),
                .text(link.guide.value), .text(link.id.value),
            ])
        return standing.state == .disconnected && link.standing.state != .disconnected
    }

    // MARK: Tokens

    private enum Purpose {
        static let access = "calendar_links.access_token"
        static let refresh = "calendar_links.refresh_token"
    }

    /// - Throws: `SealingKey.OpenError` where they were sealed with another key.
    func tokens(of link: CalendarLink, in session: any ReadSession) throws -> AccountTokens? {
        try session.first(
            "SELECT access_token, refresh_token, scope FROM calendar_links WHERE person_id = ? AND link_id = ?",
            [.text(link.guide.value), .text(link.id.value)]
        ) { row in
            AccountTokens(
                accessToken: try key.open(try row.blob(0), for: Purpose.access).reveal(),
                refreshToken: try row.optionalBlob(1).map { try key.open($0, for: Purpose.refresh).reveal() },
                scope: try row.text(2))
        }
    }

    func set(_ tokens: AccountTokens, guide: PersonID, link: LinkID, in session: any WriteSession) throws {
        let (access, refresh) = sealed(tokens)
        try session.execute(
            """
            UPDATE calendar_links SET access_token = ?, refresh_token = ?, scope = ?
            WHERE person_id = ? AND link_id = ?
            """,
            [.blob(access), SQLValue(refresh), .text(tokens.scope), .text(guide.value), .text(link.value)])
    }

    func sealed(_ tokens: AccountTokens) -> (access: [UInt8], refresh: [UInt8]?) {
        (
            key.seal(Secret(tokens.accessToken), for: Purpose.access),
            tokens.refreshToken.map { key.seal(Secret($0), for: Purpose.refresh) }
        )
    }
}
