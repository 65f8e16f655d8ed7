import CivilTime
import StorageKit
import Trips

/// Everything that rows say of some guides' time, read in one snapshot.
struct TimeSnapshot: Sendable {
    /// A linked account that says when the guide is busy.
    struct Link: Sendable {
        let link: CalendarLink
        let calendars: [String]
        /// A calendar that counts cannot be read any more, or the whole link cannot.
        let isCut: Bool
        /// The platform itself has not read it yet: to ask is to be told that all is free.
        let isUnread: Bool
        /// Nil where there is nothing to rely on, such as before the first read.
        let readAt: Instant?
        let zone: Zone?
        /// What the viewer may know of the calendar's time.
        let visibility: GuideAvailability.Visibility
        var rows: [TimeClaim] = []
        let blocksTentative: Bool

        func claim(_ period: Period, _ reason: BusyReason) -> TimeClaim? {
            guard blocksTentative || !reason.isTentative else { return nil }
            return TimeClaim(
                period: period, source: .external, isTentative: reason.isTentative, visibility: visibility,
                reason: .calendar(reason))
        }
    }

    let mode: CalendarMode
    var links: [PersonID: [Link]] = [:]
    var claims: [PersonID: [TimeClaim]] = [:]

    init(
        _ guides: [PersonID], _ window: Period, _ service: ServiceID, ignoring: GuideTime.Ignored, now: Instant,
        zones: ZoneDatabase, _ session: any ReadSession
    ) throws {
        let settings = try session.first(
            "SELECT mode, tentative_blocks FROM guide_services WHERE service_id = ?", [.text(service.value)]
        ) { (CalendarMode(rawValue: try $0.text(0)) ?? .hybrid, try $0.flag(1)) }
        let blocksTentative = settings?.1 ?? true
        mode = settings?.0 ?? .hybrid
        let shares = try Shares.of(service, in: session)
        for chunk in Self.chunks(guides) {
            let marks = chunk.map { _ in "?" }.joined(separator: ", ")
            let people = chunk.map { SQLValue.text($0.value) }
            try readLinks(marks, people, shares, service, blocksTentative, now, zones, session)
            try readRows(marks, people, window, service, ignoring, shares, blocksTentative, session)
            try readSeasons(marks, people, window, zones, session)
        }
    }

    /// Databases take so many arguments.
    private static func chunks(_ guides: [PersonID]) -> [[PersonID]] {
        stride(from: 0, to: guides.count, by: 500).map { Array(guides[$0..<min($0 + 500, guides.count)]) }
    }

    private mutating func readLinks(
        _ marks: String, _ people: [SQLValue], _ shares: Shares, _ service: ServiceID,
        _ blocksTentative: Bool, _ now: Instant, _ zones: ZoneDatabase, _ session: any ReadSession
    ) throws {
        struct Counted { let link: LinkID, id: String, state: String, cause: String? }
        let calendars = try session.all(
            """
            SELECT c.link_id, c.calendar_id, i.state, i.cause FROM integration_calendars c
            JOIN calendar_integrations i ON i.person_id = c.person_id AND i.link_id = c.link_id
                AND i.external_id = c.profile_id
            WHERE c.person_id IN (\(marks)) AND c.counts = 1 AND c.deleted = 0 AND i.is_active = 1
            """, people
        ) {
            Counted(
                link: LinkID(try $0.text(0)), id: try $0.text(1), state: try $0.text(2), cause: try $0.optionalText(3))
        }
        let byLink = Dictionary(grouping: calendars, by: \.link)
        let home = Dictionary(
            try session.all("SELECT person_id, zone FROM people WHERE person_id IN (\(marks))", people) {
                (PersonID(try $0.text(0)), try $0.text(1))
            }, uniquingKeysWith: { first, _ in first })
        let found = try session.all(
            LinkStore.select + " WHERE person_id IN (\(marks)) ORDER BY created_at, link_id", people, LinkStore.link)
        for link in found {
            let counted = byLink[link.id] ?? []
            // Nothing counts: the guide said that this account says nothing.
            guard !counted.isEmpty || link.reading.checkedAt == nil else { continue }
            let isFirst = counted.contains { $0.cause == LinkStanding.Cause.firstRead.rawValue }
            let isCut =
                link.standing.state == .disconnected
                || counted.contains { $0.state == LinkStanding.State.disconnected.rawValue }
            let zone =
                zones.resolve(name: link.zone?.name ?? "") ?? home[link.guide].flatMap { zones.resolve(name: $0) }
            links[link.guide, default: []].append(
                Link(
                    link: link, calendars: counted.map(\.id).sorted(), isCut: isCut, isUnread: isFirst,
                    readAt: isFirst || link.reading.completeAt == nil ? nil : link.reading.readAt, zone: zone,
                    visibility: shares.visibility(of: .sync, row: .busy, guide: link.guide, owner: nil, to: service),
                    blocksTentative: blocksTentative))
        }
    }

    private mutating func readRows(
        _ marks: String, _ people: [SQLValue], _ window: Period, _ service: ServiceID, _ ignoring: GuideTime.Ignored,
        _ shares: Shares, _ blocksTentative: Bool, _ session: any ReadSession
    ) throws {
        try session.forEach(
            """
            SELECT person_id, start_at, end_at, is_available, is_tentative, source, visibility, service_id, trip_id, origin,
                reason
            FROM guide_availability WHERE person_id IN (\(marks)) AND end_at > ? AND start_at < ?
            """, people + [.integer(window.start.seconds), .integer(window.end.seconds)]
        ) { row in
            guard let source = GuideAvailability.Source(rawValue: try row.text(5)),
                let period = Period(
                    from: Instant(seconds: try row.integer(1)), to: Instant(seconds: try row.integer(2)))
            else { return }
            let guide = PersonID(try row.text(0))
            let owner = try row.optionalText(7).map { ServiceID($0) }
            let ownTrip = try row.optionalText(8)
            if source == .assignment, owner == service, ignoring.covers(ownTrip) { return }
            let visibility = shares.visibility(
                of: source, row: GuideAvailability.Visibility(rawValue: try row.text(6)) ?? .private, guide: guide,
                owner: owner, to: service)
            let isTentative = try row.flag(4)
            guard blocksTentative || !isTentative || source != .sync else { return }
            let reason: TimeReason =
                switch source {
                case .assignment: .trip
                case .manual: .manual
                case .sync: .calendar(BusyReason(rawValue: try row.text(10)) ?? .busy)
                }
            let claim = TimeClaim(
                period: period, source: TimeClaim.Source(source), isAvailable: try row.flag(3),
                isTentative: isTentative, visibility: visibility, reason: reason)
            guard source == .sync else {
                claims[guide, default: []].append(claim)
                return
            }
            // Rows of a calendar count with its link, whichever service it was linked for: a guide has one time.
            guard let origin = try row.optionalText(9),
                let place = links[guide]?.firstIndex(where: { $0.link.id.value == origin })
            else { return }
            links[guide]?[place].rows.append(claim)
        }
    }

    private mutating func readSeasons(
        _ marks: String, _ people: [SQLValue], _ window: Period, _ zones: ZoneDatabase, _ session: any ReadSession
    ) throws {
        try session.forEach(
            """
            SELECT s.person_id, s.first_day, s.last_day, p.zone FROM seasons s
            JOIN people p ON p.person_id = s.person_id WHERE s.person_id IN (\(marks)) AND s.is_available = 0
            """, people
        ) { row in
            guard let zone = zones.resolve(name: try row.text(3)),
                let first = Int32(exactly: try row.integer(1)).flatMap(CivilDate.init(dayNumber:)),
                let after = Int32(exactly: try row.integer(2)).flatMap(CivilDate.init(dayNumber:))?.adding(days: 1),
                let period = Period(from: zone.instant(of: first.midnight), to: zone.instant(of: after.midnight))
            else { return }
            claims[PersonID(try row.text(0)), default: []].append(
                TimeClaim(period: period, source: .season, reason: .season))
        }
    }
}

extension TimeClaim.Source {
    init(_ source: GuideAvailability.Source) {
        self =
            switch source {
            case .assignment: .assignment
            case .manual: .manual
            case .sync: .external
            }
    }
}
