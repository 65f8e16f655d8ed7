public import CivilTime
import CronofyClient
import Sealing
public import StorageKit
public import Trips

/// Brings one link's rows up to date: its profiles and calendars first where that is due, then what changed. Nothing is
/// written until everything was read, and everything is written in one transaction.
public struct CalendarReader: Sendable {
    public let calls: LinkCalls
    let zones: ZoneDatabase
    /// The start of callback addresses; the link's key follows.
    let callbackBase: String

    public init(calls: LinkCalls, zones: ZoneDatabase, callbackBase: String) {
        (self.calls, self.zones, self.callbackBase) = (calls, zones, callbackBase)
    }

    private var links: LinkStore { calls.links }

    /// Seconds after which profiles are looked at again: a lost connection is seen within five minutes.
    static let checkEvery: Int64 = 200
    /// Seconds after which the channel is looked for again.
    static let channelEvery: Int64 = 86_400
    static let firstReadEvery: Int64 = 10
    /// Seconds for which rows of the past are kept.
    static let keptPast: Int64 = 42 * 86_400

    /// What is known before a read.
    private struct Situation: Sendable {
        var link: CalendarLink
        var counted: [String: Bool]
        /// Calendars that hold trips of ours, which are watched whether or not they count.
        let watched: Set<String>
        let personZone: String?
        let keepsRows: Bool
        let isFirstRead: Bool

        /// What can be read now.
        var readable: Set<String> { Set(counted.filter(\.value).keys) }
    }

    /// - Parameter fence: throws where another worker has taken the work over.
    /// - Returns: when the next read is due, in seconds from now; nil: not by itself.
    public func read(
        _ id: LinkID, of guide: PersonID, fence: @escaping @Sendable (any WriteSession) throws -> Void
    ) async throws -> Int64? {
        guard var known = try await situation(id, guide), !known.link.isPaused else { return nil }
        let now = links.now()
        if known.link.reading.checkedAt.map({ now.seconds - $0.seconds >= Self.checkEvery }) ?? true {
            try await check(known.link, now: now)
            guard let again = try await situation(id, guide) else { return nil }
            known = again
        }
        try await readTime(known, now: now, fence)
        // What the platform reads for the first time is there within seconds.
        return known.isFirstRead ? Self.firstReadEvery : try await interval(known.link.backend)
    }

    private func situation(_ id: LinkID, _ guide: PersonID) async throws -> Situation? {
        try await links.database.read { session in
            guard let link = try LinkStore.link(id, of: guide, in: session) else { return nil }
            let watched = try session.all(
                "SELECT DISTINCT calendar_id FROM trip_events WHERE person_id = ? AND link_id = ?",
                [.text(guide.value), .text(id.value)]
            ) { try $0.text(0) }
            let zone = try session.first("SELECT zone FROM people WHERE person_id = ?", [.text(guide.value)]) {
                try $0.text(0)
            }
            return Situation(
                link: link, counted: try LinkStore.counted(of: link, in: session), watched: Set(watched),
                personZone: zone, keepsRows: try ModeRows.keepsRows(of: link, in: session),
                isFirstRead: try LinkStore.integrations(of: guide, in: session).contains {
                    $0.link == id && $0.standing.cause == .firstRead
                })
        }
    }

    // MARK: Profiles and channel

    private func check(_ link: CalendarLink, now: Instant) async throws {
        let callback = callbackBase + link.channelKey
        let isChannelDue = link.channelSeenAt.map { now.seconds - $0.seconds >= Self.channelEvery } ?? true
        let info = try await calls.perform(link) { account throws(CronofyError) in try await account.userInfo() }
        let channel = isChannelDue ? try await channel(link, callback) : nil
        try await links.database.write { session in
            guard let link = try LinkStore.link(link.id, of: link.guide, in: session) else { return }
            let before = try LinkStore.counted(of: link, in: session)
            for cut in try LinkStore.apply(info, to: link, now: now, in: session) {
                try LinkRecord.wasCut(link.guide, thing: cut.id.value, .profileDisconnected, now: now, in: session)
            }
            let mine: [SQLValue] = [.text(link.guide.value), .text(link.id.value)]
            if try LinkStore.counted(of: link, in: session) != before {
                try session.execute(
                    "UPDATE calendar_links SET watermark = NULL WHERE person_id = ? AND link_id = ?", mine)
            }
            if let channel {
                try session.execute(
                    """
                    UPDATE calendar_links SET channel_id = ?, channel_reach = ?, channel_seen_at = ?
                    WHERE person_id = ? AND link_id = ?
                    """,
                    [
                        .text(channel.id), .text(channel.filters.onlyManaged ?? false ? "managed" : "all"),
                        .integer(now.seconds),
                    ] + mine)
            }
        }
    }

    /// The link's channel, opened where it is not there: a channel whose receiver was away for a day is closed.
    private func channel(_ link: CalendarLink, _ callback: String) async throws -> Channel? {
        try await calls.perform(link) { account throws(CronofyError) -> Channel? in
            if let open = try await account.channels().first(where: { $0.callbackURL == callback }) { return open }
            do throws(CronofyError) { return try await account.openChannel(to: callback) } catch .forbidden {
                // Without the right to read events only our own are told; the rest is found by polling.
                return try await account.openChannel(to: callback, filters: .init(onlyManaged: true))
            } catch .invalid {
                // The platform does not reach this server: polling alone.
                return nil
            }
        }
    }

    // MARK: Time

    private func readTime(
        _ known: Situation, now: Instant, _ fence: @escaping @Sendable (any WriteSession) throws -> Void
    ) async throws {
        let client = try await calls.backends.client(of: known.link.backend)
        guard let window = client.backend.limits.window(now: now), let zone = zone(of: known) else { return }
        var plan = ReadPlan(known.link.reading, window: window, now: now)
        // A service that asks live keeps no rows; trips of ours are watched all the same.
        let calendars = known.watched.union(known.keepsRows ? known.readable : [])
        if !known.keepsRows { plan = ReadPlan(CalendarLink.ReadingState(), window: window, now: now) }
        var answers: [(step: ReadPlan.Step, entries: [CalendarEntry])] = []
        var isStable = true
        for step in plan.steps {
            let (entries, stable) = try await entries(known.link, step, calendars.sorted(), BusyMapping(zone: zone))
            answers.append((step, entries))
            isStable = isStable && stable
        }
        let (read, state) = (answers, self.state(after: plan, known, now: now, isStable: isStable))
        try await links.database.write { session in
            try fence(session)
            // What the guide changed meanwhile is read again; this answer is to another question.
            guard let link = try LinkStore.link(known.link.id, of: known.link.guide, in: session),
                try LinkStore.counted(of: link, in: session) == known.counted, link.level == known.link.level
            else { throw ReadFault.changedMeanwhile }
            try apply(read, known, now: now, in: session)
            try Self.write(state, of: link, notified: known.link.reading.notifiedSince, in: session)
        }
    }

    private func apply(
        _ read: [(step: ReadPlan.Step, entries: [CalendarEntry])], _ known: Situation, now: Instant,
        in session: any WriteSession
    ) throws {
        let rows = SyncRows(link: known.link, session: session, now: now)
        for (step, entries) in read {
            var shown: Set<String> = []
            for case .ours(let id, let period) in entries.map(\.meaning) {
                shown.insert(id)
                try TripEventRows.saw(AssignmentID(id), period, guide: known.link.guide, now: now, in: session)
            }
            if case .complete(let period) = step {
                try TripEventRows.missed(
                    known.link, in: period, calendars: known.watched.filter { known.counted[$0] ?? true }, shown: shown,
                    now: now, in: session)
            }
            if known.keepsRows {
                try rows.apply(entries.filter { known.readable.contains($0.calendar) })
                if case .complete(let period) = step {
                    let kept = Set(entries.filter(\.blocks).map(\.key))
                    try rows.removeOthers(than: kept, in: period) { key in
                        // A calendar that cannot be read now keeps its last picture; one that counts no more does not.
                        known.counted[CalendarEntry.calendar(ofKey: key)] ?? true
                    }
                }
            }
        }
        if !known.keepsRows { try rows.removeAll() }
        try rows.removeEnded(before: Instant(seconds: now.seconds - Self.keptPast))
    }

    private func state(
        after plan: ReadPlan, _ known: Situation, now: Instant, isStable: Bool
    ) -> CalendarLink.ReadingState {
        var state = known.link.reading
        state.readAt = now
        guard known.keepsRows, isStable else {
            (state.watermark, state.covered, state.completeAt) = (nil, nil, nil)
            return state
        }
        if plan.steps.first == .complete(plan.window) { state.completeAt = now }
        (state.covered, state.watermark) = (plan.window, ReadPlan.watermark(now: now))
        return state
    }

    /// `notified`: what was known when the read began; a notice that came since stays.
    private static func write(
        _ state: CalendarLink.ReadingState, of link: CalendarLink, notified: Instant?, in session: any WriteSession
    ) throws {
        try session.execute(
            """
            UPDATE calendar_links SET read_at = ?, complete_at = ?, read_from = ?, read_until = ?, watermark = ?,
                notified_since = CASE WHEN notified_since = ? THEN NULL ELSE notified_since END
            WHERE person_id = ? AND link_id = ?
            """,
            [
                SQLValue(state.readAt?.seconds), SQLValue(state.completeAt?.seconds),
                SQLValue(state.covered?.start.seconds), SQLValue(state.covered?.end.seconds),
                SQLValue(state.watermark?.seconds), SQLValue(notified?.seconds ?? -1), .text(link.guide.value),
                .text(link.id.value),
            ])
    }

    /// The account's zone, or the person's own: never UTC for want of one.
    private func zone(of known: Situation) -> Zone? {
        known.link.zone.flatMap { zones.resolve(name: $0.name) } ?? known.personZone.flatMap { zones.resolve(name: $0) }
    }

    /// Everything of one step, all pages; the second value says whether each entry could be told from every other.
    private func entries(
        _ link: CalendarLink, _ step: ReadPlan.Step, _ calendars: [String], _ mapping: BusyMapping
    ) async throws -> ([CalendarEntry], Bool) {
        guard !calendars.isEmpty else { return ([], true) }
        let (period, since): (Period, Instant?) =
            switch step {
            case .complete(let period): (period, nil)
            case .changes(let since, let window): (window, since)
            }
        let (from, to) = (QueryBound.moment(period.start), QueryBound.moment(period.end))
        let found: [CalendarEntry] = try await calls.perform(link) { account throws(CronofyError) in
            switch link.level {
            case .busy:
                var query = FreeBusyQuery(zone: mapping.zone.id.name, from: from, to: to)
                (query.calendars, query.includesManaged, query.includesIDs) = (calendars, true, true)
                (query.includesFree, query.includesDeleted) = (since != nil, since != nil)
                (query.includesMoved, query.changedSince) = (since != nil, since)
                return try await account.freeBusy(query).collected().map { CalendarEntry($0, mapping) }
            case .detail:
                var query = EventQuery(zone: mapping.zone.id.name, from: from, to: to)
                (query.calendars, query.managed, query.includesDeleted) = (calendars, .with, since != nil)
                (query.includesMoved, query.changedSince) = (since != nil, since)
                return try await account.events(query).collected().map { CalendarEntry($0, mapping) }
            }
        }
        return CalendarEntry.distinct(found)
    }

    /// Every few minutes, and less often where many links share the requests that a backend allows.
    private func interval(_ backend: BackendID) async throws -> Int64 {
        let links = try await links.database.read { session in
            try session.first(
                "SELECT count(*) FROM calendar_links WHERE backend_id = ? AND is_paused = 0", [.text(backend.value)]
            ) { try $0.integer(0) } ?? 0
        }
        guard let rate = try await calls.backends.client(of: backend).backend.limits.rate else {
            return PollInterval.shortest
        }
        return PollInterval.seconds(links: links, perMinute: Int64(rate.perMinute))
    }
}

/// Why a read that got its answers wrote none of them.
enum ReadFault: Error, Hashable, Sendable {
    /// The guide chose otherwise while it went on: read again at once.
    case changedMeanwhile
}

/// How often links are read without being told of a change.
public enum PollInterval {
    public static let shortest: Int64 = 240
    public static let longest: Int64 = 86_400
    /// Requests of one poll.
    static let requests: Int64 = 2

    /// Polls take at most half of what a backend allows; the rest is for changes, questions and writes.
    public static func seconds(links: Int64, perMinute: Int64) -> Int64 {
        let (needed, overflow) = max(links, 0).multipliedReportingOverflow(by: requests * 60 * 2)
        guard !overflow else { return longest }
        return min(max(needed / max(perMinute, 1), shortest), longest)
    }
}
