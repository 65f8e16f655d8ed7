public import StorageKit
public import Trips

/// What a service sees of a guide's rows: the guide's rule for that service and source, or else what the row itself says.
/// Rules hold for rows to come. Of assignments the service they are of sees all, and others that the guide is busy.
public struct Shares: Hashable, Sendable {
    private let rules: [Key: GuideAvailability.Visibility]

    struct Key: Hashable, Sendable {
        let guide: PersonID
        let source: GuideAvailability.Source
    }

    init(_ rules: [Key: GuideAvailability.Visibility]) { self.rules = rules }

    /// - Parameter owner: the service that the row belongs to, if it belongs to one.
    public func visibility(
        of source: GuideAvailability.Source, row: GuideAvailability.Visibility, guide: PersonID, owner: ServiceID?,
        to viewer: ServiceID
    ) -> GuideAvailability.Visibility {
        if source == .assignment { return owner == viewer ? .detail : .busy }
        return rules[Key(guide: guide, source: source)] ?? row
    }

    /// The rules that guides made for `service`.
    static func of(_ service: ServiceID, in session: any ReadSession) throws -> Shares {
        let rows = try session.all(
            "SELECT person_id, source, visibility FROM availability_shares WHERE service_id = ?",
            [.text(service.value)]
        ) { row -> (Key, GuideAvailability.Visibility)? in
            guard let source = GuideAvailability.Source(rawValue: try row.text(1)),
                let visibility = GuideAvailability.Visibility(rawValue: try row.text(2))
            else { return nil }
            return (Key(guide: PersonID(try row.text(0)), source: source), visibility)
        }
        return Shares(Dictionary(rows.compactMap { $0 }, uniquingKeysWith: { min($0, $1) }))
    }

    /// A guide's rules for rows of `source`, by service.
    public static func rules(
        of source: GuideAvailability.Source, _ own: OwnCalendars, in session: any ReadSession
    ) throws -> [(service: ServiceID, visibility: GuideAvailability.Visibility)] {
        try session.all(
            """
            SELECT service_id, visibility FROM availability_shares WHERE person_id = ? AND source = ? ORDER BY service_id
            """, [.text(own.guide.value), .text(source.rawValue)]
        ) { row in
            (ServiceID(try row.text(0)), GuideAvailability.Visibility(rawValue: try row.text(1)) ?? .private)
        }
    }

    /// Makes, changes or (nil) withdraws a guide's rule for a service.
    public static func set(
        _ visibility: GuideAvailability.Visibility?, of source: GuideAvailability.Source, for service: ServiceID,
        _ own: OwnCalendars, in session: any WriteSession
    ) throws {
        let key: [SQLValue] = [.text(own.guide.value), .text(service.value), .text(source.rawValue)]
        guard let visibility else {
            try session.execute(
                "DELETE FROM availability_shares WHERE person_id = ? AND service_id = ? AND source = ?", key)
            return
        }
        try session.execute(
            """
            INSERT INTO availability_shares (person_id, service_id, source, visibility) VALUES (?, ?, ?, ?)
            ON CONFLICT (person_id, service_id, source) DO UPDATE SET visibility = excluded.visibility
            """, key + [.text(visibility.rawValue)])
    }
}
