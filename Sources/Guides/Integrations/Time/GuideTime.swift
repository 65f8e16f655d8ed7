public import CivilTime
import CronofyClient
import StorageKit
public import Trips

/// When guides are busy, for a service and a question. Rows are read in one snapshot; the platform is asked only where
/// the policy says so, of all guides at once, and nobody is waited for longer than the question allows.
public struct GuideTime: Sendable {
    let calls: LinkCalls
    let zones: ZoneDatabase
    private let pause: @Sendable (Duration) async -> Void

    public init(
        calls: LinkCalls, zones: ZoneDatabase, pause: @escaping @Sendable (Duration) async -> Void
    ) { (self.calls, self.zones, self.pause) = (calls, zones, pause) }

    /// Assignments that a question leaves out, all of them the asking service's.
    public enum Ignored: Hashable, Sendable {
        case nothing
        case trip(TripID)
        /// Whoever asks looks at the service's trips by itself.
        case tripsOfService

        func covers(_ trip: String?) -> Bool {
            switch self {
            case .nothing: false
            case .trip(let id): trip == id.value
            case .tripsOfService: trip != nil
            }
        }
    }

    /// A guide's time.
    public struct Answer: Hashable, Sendable {
        public let guide: PersonID
        /// When the guide is not available, earliest first, never overlapping.
        public let busy: [Span]
        public let standing: Standing
    }

    /// A stretch in which the guide is not available, as the viewer may know it.
    public struct Span: Hashable, Sendable {
        public let period: Period
        public let isTentative: Bool
        /// Nil where the guide keeps even this from the viewer: it blocks all the same.
        public let reason: TimeReason?
    }

    /// What an answer rests on.
    public struct Standing: Hashable, Sendable {
        public enum Source: Hashable, Sendable {
            /// Rows alone: the guide linked nothing here, so they are the whole truth.
            case nothingLinked
            case rows
            case live
            /// A calendar could not be read: the time it is needed for counts as busy.
            case doubt
        }

        public let source: Source
        /// When what it rests on was read; nil where there is nothing to be read, or nothing was.
        public let asOf: Instant?

        public func age(now: Instant) -> Int64? { asOf.map { max(now.seconds - $0.seconds, 0) } }
    }

    /// - Parameters:
    ///   - guides: answers are in this order.
    ///   - service: whose question it is; its mode decides, and what it may see.
    ///   - ignoring: assignments that do not count, such as those of the trip being moved.
    /// - Throws: the database's faults only: a calendar that fails is an answer.
    public func busy(
        _ guides: [PersonID], in window: Period, for question: TimeQuestion, service: ServiceID,
        ignoring: Ignored = .nothing
    ) async throws -> [Answer] {
        let now = calls.links.now()
        let known = try await calls.links.database.read { session in
            try TimeSnapshot(guides, window, service, ignoring: ignoring, now: now, zones: zones, session)
        }
        let asked = try await ask(known, in: window, for: question, now: now)
        return guides.map { answer($0, known, asked, window, question, now) }
    }

    private func reach(_ link: TimeSnapshot.Link) -> BackendReach {
        link.isCut ? .cut : link.isUnread || calls.backends.isAway(link.link.backend) ? .away : .up
    }

    private func decision(
        _ link: TimeSnapshot.Link, _ mode: CalendarMode, _ question: TimeQuestion, _ now: Instant
    ) -> FreshnessPolicy.Decision {
        let age = RowAge(seconds: link.readAt.map { now.seconds - $0.seconds })
        return FreshnessPolicy.decide(mode, question, age, reach(link))
    }

    /// What the platform answered in time, by link.
    private func ask(
        _ known: TimeSnapshot, in window: Period, for question: TimeQuestion, now: Instant
    ) async throws -> [LinkID: [TimeClaim]] {
        let links = known.links.values.joined().filter {
            if case .ask = decision($0, known.mode, question, now) { true } else { false }
        }
        guard !links.isEmpty else { return [:] }
        let (pause, patience) = (pause, FreshnessPolicy.patience(question))
        return await withTaskGroup(of: Heard.self) { group in
            for link in links { group.addTask { .link(link.link.id, await live(link, window)) } }
            group.addTask {
                await pause(patience)
                return .timeIsUp
            }
            var (answers, waiting) = ([LinkID: [TimeClaim]](), links.count)
            while waiting > 0, case .link(let id, let claims)? = await group.next() {
                waiting -= 1
                answers[id] = claims
            }
            // Whoever kept everybody waiting is not asked again for a moment.
            if answers.isEmpty && waiting > 0 {
                for link in links { calls.backends.note(link.link.backend, answered: false) }
            }
            group.cancelAll()
            return answers
        }
    }

    private enum Heard: Sendable {
        case link(LinkID, [TimeClaim]?)
        case timeIsUp
    }

    /// Nil where it could not be asked: the policy says what then.
    private func live(_ link: TimeSnapshot.Link, _ window: Period) async -> [TimeClaim]? {
        guard let zone = link.zone, !link.calendars.isEmpty else { return link.calendars.isEmpty ? [] : nil }
        let mapping = BusyMapping(zone: zone)
        do {
            return try await calls.perform(link.link) { account throws(CronofyError) in
                var query = FreeBusyQuery(
                    zone: zone.id.name, from: .moment(window.start), to: .moment(window.end))
                (query.calendars, query.includesIDs, query.includesManaged) = (link.calendars, true, true)
                return try await account.freeBusy(query).collected().compactMap { entry in
                    guard case .blocks(let period, let reason) = mapping.meaning(of: entry) else { return nil }
                    return link.claim(period, reason)
                }
            }
        } catch { return nil }
    }

    private func answer(
        _ guide: PersonID, _ known: TimeSnapshot, _ asked: [LinkID: [TimeClaim]], _ window: Period,
        _ question: TimeQuestion, _ now: Instant
    ) -> Answer {
        var claims = known.claims[guide] ?? []
        let links = known.links[guide] ?? []
        var (source, asOf) = (Standing.Source.nothingLinked, Instant?.none)
        func rest(on new: Standing.Source, read: Instant?) {
            // The weakest of several calendars is what the whole answer rests on.
            if source == .nothingLinked || new == .doubt || (new == .rows && source == .live) { source = new }
            if new != .doubt { asOf = [asOf, read].compactMap { $0 }.min() }
        }
        for link in links {
            let decision = decision(link, known.mode, question, now)
            if let live = asked[link.link.id] {
                claims += live
                rest(on: .live, read: now)
                continue
            }
            switch decision {
            case .rows, .ask(_, otherwise: .rows):
                claims += link.rows
                rest(on: .rows, read: link.readAt)
            case .busy, .ask(_, otherwise: .busy):
                claims += link.rows + [TimeClaim(period: window, source: .external, reason: .unreadable)]
                rest(on: .doubt, read: nil)
            }
        }
        if source == .doubt { asOf = links.compactMap(\.readAt).min() }
        let busy = BusyTimeline.busy(claims, in: window).map { claim in
            Span(
                period: claim.period, isTentative: claim.isTentative,
                reason: claim.visibility == .private ? nil : claim.reason)
        }
        return Answer(guide: guide, busy: busy, standing: Standing(source: source, asOf: asOf))
    }
}
