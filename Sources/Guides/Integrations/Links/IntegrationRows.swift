import CivilTime
import CronofyClient
import Sealing
public import StorageKit
public import Trips

extension LinkStore {
    /// A guide's integrations with their calendars, oldest first.
    public static func integrations(of guide: PersonID, in session: any ReadSession) throws -> [CalendarIntegration] {
        let calendars = Dictionary(grouping: try calendars(of: guide, in: session)) {
            $0.link.value + $0.calendar.profileID
        }
        return try session.all(
            """
            SELECT person_id, integration_id, link_id, provider, external_id, name, state, cause, state_since, relink_url,
                is_active
            FROM calendar_integrations WHERE person_id = ? ORDER BY created_at, integration_id
            """, [.text(guide.value)]
        ) { row in
            let (link, profile) = (LinkID(try row.text(2)), try row.text(4))
            return CalendarIntegration(
                guide: PersonID(try row.text(0)), id: IntegrationID(try row.text(1)), link: link,
                provider: try row.text(3), externalID: profile, name: try row.text(5),
                standing: try standing(row, from: 6), relinkURL: try row.optionalText(9), isActive: try row.flag(10),
                calendars: (calendars[link.value + profile] ?? []).map(\.calendar))
        }
    }

    static func calendars(of guide: PersonID, in session: any ReadSession) throws -> [(
        link: LinkID, calendar: IntegrationCalendar
    )] {
        try session.all(
            """
            SELECT link_id, calendar_id, profile_id, name, is_primary, read_only, deleted, permission, counts, seen_at
            FROM integration_calendars WHERE person_id = ? ORDER BY is_primary DESC, name, calendar_id
            """, [.text(guide.value)]
        ) { row in
            (
                LinkID(try row.text(0)),
                IntegrationCalendar(
                    id: try row.text(1), profileID: try row.text(2), name: try row.text(3),
                    isPrimary: try row.flag(4), isReadOnly: try row.flag(5), isDeleted: try row.flag(6),
                    permission: try row.text(7), counts: try row.flag(8), seenAt: Instant(seconds: try row.integer(9)))
            )
        }
    }

    /// Calendars whose events make the guide busy: chosen, there, and of a profile that is not paused; and whether the
    /// platform can read them now.
    static func counted(of link: CalendarLink, in session: any ReadSession) throws -> [String: Bool] {
        let rows = try session.all(
            """
            SELECT c.calendar_id, i.state FROM integration_calendars c
            JOIN calendar_integrations i ON i.person_id = c.person_id AND i.link_id = c.link_id
                AND i.external_id = c.profile_id
            WHERE c.person_id = ? AND c.link_id = ? AND c.counts = 1 AND c.deleted = 0 AND i.is_active = 1
            """, [.text(link.guide.value), .text(link.id.value)]
        ) { (try $0.text(0), try $0.text(1) == LinkStanding.State.connected.rawValue) }
        return Dictionary(rows, uniquingKeysWith: { $0 && $1 })
    }

    /// Writes what userinfo says: profiles with their standing, calendars, the account's zone. What the guide chose
    /// stays; a new calendar counts when the guide can write to it, or it is the primary one: others' calendars, such as
    /// public holidays, do not unless they are chosen.
    /// - Returns: integrations that were cut just now.
    @discardableResult
    static func apply(_ info: UserInfo, to link: CalendarLink, now: Instant, in session: any WriteSession) throws
        -> [CalendarIntegration]
    {
        let known = try integrations(of: link.guide, in: session).filter { $0.link == link.id }
        var cut: [CalendarIntegration] = []
        for linked in info.profiles {
            let before = known.first { $0.externalID == linked.profile.id }
            let news = LinkStanding.News(linked.profile)
            let standing = (before?.standing ?? LinkStanding(state: .connected, cause: nil, since: now)).after(
                news, now: now)
            if let before, standing.state == .disconnected, before.standing.state != .disconnected {
                cut.append(before)
            }
            try write(linked.profile, standing, link, now, session)
            for calendar in linked.calendars { try write(calendar, of: linked.profile.id, link, now, session) }
            try forget(
                link, "integration_calendars", "calendar_id", linked.calendars.map(\.id), linked.profile.id, session)
        }
        try forget(link, "calendar_integrations", "external_id", info.profiles.map(\.profile.id), nil, session)
        try forget(link, "integration_calendars", "profile_id", info.profiles.map(\.profile.id), nil, session)
        try session.execute(
            "UPDATE calendar_links SET zone = ?, checked_at = ? WHERE person_id = ? AND link_id = ?",
            [
                SQLValue(info.zone ?? link.zone?.name), .integer(now.seconds), .text(link.guide.value),
                .text(link.id.value),
            ])
        return cut
    }

    private static func write(
        _ profile: Profile, _ standing: LinkStanding, _ link: CalendarLink, _ now: Instant, _ session: any WriteSession
    ) throws {
        try session.execute(
            """
            INSERT INTO calendar_integrations (person_id, integration_id, link_id, provider, external_id, name, state,
                cause, state_since, relink_url, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (person_id, link_id, external_id) DO UPDATE SET provider = excluded.provider,
                name = excluded.name, state = excluded.state, cause = excluded.cause,
                state_since = excluded.state_since, relink_url = excluded.relink_url
            """,
            [
                .text(link.guide.value), .text("int_" + Crypto.token(20)), .text(link.id.value),
                .text(profile.providerService ?? profile.providerName.rawValue), .text(profile.id), .text(profile.name),
                .text(standing.state.rawValue), SQLValue(standing.cause?.rawValue), .integer(standing.since.seconds),
                SQLValue(profile.relinkURL), .integer(now.seconds),
            ])
    }

    private static func write(
        _ calendar: CalendarInfo, of profile: String, _ link: CalendarLink, _ now: Instant, _ session: any WriteSession
    ) throws {
        try session.execute(
            """
            INSERT INTO integration_calendars (person_id, link_id, calendar_id, profile_id, name, is_primary, read_only,
                deleted, permission, counts, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (person_id, link_id, calendar_id) DO UPDATE SET profile_id = excluded.profile_id,
                name = excluded.name, is_primary = excluded.is_primary, read_only = excluded.read_only,
                deleted = excluded.deleted, permission = excluded.permission
            """,
            [
                .text(link.guide.value), .text(link.id.value), .text(calendar.id), .text(profile), .text(calendar.name),
                SQLValue(calendar.isPrimary), SQLValue(calendar.isReadOnly), SQLValue(calendar.isDeleted),
                .text(calendar.permission.rawValue), SQLValue(calendar.isPrimary || !calendar.isReadOnly),
                .integer(now.seconds),
            ])
    }

    /// Deletes the rows of a link whose `column` is not among `kept`.
    private static func forget(
        _ link: CalendarLink, _ table: String, _ column: String, _ kept: [String], _ profile: String?,
        _ session: any WriteSession
    ) throws {
        var sql = "DELETE FROM \(table) WHERE person_id = ? AND link_id = ?"
        var arguments: [SQLValue] = [.text(link.guide.value), .text(link.id.value)]
        if let profile {
            sql += " AND profile_id = ?"
            arguments.append(.text(profile))
        }
        if !kept.isEmpty {
            sql += " AND \(column) NOT IN (\(kept.map { _ in "?" }.joined(separator: ", ")))"
            arguments += kept.map(SQLValue.text)
        }
        try session.execute(sql, arguments)
    }
}

extension LinkStanding.News {
    fileprivate init(_ profile: Profile) {
        self =
            !profile.isConnected ? .cut(.profileDisconnected) : profile.needsInitialSync ? .trouble(.firstRead) : .works
    }
}
