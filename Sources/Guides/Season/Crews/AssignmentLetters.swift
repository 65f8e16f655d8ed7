import CivilTime
import StorageKit
import Trips

/// What guides and the office are told of questions to guides, in the transaction that asks or ends them.
extension SeasonEdit {
    func tellAsked(_ assignment: Assignment, of trip: Trip, _ box: LetterBox, _ zones: ZoneDatabase) throws {
        guard let guide = try person(assignment.guide),
            let office = try session.service(where: "service_id", service.value)
        else { return }
        try box.post(
            LetterDraft(
                to: guide.email, subject: Self.line("Can you lead “\(trip.title)”?"),
                body: """
                    \(office.name) asks you for “\(trip.title)” (\(assignment.role.rawValue)), \(trip.place.name):
                    \(Self.words(trip.period.start, trip, zones)) to \(Self.words(trip.period.end, trip, zones)).

                    \(assignment.deadline.map { "Please answer on your agenda by \(Self.words($0, trip, zones))." } ?? "Please answer on your agenda.")
                    """, of: service), at: now, in: session)
    }

    func tellUnanswered(_ assignment: Assignment, _ box: LetterBox, _ zones: ZoneDatabase) throws {
        guard let office = try session.service(where: "service_id", service.value),
            let trip = try session.trip(assignment.trip, of: service, zones: zones)?.trip
        else { return }
        let name = try person(assignment.guide)?.name ?? "A guide"
        try box.post(
            LetterDraft(
                to: office.contactEmail, subject: Self.line("No answer for “\(trip.title)”"),
                body: """
                    \(name) did not answer in time for “\(trip.title)” (\(assignment.role.rawValue)), which starts \
                    \(Self.words(trip.period.start, trip, zones)). The place is open again: ask somebody else.
                    """, of: service), at: now, in: session)
    }

    func person(_ id: PersonID) throws -> (email: String, name: String)? {
        try session.first("SELECT email, name FROM people WHERE person_id = ?", [.text(id.value)]) {
            (try $0.text(0), try $0.text(1))
        }
    }

    /// `2027-06-01T08:00:00 America/Denver`
    static func words(_ instant: Instant, _ trip: Trip, _ zones: ZoneDatabase) -> String {
        let zone = zones.zone(trip.place.zone) ?? .utc
        return "\(zone.civil(at: instant)) \(zone.id.name)"
    }

    /// A title as part of a subject.
    static func line(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }))
    }
}
