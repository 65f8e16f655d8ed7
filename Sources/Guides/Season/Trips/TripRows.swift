import CivilTime
import StorageKit
public import Trips

extension ReadSession {
    private static var columns: String {
        """
        trip_id, title, place, place_zone, timing_mode, first_day, start_second, minutes, days, end_second, seats,
        clients_per_guide, state, template_id, price_amount, price_deposit, price_currency, notes, seats_taken
        """
    }

    func trip(_ id: TripID, of service: ServiceID, zones: ZoneDatabase) throws -> StoredTrip? {
        try trips(of: service, where: "trip_id = ?", [.text(id.value)], zones: zones).first
    }

    /// By start.
    func trips(
        of service: ServiceID, where condition: String, _ arguments: [SQLValue], zones: ZoneDatabase
    ) throws -> [StoredTrip] {
        let needs = Dictionary(
            grouping: try all(
                """
                SELECT owner_id, role, count, qualifications FROM crew_needs WHERE service_id = ? AND owner_id IN (
                    SELECT trip_id FROM trips WHERE service_id = ? AND \(condition)) ORDER BY owner_id, place
                """, [.text(service.value), .text(service.value)] + arguments
            ) { (owner: try $0.text(0), need: try CrewNeed(row: $0, at: 1)) }, by: \.owner)
        return try all(
            "SELECT \(Self.columns) FROM trips WHERE service_id = ? AND \(condition) ORDER BY start_at, trip_id",
            [.text(service.value)] + arguments
        ) { try StoredTrip(row: $0, of: service, needs: needs, zones: zones) }
    }
}

/// A trip with what only the tables know of it.
public struct StoredTrip: Hashable, Sendable {
    public let trip: Trip
    /// Seats that parties hold.
    public let seatsTaken: Int

    public var seatsLeft: Int { trip.seats - seatsTaken }

    fileprivate init(
        row: any SQLRow, of service: ServiceID, needs: [String: [(owner: String, need: CrewNeed)]],
        zones: ZoneDatabase
    ) throws {
        let id = try row.text(0)
        let place = Place(name: try row.text(2), zone: ZoneID(try row.text(3)))
        guard let zone = zones.zone(place.zone), let timing = try TripTiming(row: row, at: 4),
            let state = Trip.State(rawValue: try row.text(12))
        else { throw StorageError.unexpectedValue(column: 3, wanted: "a trip") }
        do {
            trip = try Trip(
                id: TripID(id), service: service, title: try row.text(1), place: place, timing: timing, zone: zone,
                seats: Int(try row.integer(10)), clientsPerGuide: Int(try row.integer(11)),
                needs: (needs[id] ?? []).map(\.need), state: state,
                template: try row.optionalText(13).map { TemplateID($0) }, price: try Price(row: row, at: 14),
                notes: try row.text(17))
        } catch let error as TripTimingError { throw SeasonError.timing(error) }
        seatsTaken = Int(try row.integer(18))
    }
}

extension TripTiming {
    /// Mode, day, start, minutes, days, end: six columns from `at` on.
    init?(row: any SQLRow, at: Int) throws {
        guard let day = CivilDate(stored: try row.integer(at + 1)),
            let start = Int32(exactly: try row.integer(at + 2))
        else { return nil }
        switch try row.text(at) {
        case "single_day": self = .singleDay(day, startSecond: start, minutes: Int(try row.integer(at + 3)))
        case "multi_day":
            guard let end = Int32(exactly: try row.integer(at + 5)) else { return nil }
            self = .multiDay(day, startSecond: start, days: Int(try row.integer(at + 4)), endSecond: end)
        default: return nil
        }
    }

    /// In the same order.
    var values: [SQLValue] {
        switch self {
        case .singleDay(let day, let start, let minutes):
            [
                "single_day", .integer(Int64(day.dayNumber)), .integer(Int64(start)), .integer(Int64(minutes)), .null,
                .null,
            ]
        case .multiDay(let day, let start, let days, let end):
            [
                "multi_day", .integer(Int64(day.dayNumber)), .integer(Int64(start)), .null, .integer(Int64(days)),
                .integer(Int64(end)),
            ]
        }
    }
}

extension Price {
    init?(row: any SQLRow, at: Int) throws {
        guard let amount = try row.optionalInteger(at), let currency = try row.optionalText(at + 2) else { return nil }
        self.init(amount: amount, deposit: try row.optionalInteger(at + 1) ?? 0, currency: currency)
    }
}

extension Price? {
    var values: [SQLValue] { [SQLValue(self?.amount), SQLValue(self?.deposit), SQLValue(self?.currency)] }
}

extension CrewNeed {
    init(row: any SQLRow, at: Int) throws {
        guard let role = CrewRole(rawValue: try row.text(at)) else {
            throw StorageError.unexpectedValue(column: at, wanted: "a crew role")
        }
        let kinds = try row.text(at + 2).split(separator: " ").map(String.init)
        self.init(role: role, count: Int(try row.integer(at + 1)), qualifications: Set(kinds))
    }
}

extension WriteSession {
    func replaceNeeds(_ needs: [CrewNeed], of owner: String, in service: ServiceID) throws {
        try execute(
            "DELETE FROM crew_needs WHERE service_id = ? AND owner_id = ?", [.text(service.value), .text(owner)])
        for (place, need) in needs.enumerated() {
            try execute(
                """
                INSERT INTO crew_needs (service_id, owner_id, place, role, count, qualifications)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(service.value), .text(owner), .integer(Int64(place)), .text(need.role.rawValue),
                    .integer(Int64(need.count)), .text(need.qualifications.sorted().joined(separator: " ")),
                ])
        }
    }
}
