import CivilTime
public import StorageKit
public import Trips

extension SeasonStore {
    /// Gives a guide a place on a trip: their time is taken, the row others see is written and the event in their
    /// calendar is asked for, in one transaction.
    /// - Parameter asks: whether the guide may still say no, within the service's answer time.
    /// - Parameter check: looks, in the transaction, whether the guide can; what it throws is thrown.
    /// - Parameter override: why, where the guide's time is taken already and the office wants it so.
    /// - Throws: `.taken`; `.notFound` for a trip or a guide that the service does not have.
    public func assign(
        _ guide: PersonID, to trip: TripID, of service: ServiceID, role: CrewRole = .lead, asks: Bool = false,
        override: Assignment.Override? = nil, by actor: Actor,
        check: @escaping @Sendable (any ReadSession, Trip) throws -> Void = { _, _ in }
    ) async throws -> Assignment {
        let (zones, box) = (zones, letterBox)
        return try await change(service, by: actor) { edit in
            guard let stored = try edit.session.trip(trip, of: service, zones: zones),
                stored.trip.state != .cancelled, try edit.session.isActiveGuide(guide, of: service)
            else { throw SeasonError.notFound }
            try check(edit.session, stored.trip)
            let policy = try edit.session.service(where: "service_id", service.value)?.policy ?? StaffingPolicy()
            let assignment = try edit.assign(
                guide, to: stored.trip, role: role, asks: asks ? policy.answerHours : nil, override: override)
            if asks { try edit.tellAsked(assignment, of: stored.trip, box, zones) }
            return assignment
        }
    }

    /// The guide's answer to being asked.
    /// - Throws: `.tooLate` where it is not asked any more.
    public func answer(_ id: AssignmentID, of service: ServiceID, accepts: Bool, by guide: PersonID) async throws {
        try await change(service, by: .person(guide)) { edit in
            guard let assignment = try edit.session.assignment(id, in: service), assignment.guide == guide else {
                throw SeasonError.notFound
            }
            guard assignment.state == .asked, assignment.deadline.map({ $0 > edit.now }) ?? true else {
                throw SeasonError.tooLate("this is not asked any more")
            }
            if accepts { try edit.accept(assignment) } else { try edit.end(assignment, as: .declined) }
        }
    }

    /// Takes a guide off a trip.
    public func remove(_ id: AssignmentID, of service: ServiceID, by actor: Actor) async throws {
        try await change(service, by: actor) { edit in
            guard let assignment = try edit.session.assignment(id, in: service) else { throw SeasonError.notFound }
            if assignment.state.holdsTime { try edit.end(assignment, as: .cancelled) }
        }
    }

    /// Ends what guides were asked and did not answer in time, tells the office by letter, and returns it.
    public func expireAsked(of service: ServiceID) async throws -> [Assignment] {
        let (zones, box) = (zones, letterBox)
        return try await change(service, by: .system("clock")) { edit in
            let late = try edit.session.assignments(
                where: "service_id = ? AND state = 'asked' AND deadline <= ?",
                [.text(service.value), .integer(edit.now.seconds)])
            for assignment in late {
                try edit.end(assignment, as: .expired)
                try edit.tellUnanswered(assignment, box, zones)
            }
            return late
        }
    }

    /// Everybody who is or was on a trip, in the order they were asked.
    public func crew(of trip: TripID, in service: ServiceID) async throws -> [Assignment] {
        try await database.read { try $0.assignments(of: trip, in: service) }
    }
}

extension SeasonEdit {
    func assign(
        _ guide: PersonID, to trip: Trip, role: CrewRole, asks hours: Int?, override: Assignment.Override?
    ) throws -> Assignment {
        let assignment = Assignment(
            id: SeasonStore.fresh("asg_"), trip: trip.id, guide: guide, role: role,
            state: hours == nil ? .accepted : .asked,
            deadline: hours.flatMap { now.advanced(bySeconds: Int64($0) * 3600) }, override: override)
        try session.execute(
            """
            INSERT INTO assignments (service_id, assignment_id, trip_id, person_id, role, state, deadline, override_by,
                override_reason, created_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(service.value), .text(assignment.id.value), .text(trip.id.value), .text(guide.value),
                .text(role.rawValue), .text(assignment.state.rawValue), SQLValue(assignment.deadline?.seconds),
                SQLValue(override?.by.value), SQLValue(override?.reason), .integer(now.seconds), .integer(now.seconds),
            ])
        try take(guide, as: assignment.id.value, trip: trip.id, period: trip.period, overridden: override != nil)
        try session.execute(
            """
            INSERT INTO guide_availability (person_id, row_id, service_id, trip_id, start_at, end_at, is_available,
                is_tentative, source, visibility, origin, origin_key, reason, created_at, changed_at)
            VALUES (?, ?, ?, ?, ?, ?, 0, 0, 'assignment', 'busy', 'assignment', ?, 'assigned', ?, ?)
            """,
            [
                .text(guide.value), .text(assignment.id.value), .text(service.value), .text(trip.id.value),
                .integer(trip.period.start.seconds), .integer(trip.period.end.seconds), .text(assignment.id.value),
                .integer(now.seconds), .integer(now.seconds),
            ])
        try record(
            .assigned(
                assignment: assignment.id.value, trip: trip.id.value, guide: guide.value, role: role.rawValue,
                state: assignment.state.rawValue, start: trip.period.start.seconds, end: trip.period.end.seconds,
                overridden: override != nil))
        // A departure that may be gone in a quarter of an hour stands in nobody's calendar.
        if trip.state != .held { try tellCalendar(assignment.id) }
        return assignment
    }

    /// Takes time of a guide or of a resource. What ran out is no longer in the way, whoever's it was.
    func take(
        _ subject: PersonID, as id: String, trip: TripID, period: Period, overridden: Bool
    ) throws {
        try session.execute(
            "DELETE FROM commitments WHERE subject = ? AND expires_at <= ?",
            [.text(subject.value), .integer(now.seconds)])
        try session.execute(
            """
            INSERT INTO commitments (subject, commitment_id, service_id, trip_id, start_at, end_at, overridden)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(subject.value), .text(id), .text(service.value), .text(trip.value),
                .integer(period.start.seconds), .integer(period.end.seconds), SQLValue(overridden),
            ])
    }

    func accept(_ assignment: Assignment) throws {
        try set(assignment, to: .accepted)
        try record(.assignmentAccepted(assignment: assignment.id.value))
        try tellCalendar(assignment.id)
    }

    func move(_ assignment: Assignment, to period: Period) throws {
        let span: [SQLValue] = [.integer(period.start.seconds), .integer(period.end.seconds)]
        let key: [SQLValue] = [.text(assignment.guide.value), .text(assignment.id.value)]
        try session.execute(
            "UPDATE commitments SET start_at = ?, end_at = ? WHERE subject = ? AND commitment_id = ?", span + key)
        try session.execute(
            "UPDATE guide_availability SET start_at = ?, end_at = ?, changed_at = ? WHERE person_id = ? AND row_id = ?",
            span + [.integer(now.seconds)] + key)
        try record(
            .assignmentMoved(
                assignment: assignment.id.value, start: period.start.seconds, end: period.end.seconds))
        try tellCalendar(assignment.id)
    }

    func end(_ assignment: Assignment, as state: Assignment.State) throws {
        let key: [SQLValue] = [.text(assignment.guide.value), .text(assignment.id.value)]
        try session.execute("DELETE FROM commitments WHERE subject = ? AND commitment_id = ?", key)
        try session.execute("DELETE FROM guide_availability WHERE person_id = ? AND row_id = ?", key)
        try set(assignment, to: state)
        try record(.assignmentEnded(assignment: assignment.id.value, state: state.rawValue))
        try tellCalendar(assignment.id)
    }

    func endFutureAssignments(of guide: PersonID) throws {
        let future = try session.assignments(
            where: """
                service_id = ? AND person_id = ? AND state IN ('asked', 'accepted') AND trip_id IN (
                    SELECT trip_id FROM trips WHERE service_id = ? AND end_at > ?)
                """,
            [.text(service.value), .text(guide.value), .text(service.value), .integer(now.seconds)])
        for assignment in future { try end(assignment, as: .cancelled) }
    }

    private func set(_ assignment: Assignment, to state: Assignment.State) throws {
        try session.execute(
            """
            UPDATE assignments SET state = ?, deadline = NULL, changed_at = ? WHERE service_id = ? AND assignment_id = ?
            """,
            [.text(state.rawValue), .integer(now.seconds), .text(service.value), .text(assignment.id.value)])
    }

    /// The guide's own calendar follows: whoever does the work reads the assignment as it is by then.
    func tellCalendar(_ assignment: AssignmentID) throws {
        try enqueue("guide-event", service.value + "/" + assignment.value)
    }
}

extension ReadSession {
    func isActiveGuide(_ person: PersonID, of service: ServiceID) throws -> Bool {
        try first(
            """
            SELECT 1 FROM memberships WHERE service_id = ? AND person_id = ? AND role = 'GUIDE' AND is_active = 1
            """, [.text(service.value), .text(person.value)]
        ) { try $0.integer(0) } != nil
    }
}
