import CivilTime
import Integrations
import StorageKit
import Trips

extension GuideWorld {
    /// A trip with an accepted assignment of a guide, and its block, as the season writes them.
    @discardableResult
    func addTrip(
        _ trip: String, guide number: Int, from: Instant, to: Instant, state: String = "accepted",
        service: ServiceID = Self.service, notes: String = "Bring rope"
    ) async throws -> AssignmentID {
        let assignment = AssignmentID("asg_\(trip)")
        let (person, queue) = (guide(number).value, queue)
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO trips (service_id, trip_id, title, place, place_zone, timing_mode, first_day, start_second,
                    start_at, end_at, seats, clients_per_guide, state, notes, created_at)
                VALUES (?, ?, 'Float', 'Moab', 'America/Denver', 'multi_day', 0, 0, ?, ?, 6, 3, 'open', ?, 0)
                """,
                [
                    .text(service.value), .text(trip), .integer(from.seconds), .integer(to.seconds), .text(notes),
                ])
            try session.execute(
                """
                INSERT INTO assignments (service_id, assignment_id, trip_id, person_id, role, state, created_at, changed_at)
                VALUES (?, ?, ?, ?, 'lead', ?, 0, 0)
                """,
                [
                    .text(service.value), .text(assignment.value), .text(trip), .text(person), .text(state),
                ])
            try queue.enqueue(IntegrationWork.event(assignment, of: service), in: session)
        }
        try await addRow(number, source: "assignment", from: from, to: to, service: service.value, trip: trip)
        return assignment
    }

    func change(_ assignment: AssignmentID, _ sql: String, _ arguments: [SQLValue] = []) async throws {
        let queue = queue
        try await database.write { session in
            try session.execute(sql, arguments)
            try queue.enqueue(IntegrationWork.event(assignment, of: Self.service), in: session)
        }
    }

    /// Events of ours in a guide's calendars, not counting deleted ones.
    func tripEvents(_ number: Int) -> [StandInPlatform.Entry] {
        platform.with { state in
            (state.accounts["acc_\(number)"]?.entries.values.filter { $0.id != nil && !$0.isDeleted } ?? [])
                .sorted { $0.uid < $1.uid }
        }
    }
}
