import CivilTime
import Season
import StorageKit
import Trips

/// What is kept of linking for good: a line in the audit of every service that the guide is with. It names things by id
/// and never says what stands in a calendar.
enum LinkRecord {
    enum Happened: String { case linked, unlinked, removed, disconnected, ended }

    static func write(
        _ what: Happened, guide: PersonID, by actor: Actor, thing: String, detail: String = "", now: Instant,
        in session: any WriteSession
    ) throws {
        let services = try session.all(
            "SELECT DISTINCT service_id FROM memberships WHERE person_id = ? ORDER BY service_id", [.text(guide.value)]
        ) { ServiceID(try $0.text(0)) }
        for service in services {
            try SeasonChange.calendar(person: guide.value, event: what.rawValue, thing: thing, detail: detail)
                .record(of: service, by: actor, at: now, in: session)
        }
    }

    static func wasCut(
        _ guide: PersonID, thing: String, _ cause: LinkStanding.Cause?, now: Instant, in session: any WriteSession
    ) throws {
        try write(
            .disconnected, guide: guide, by: .system("calendars"), thing: thing, detail: cause?.rawValue ?? "",
            now: now,
            in: session)
    }
}
