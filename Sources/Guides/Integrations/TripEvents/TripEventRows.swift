public import CivilTime
public import StorageKit
public import Trips

/// The ledger of trip events in guides' calendars, and what guides did to them there.
public enum TripEventRows {
    /// An event of ours as it was last written.
    struct Entry: Hashable, Sendable {
        let guide: PersonID
        let link: LinkID
        let calendar: String
        let period: Period?
        let content: [UInt8]
        /// Nil while it is being written.
        let writtenAt: Instant?
    }

    static func entry(_ assignment: AssignmentID, of service: ServiceID, in session: any ReadSession) throws -> Entry? {
        try session.first(
            """
            SELECT person_id, link_id, calendar_id, start_at, end_at, content, written_at FROM trip_events
            WHERE service_id = ? AND assignment_id = ?
            """, [.text(service.value), .text(assignment.value)]
        ) { row in
            Entry(
                guide: PersonID(try row.text(0)), link: LinkID(try row.text(1)), calendar: try row.text(2),
                period: Period(
                    from: Instant(seconds: try row.integer(3)), to: Instant(seconds: try row.integer(4))),
                content: try row.blob(5), writtenAt: try row.optionalInteger(6).map { Instant(seconds: $0) })
        }
    }

    /// Has all events of a guide looked at again: those that stand somewhere, and those that should.
    static func rewriteAll(of guide: PersonID, _ queue: WorkQueue, in session: any WriteSession) throws {
        let keys = try session.all(
            """
            SELECT service_id, assignment_id FROM assignments WHERE person_id = ? AND state IN ('asked', 'accepted')
            UNION SELECT service_id, assignment_id FROM trip_events WHERE person_id = ?
            """, [.text(guide.value), .text(guide.value)]
        ) { (ServiceID(try $0.text(0)), AssignmentID(try $0.text(1))) }
        for (service, assignment) in keys {
            try queue.enqueue(IntegrationWork.event(assignment, of: service), in: session)
        }
    }

    /// Seconds after our own write in which a calendar may still show what was there before.
    static let settling: Int64 = 60

    /// Takes an event of ours as a read found it. One that is not where we put it, or not there at all, becomes a
    /// proposal for the office; the trip stays as it is.
    static func saw(
        _ assignment: AssignmentID, _ period: Period?, guide: PersonID, now: Instant, in session: any WriteSession
    ) throws {
        let found = try session.first(
            """
            SELECT service_id, start_at, end_at, written_at FROM trip_events
            WHERE person_id = ? AND assignment_id = ?
            """, [.text(guide.value), .text(assignment.value)]
        ) { (try $0.text(0), try $0.integer(1), try $0.integer(2), try $0.optionalInteger(3)) }
        // Not in the ledger: deleted by us, or another program's.
        guard let (service, start, end, written) = found, let written, now.seconds - written >= settling else { return }
        if let period, (period.start.seconds, period.end.seconds) == (start, end) {
            // Back where it was: the guide took the change back.
            try close(assignment, of: ServiceID(service), as: .withdrawn, in: session)
            return
        }
        try session.execute(
            """
            INSERT INTO trip_event_proposals (service_id, assignment_id, person_id, kind, start_at, end_at, state, seen_at)
            VALUES (?, ?, ?, ?, ?, ?, 'open', ?)
            ON CONFLICT (service_id, assignment_id) DO UPDATE SET kind = excluded.kind, start_at = excluded.start_at,
                end_at = excluded.end_at, state = 'open', seen_at = excluded.seen_at
            WHERE trip_event_proposals.state <> 'open' OR trip_event_proposals.kind <> excluded.kind
                OR COALESCE(trip_event_proposals.start_at, -1) <> COALESCE(excluded.start_at, -1)
                OR COALESCE(trip_event_proposals.end_at, -1) <> COALESCE(excluded.end_at, -1)
            """,
            [
                .text(service), .text(assignment.value), .text(guide.value), .text(period == nil ? "deleted" : "moved"),
                SQLValue(period?.start.seconds), SQLValue(period?.end.seconds), .integer(now.seconds),
            ])
    }

    /// Events of ours that a complete read of `period` in `calendars` should have shown: those it did not are gone.
    static func missed(
        _ link: CalendarLink, in period: Period, calendars: Set<String>, shown: Set<String>, now: Instant,
        in session: any WriteSession
    ) throws {
        let expected = try session.all(
            """
            SELECT assignment_id, calendar_id FROM trip_events
            WHERE person_id = ? AND link_id = ? AND start_at >= ? AND end_at <= ?
            """,
            [
                .text(link.guide.value), .text(link.id.value), .integer(period.start.seconds),
                .integer(period.end.seconds),
            ]
        ) { (try $0.text(0), try $0.text(1)) }
        for (assignment, calendar) in expected where calendars.contains(calendar) && !shown.contains(assignment) {
            try saw(AssignmentID(assignment), nil, guide: link.guide, now: now, in: session)
        }
    }

    static func close(
        _ assignment: AssignmentID, of service: ServiceID, as state: TripEventProposal.State,
        in session: any WriteSession
    ) throws {
        try session.execute(
            """
            UPDATE trip_event_proposals SET state = ? WHERE service_id = ? AND assignment_id = ? AND state = 'open'
            """, [.text(state.rawValue), .text(service.value), .text(assignment.value)])
    }

    /// What guides did to trips' events and the office has not decided on, oldest first.
    public static func openProposals(of service: ServiceID, in session: any ReadSession) throws -> [TripEventProposal] {
        try session.all(
            """
            SELECT assignment_id, person_id, start_at, end_at, seen_at FROM trip_event_proposals
            WHERE service_id = ? AND state = 'open' ORDER BY seen_at, assignment_id
            """, [.text(service.value)]
        ) { row in
            var period: Period?
            if let start = try row.optionalInteger(2), let end = try row.optionalInteger(3) {
                period = Period(from: Instant(seconds: start), to: Instant(seconds: end))
            }
            return TripEventProposal(
                assignment: AssignmentID(try row.text(0)), guide: PersonID(try row.text(1)),
                change: period.map(TripEventProposal.Change.moved) ?? .deleted,
                seenAt: Instant(seconds: try row.integer(4)))
        }
    }

    /// Refuses a proposal: the event is written again as the trip is.
    public static func restore(
        _ assignment: AssignmentID, of service: ServiceID, _ queue: WorkQueue, in session: any WriteSession
    ) throws {
        try close(assignment, of: service, as: .restored, in: session)
        try session.execute(
            "UPDATE trip_events SET written_at = NULL WHERE service_id = ? AND assignment_id = ?",
            [.text(service.value), .text(assignment.value)])
        try queue.enqueue(IntegrationWork.event(assignment, of: service), in: session)
    }
}

/// A guide changed a trip's event in the calendar: a wish, until the office decides.
public struct TripEventProposal: Hashable, Sendable {
    public let assignment: AssignmentID
    public let guide: PersonID
    public let change: Change
    public let seenAt: Instant

    public enum Change: Hashable, Sendable {
        case moved(Period)
        /// Best read as a wish not to go.
        case deleted
    }

    enum State: String, Hashable, Sendable {
        case open
        /// The guide put it back.
        case withdrawn
        /// The office had it written again as it was.
        case restored
        /// The trip or the assignment changed, and the event was written anew.
        case settled
    }
}
