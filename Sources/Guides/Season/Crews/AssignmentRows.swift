import CivilTime
import StorageKit
import Trips

extension ReadSession {
    private static var columns: String {
        "assignment_id, trip_id, person_id, role, state, deadline, override_by, override_reason"
    }

    func assignments(of trip: TripID, in service: ServiceID) throws -> [Assignment] {
        try assignments(where: "service_id = ? AND trip_id = ?", [.text(service.value), .text(trip.value)])
    }

    func assignment(_ id: AssignmentID, in service: ServiceID) throws -> Assignment? {
        try assignments(where: "service_id = ? AND assignment_id = ?", [.text(service.value), .text(id.value)]).first
    }

    /// In the order they were made.
    func assignments(where condition: String, _ arguments: [SQLValue]) throws -> [Assignment] {
        try all(
            "SELECT \(Self.columns) FROM assignments WHERE \(condition) ORDER BY created_at, assignment_id", arguments,
            Assignment.init(row:))
    }
}

extension Assignment {
    fileprivate init(row: any SQLRow) throws {
        guard let role = CrewRole(rawValue: try row.text(3)), let state = State(rawValue: try row.text(4)) else {
            throw StorageError.unexpectedValue(column: 3, wanted: "a crew role and a state")
        }
        var override: Override?
        if let by = try row.optionalText(6) {
            override = Override(by: PersonID(by), reason: try row.optionalText(7) ?? "")
        }
        self.init(
            id: AssignmentID(try row.text(0)), trip: TripID(try row.text(1)), guide: PersonID(try row.text(2)),
            role: role, state: state, deadline: try row.optionalInteger(5).map(Instant.init(seconds:)),
            override: override)
    }
}
