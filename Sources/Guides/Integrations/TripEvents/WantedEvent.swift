import CivilTime
import CronofyClient
import Sealing
import StorageKit
import Trips

/// The event that an assignment wants in its guide's calendar, read from the assignment and its trip when it is written,
/// so that whatever happened last is what stands there.
struct WantedEvent: Hashable, Sendable {
    let guide: PersonID
    let title: String
    let place: String
    let zone: String
    let period: Period
    let notes: String
    /// Asked, and not answered yet.
    let isAsked: Bool

    /// Nil where no event is wanted: the assignment does not hold the guide's time, or the trip does not happen.
    static func of(
        _ assignment: AssignmentID, of service: ServiceID, in session: any ReadSession
    ) throws -> WantedEvent? {
        let found = try session.first(
            """
            SELECT a.person_id, t.title, t.place, t.place_zone, t.start_at, t.end_at, t.notes, a.state
            FROM assignments a JOIN trips t ON t.service_id = a.service_id AND t.trip_id = a.trip_id
            WHERE a.service_id = ? AND a.assignment_id = ? AND a.state IN ('asked', 'accepted') AND t.state <> 'cancelled'
            """, [.text(service.value), .text(assignment.value)]
        ) { row -> WantedEvent? in
            guard
                let period = Period(
                    from: Instant(seconds: try row.integer(4)), to: Instant(seconds: try row.integer(5)))
            else { return nil }
            return WantedEvent(
                guide: PersonID(try row.text(0)), title: try row.text(1), place: try row.text(2), zone: try row.text(3),
                period: period, notes: try row.text(6), isAsked: try row.text(7) == "asked")
        }
        return found ?? nil
    }

    var draft: EventDraft {
        var draft = EventDraft(
            summary: String((isAsked ? "Asked: \(title)" : title).prefix(1_024)),
            start: .moment(period.start, in: zone), end: .moment(period.end, in: zone))
        draft.zone = zone
        draft.location = Event.Location(place)
        draft.description = String(notes.prefix(4_096))
        draft.transparency = isAsked ? .tentative : .opaque
        return draft
    }

    /// Changes with whatever the event shows.
    var content: [UInt8] {
        Crypto.sha256(
            [title, place, zone, "\(period.start)", "\(period.end)", notes, isAsked ? "asked" : "accepted"]
                .map { "\($0.utf8.count):\($0)" }.joined())
    }
}
