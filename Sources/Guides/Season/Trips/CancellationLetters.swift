import CivilTime
import StorageKit
import Trips

/// What people are told when a trip is cancelled, in the transaction that cancels it.
extension SeasonEdit {
    /// To everybody of the crew, and to the guest of each party that has booked or asked. Called while they still stand.
    func tellCancelled(_ trip: Trip, _ box: LetterBox, _ zones: ZoneDatabase) throws {
        guard let office = try session.service(where: "service_id", service.value) else { return }
        let what = "“\(trip.title)”, \(trip.place.name), \(Self.words(trip.period.start, trip, zones))"
        for assignment in try session.assignments(of: trip.id, in: service) where assignment.state.holdsTime {
            guard let guide = try person(assignment.guide) else { continue }
            try box.post(
                LetterDraft(
                    to: guide.email, subject: Self.line("Cancelled: \(trip.title)"),
                    body: "\(office.name) has cancelled \(what). You are free then; your calendar follows.", of: service),
                at: now, in: session)
        }
        let guests = try session.all(
            """
            SELECT g.email FROM parties p JOIN guests g ON g.service_id = p.service_id AND g.guest_id = p.primary_guest
            WHERE p.service_id = ? AND p.trip_id = ? AND p.state IN ('requested', 'booked') ORDER BY p.party_id
            """, [.text(service.value), .text(trip.id.value)]
        ) { try $0.text(0) }
        for email in guests {
            try box.post(
                LetterDraft(
                    to: email, subject: Self.line("Cancelled: \(trip.title)"),
                    body: """
                        \(office.name) had to cancel \(what). Your booking has ended with it.

                        Questions: \(office.contactEmail)
                        """, of: service), at: now, in: session)
        }
    }
}
