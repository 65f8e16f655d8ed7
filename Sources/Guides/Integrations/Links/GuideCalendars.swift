public import CivilTime
public import StorageKit
public import Trips

/// What a guide's calendars page shows, and the office's wall of calendars: plain values, read in one snapshot.
public struct GuideCalendars: Hashable, Sendable {
    public let guide: PersonID
    public let links: [CalendarLink]
    public let integrations: [CalendarIntegration]
    /// Future trips of the guide; they are at risk while a calendar is cut off.
    public let tripsAhead: [TripAhead]

    public struct TripAhead: Hashable, Sendable {
        public let service: ServiceID
        public let trip: TripID
        public let title: String
        public let period: Period
    }

    /// The worst of what counts; nil where nothing is linked.
    public var standing: LinkStanding? {
        let all = links.map(\.standing) + integrations.filter(\.isActive).map(\.standing)
        return all.max { one, other in
            (one.state.severity, -one.since.seconds) < (other.state.severity, -other.since.seconds)
        }
    }

    /// Trips that may be double booked unnoticed, because the guide's calendar is cut off.
    public var tripsAtRisk: [TripAhead] { standing?.state == .disconnected ? tripsAhead : [] }

    /// When the oldest of what is relied on was read.
    public var asOf: Instant? { links.filter { !$0.isPaused }.map(\.reading.readAt).compactMap { $0 }.min() }

    /// - Parameter service: only trips of this service; nil: the guide's own view.
    public static func of(
        _ guide: PersonID, for service: ServiceID? = nil, now: Instant, in session: any ReadSession
    ) throws -> GuideCalendars {
        var sql = """
            SELECT t.service_id, t.trip_id, t.title, t.start_at, t.end_at FROM assignments a
            JOIN trips t ON t.service_id = a.service_id AND t.trip_id = a.trip_id
            WHERE a.person_id = ? AND a.state IN ('asked', 'accepted') AND t.state <> 'cancelled' AND t.end_at > ?
            """
        var arguments: [SQLValue] = [.text(guide.value), .integer(now.seconds)]
        if let service {
            sql += " AND t.service_id = ?"
            arguments.append(.text(service.value))
        }
        let trips = try session.all(sql + " ORDER BY t.start_at", arguments) { row -> TripAhead? in
            Period(from: Instant(seconds: try row.integer(3)), to: Instant(seconds: try row.integer(4))).map {
                [service = ServiceID(try row.text(0)), trip = TripID(try row.text(1)), title = try row.text(2)] in
                TripAhead(service: service, trip: trip, title: title, period: $0)
            }
        }
        return GuideCalendars(
            guide: guide, links: try LinkStore.links(of: guide, in: session),
            integrations: try LinkStore.integrations(of: guide, in: session), tripsAhead: trips.compactMap { $0 })
    }
}

extension LinkStanding.State {
    fileprivate var severity: Int64 {
        switch self {
        case .connected: 0
        case .failing: 1
        case .disconnected: 2
        }
    }
}
