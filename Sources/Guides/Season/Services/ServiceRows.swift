public import CivilTime
public import StorageKit
public import Trips

extension GuideService {
    static let columns = """
        service_id, name, slug, contact_email, zone, region, mode, ratio_is_hard, rest_days, turnaround_minutes,
        answer_hours, staffs_by_itself, tentative_blocks
        """

    init(row: any SQLRow) throws {
        var policy = StaffingPolicy()
        (policy.ratioIsHard, policy.restDays) = (try row.flag(7), Int(try row.integer(8)))
        (policy.turnaroundMinutes, policy.answerHours) = (Int(try row.integer(9)), Int(try row.integer(10)))
        (policy.staffsByItself, policy.tentativeBlocks) = (try row.flag(11), try row.flag(12))
        self.init(
            id: ServiceID(try row.text(0)), name: try row.text(1), slug: try row.text(2),
            contactEmail: try row.text(3), zone: ZoneID(try row.text(4)), region: try row.optionalText(5),
            mode: CalendarMode(rawValue: try row.text(6)) ?? .hybrid, policy: policy)
    }
}

extension SeasonStore {
    /// Makes a service. `slug` is what its public addresses carry: small letters, digits and `-`.
    /// - Throws: `.invalid` where the slug is taken or not one, or the zone is none.
    public func createService(
        name: String, slug: String, contactEmail: String, zone: ZoneID, region: String? = nil,
        mode: CalendarMode = .hybrid, policy: StaffingPolicy = .init()
    ) async throws -> GuideService {
        _ = try self.zone(zone)
        guard (1...60).contains(slug.utf8.count),
            slug.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 45 })
        else { throw SeasonError.invalid("slug", "wants 1 to 60 small letters, digits or -") }
        let service = GuideService(
            id: Self.fresh("svc_"), name: name, slug: slug, contactEmail: contactEmail, zone: zone, region: region,
            mode: mode, policy: policy)
        let now = now()
        do {
            try await database.write { session in
                try session.execute(
                    """
                    INSERT INTO guide_services (\(GuideService.columns), created_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """, service.values + [.integer(now.seconds)])
            }
        } catch StorageError.constraint { throw SeasonError.invalid("slug", "another service has it") }
        return service
    }

    public func service(_ id: ServiceID) async throws -> GuideService? {
        try await database.read { try $0.service(where: "service_id", id.value) }
    }

    public func service(slug: String) async throws -> GuideService? {
        try await database.read { try $0.service(where: "slug", slug) }
    }

    /// Changes everything of a service but its id.
    public func update(_ service: GuideService, by actor: Actor) async throws {
        _ = try zone(service.zone)
        try await change(service.id, by: actor) { edit in
            try edit.session.execute(
                """
                UPDATE guide_services SET name = ?, slug = ?, contact_email = ?, zone = ?, region = ?, mode = ?,
                    ratio_is_hard = ?, rest_days = ?, turnaround_minutes = ?, answer_hours = ?, staffs_by_itself = ?,
                    tentative_blocks = ? WHERE service_id = ?
                """, Array(service.values.dropFirst()) + [.text(service.id.value)])
            try edit.record(.serviceChanged)
        }
    }
}

extension ReadSession {
    public func service(_ id: ServiceID) throws -> GuideService? { try service(where: "service_id", id.value) }

    func service(where column: String, _ value: String) throws -> GuideService? {
        try first(
            "SELECT \(GuideService.columns) FROM guide_services WHERE \(column) = ?", [.text(value)],
            GuideService.init(row:))
    }
}

extension GuideService {
    /// In the order of `columns`.
    fileprivate var values: [SQLValue] {
        [
            .text(id.value), .text(name), .text(slug), .text(contactEmail), .text(zone.name), SQLValue(region),
            .text(mode.rawValue), SQLValue(policy.ratioIsHard), .integer(Int64(policy.restDays)),
            .integer(Int64(policy.turnaroundMinutes)), .integer(Int64(policy.answerHours)),
            SQLValue(policy.staffsByItself), SQLValue(policy.tentativeBlocks),
        ]
    }
}
