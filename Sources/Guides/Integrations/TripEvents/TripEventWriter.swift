import CivilTime
import CronofyClient
public import StorageKit
public import Trips

/// Keeps exactly one event of each assignment in its guide's calendar. What is wanted is read when it is written, the
/// ledger says where it stands, and each step may be done again: killed anywhere, the next run goes on.
public struct TripEventWriter: Sendable {
    let calls: LinkCalls

    public init(calls: LinkCalls) { self.calls = calls }

    private var links: LinkStore { calls.links }

    /// What became of it.
    public enum Outcome: Hashable, Sendable {
        case done
        /// Try again after so many seconds, as often as it takes: the platform is away, or asks us to wait.
        case later(Int64)
        /// The platform refuses the event itself; a person has to look.
        case refused(reason: String)
    }

    /// A calendar to write into.
    private struct Target: Hashable, Sendable {
        let link: LinkID
        let calendar: String
    }

    private struct Situation: Sendable {
        let wanted: WantedEvent?
        let entry: TripEventRows.Entry?
        let target: Destination
    }

    private enum Destination: Sendable {
        case calendar(Target)
        /// Nothing that can be written to: one is made in this profile.
        case toBeMade(CalendarLink, profile: String)
        /// No calendar is linked where this service's go.
        case none
    }

    public func run(
        _ assignment: AssignmentID, of service: ServiceID, fence: @escaping @Sendable (any WriteSession) throws -> Void
    ) async throws -> Outcome {
        let known = try await links.database.read { session -> Situation in
            let wanted = try WantedEvent.of(assignment, of: service, in: session)
            let entry = try TripEventRows.entry(assignment, of: service, in: session)
            let target = try wanted.map { try Self.destination($0.guide, service, in: session) } ?? .none
            return Situation(wanted: wanted, entry: entry, target: target)
        }
        do {
            guard let wanted = known.wanted, let target = try await target(known.target) else {
                if let entry = known.entry { try await delete(entry, assignment, service, fence) }
                return .done
            }
            if let entry = known.entry, Target(link: entry.link, calendar: entry.calendar) != target {
                try await delete(entry, assignment, service, fence)
            } else if let entry = known.entry, entry.content == wanted.content, entry.writtenAt != nil {
                return .done
            }
            try await write(wanted, at: target, assignment, service, fence)
            return .done
        } catch LinkCallFailure.gone, LinkCallFailure.noToken {
            return .done  // Linking again has it written.
        } catch let error as CronofyError {
            return Self.outcome(error)
        }
    }

    private static func outcome(_ error: CronofyError) -> Outcome {
        switch LinkStanding.News(error) {
        // Linking again has it written; until then there is nobody to write to.
        case .cut: return .done
        case .works, .trouble: break
        }
        switch error {
        case .invalid(let faults): return .refused(reason: "the platform refuses \(faults.keys.sorted())")
        case .rateLimited(let wait?): return .later(max(wait.components.seconds, 1))
        case .notFound, .gone: return .later(300)
        default: return .later(30)
        }
    }

    // MARK: Where

    private static func destination(_ guide: PersonID, _ service: ServiceID, in session: any ReadSession) throws
        -> Destination
    {
        guard let backend = try BackendStore.backend(of: service, in: session) else { return .none }
        let links = try LinkStore.links(of: guide, in: session).filter {
            $0.backend == backend.id && !$0.isPaused && $0.standing.state != .disconnected
        }
        let integrations = try LinkStore.integrations(of: guide, in: session).filter {
            $0.isActive && $0.standing.state != .disconnected
        }
        func writable(_ link: CalendarLink) -> [IntegrationCalendar] {
            integrations.filter { $0.link == link.id }.flatMap(\.calendars).filter { !$0.isReadOnly && !$0.isDeleted }
        }
        for link in links {
            if let chosen = link.eventCalendar, writable(link).contains(where: { $0.id == chosen }) {
                return .calendar(Target(link: link.id, calendar: chosen))
            }
        }
        for link in links {
            let calendars = writable(link)
            if let calendar = calendars.first(where: \.isPrimary) ?? calendars.first {
                return .calendar(Target(link: link.id, calendar: calendar.id))
            }
        }
        for link in links {
            if let integration = integrations.first(where: { $0.link == link.id }) {
                return .toBeMade(link, profile: integration.externalID)
            }
        }
        return .none
    }

    /// The calendar, made now where there was none to write to; it is the guide's chosen one from then on.
    private func target(_ destination: Destination) async throws -> Target? {
        switch destination {
        case .none: return nil
        case .calendar(let target): return target
        case .toBeMade(let link, let profile):
            let made = try await calls.perform(link) { account throws(CronofyError) in
                try await account.createCalendar(named: "Guided trips", in: profile)
            }
            let id = made.id
            try await links.database.write { session in
                try session.execute(
                    "UPDATE calendar_links SET event_calendar = ? WHERE person_id = ? AND link_id = ?",
                    [.text(id), .text(link.guide.value), .text(link.id.value)])
            }
            return Target(link: link.id, calendar: id)
        }
    }

    // MARK: What

    private func write(
        _ wanted: WantedEvent, at target: Target, _ assignment: AssignmentID, _ service: ServiceID,
        _ fence: @escaping @Sendable (any WriteSession) throws -> Void
    ) async throws {
        let links = links
        // Into the ledger first: an event that stands somewhere is always known to.
        let link = try await links.database.write { session -> CalendarLink? in
            try fence(session)
            try session.execute(
                """
                INSERT INTO trip_events (service_id, assignment_id, person_id, link_id, calendar_id, start_at, end_at,
                    content) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (service_id, assignment_id) DO UPDATE SET person_id = excluded.person_id,
                    link_id = excluded.link_id, calendar_id = excluded.calendar_id, start_at = excluded.start_at,
                    end_at = excluded.end_at, content = excluded.content, written_at = NULL
                """,
                [
                    .text(service.value), .text(assignment.value), .text(wanted.guide.value), .text(target.link.value),
                    .text(target.calendar), .integer(wanted.period.start.seconds), .integer(wanted.period.end.seconds),
                    .blob(wanted.content),
                ])
            try TripEventRows.close(assignment, of: service, as: .settled, in: session)
            return try LinkStore.link(target.link, of: wanted.guide, in: session)
        }
        guard let link else { throw LinkCallFailure.gone }
        try await calls.perform(link) { account throws(CronofyError) in
            try await account.upsert(event: assignment.value, wanted.draft, in: target.calendar)
        }
        try await links.database.write { session in
            try session.execute(
                """
                UPDATE trip_events SET written_at = ? WHERE service_id = ? AND assignment_id = ? AND content = ?
                """,
                [
                    .integer(links.now().seconds), .text(service.value), .text(assignment.value), .blob(wanted.content),
                ])
        }
    }

    private func delete(
        _ entry: TripEventRows.Entry, _ assignment: AssignmentID, _ service: ServiceID,
        _ fence: @escaping @Sendable (any WriteSession) throws -> Void
    ) async throws {
        let link = try await links.database.read { try LinkStore.link(entry.link, of: entry.guide, in: $0) }
        if let link {
            try await calls.perform(link) { account throws(CronofyError) in
                do throws(CronofyError) {
                    try await account.delete(event: assignment.value, in: entry.calendar)
                } catch .notFound {
                    // The calendar is gone, and the event with it.
                }
            }
        }
        try await links.database.write { session in
            try fence(session)
            try session.execute(
                "DELETE FROM trip_events WHERE service_id = ? AND assignment_id = ?",
                [.text(service.value), .text(assignment.value)])
            try TripEventRows.close(assignment, of: service, as: .settled, in: session)
        }
    }
}
