public import StorageKit
public import Trips

/// How often anything changed that says when a service's guides can work: of the service itself, and of each guide. What
/// was worked out of a guide may be kept as long as their number is the same.
public struct GuideVersions: Hashable, Sendable {
    public let service: Int64
    public let guides: [PersonID: Int64]

    /// The same for as long as nothing changed.
    public var stamp: String { "\(service)-\(guides.count)-\(guides.values.reduce(0, &+))" }
}

extension SeasonStore {
    public func versions(of service: ServiceID) async throws -> GuideVersions {
        try await database.read { try $0.guideVersions(of: service) }
    }
}

extension ReadSession {
    public func guideVersions(of service: ServiceID) throws -> GuideVersions {
        let guides = try all(
            """
            SELECT m.person_id, COALESCE(v.version, 0) FROM memberships m
            LEFT JOIN guide_versions v ON v.person_id = m.person_id WHERE m.service_id = ? AND m.role = 'GUIDE'
            """, [.text(service.value)]
        ) { (PersonID(try $0.text(0)), try $0.integer(1)) }
        let version = try first("SELECT version FROM guide_services WHERE service_id = ?", [.text(service.value)]) {
            try $0.integer(0)
        }
        return GuideVersions(service: version ?? 0, guides: Dictionary(guides, uniquingKeysWith: max))
    }
}

/// Counts the changes of each guide's rows. Triggers do it, so that no writer can forget.
enum GuideVersionTable {
    /// Tables that lead with a person, and the columns whose change counts; nil: all.
    private static let watched: [(table: String, columns: String?)] = [
        ("guide_availability", nil), ("availability_shares", nil), ("seasons", nil), ("qualifications", nil),
        ("calendar_links", "zone, state, read_at, complete_at, checked_at"),
        ("calendar_integrations", "state, is_active"),
        ("integration_calendars", "counts, deleted, profile_id"),
    ]

    static func migration(number: Int) -> Migration {
        Migration(
            number: number, name: "versions of guides' rows",
            statements: [
                "CREATE TABLE guide_versions (person_id TEXT PRIMARY KEY, version BIGINT NOT NULL)"
            ],
            only: [
                .sqlite: watched.flatMap { table, columns in
                    [("INSERT", "NEW"), (columns.map { "UPDATE OF \($0)" } ?? "UPDATE", "NEW"), ("DELETE", "OLD")].map {
                        embedded(table, on: $0, row: $1)
                    }
                },
                .postgresql: [function] + watched.map(server),
            ])
    }

    private static func embedded(_ table: String, on event: String, row: String) -> String {
        """
        CREATE TRIGGER \(table)_version_\(event.prefix(6).lowercased()) AFTER \(event) ON \(table) BEGIN
            INSERT INTO guide_versions (person_id, version) VALUES (\(row).person_id, 1)
            ON CONFLICT (person_id) DO UPDATE SET version = version + 1;
        END
        """
    }

    private static let function = """
        CREATE FUNCTION count_guide_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            INSERT INTO guide_versions (person_id, version)
            VALUES (CASE WHEN TG_OP = 'DELETE' THEN OLD.person_id ELSE NEW.person_id END, 1)
            ON CONFLICT (person_id) DO UPDATE SET version = guide_versions.version + 1;
            RETURN NULL;
        END $$
        """

    /// Deferred: the number is taken where the transaction commits, so that writers of one guide's rows wait for each
    /// other only there.
    private static func server(_ table: String, _ columns: String?) -> String {
        """
        CREATE CONSTRAINT TRIGGER \(table)_version AFTER INSERT OR DELETE OR UPDATE\(columns.map { " OF " + $0 } ?? "")
        ON \(table) DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION count_guide_change()
        """
    }
}
