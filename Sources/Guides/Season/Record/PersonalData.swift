public import CivilTime
import Sealing
import StorageKit
public import Trips

/// A table with lines about people who sign in: what of it they are given, and what becomes of it when they are erased. A
/// table with a column `person_id` that is not in here fails a test.
public struct PersonalTable: Sendable {
    public let name: String
    let columns: [Column]
    public let fate: Fate

    public enum Fate: Hashable, Sendable {
        case erased
        /// With the person's name replaced, for this reason.
        case kept(String)
    }

    /// Keys and their hashes are given to nobody: their columns are left out.
    enum Column: Sendable {
        case text(String), number(String), instant(String)

        var name: String { switch self { case .text(let name), .number(let name), .instant(let name): name } }
    }

    private init(_ name: String, _ columns: [Column], _ fate: Fate = .erased) {
        (self.name, self.columns, self.fate) = (name, columns, fate)
    }

    private static let tripRecord = "the service’s record of who led which trip, without your name"

    public static let all: [PersonalTable] = [
        PersonalTable(
            "people", [.text("person_id"), .text("email"), .text("name"), .text("phone"), .text("zone"), .instant("created_at")],
            .kept("as a line without name, address, telephone and password, to which what is kept refers")),
        PersonalTable("memberships", [.text("service_id"), .text("role"), .number("is_active"), .instant("created_at")]),
        PersonalTable("qualifications", [.text("kind"), .number("valid_from"), .number("valid_through")]),
        PersonalTable(
            "assignments",
            [
                .text("service_id"), .text("trip_id"), .text("role"), .text("state"), .instant("deadline"),
                .instant("created_at"), .instant("changed_at"),
            ], .kept(tripRecord)),
        PersonalTable(
            "guide_availability",
            [
                .text("row_id"), .text("service_id"), .text("trip_id"), .instant("start_at"), .instant("end_at"),
                .number("is_available"), .text("source"), .text("visibility"), .text("note"), .text("reason"),
                .instant("changed_at"),
            ]),
        PersonalTable("availability_shares", [.text("service_id"), .text("source"), .text("visibility")]),
        PersonalTable("seasons", [.number("first_day"), .number("last_day"), .number("is_available")]),
        PersonalTable(
            "calendar_links",
            [
                .text("link_id"), .text("backend_id"), .text("account_id"), .text("scope"), .text("zone"), .text("level"),
                .text("state"), .instant("read_at"), .instant("created_at"),
            ]),
        PersonalTable(
            "calendar_integrations",
            [.text("integration_id"), .text("provider"), .text("external_id"), .text("name"), .instant("created_at")]),
        PersonalTable(
            "integration_calendars",
            [.text("calendar_id"), .text("profile_id"), .text("name"), .number("counts"), .instant("seen_at")]),
        PersonalTable("calendar_details", [.text("origin"), .text("origin_key"), .text("summary"), .text("place")]),
        PersonalTable(
            "trip_events",
            [.text("assignment_id"), .text("calendar_id"), .instant("start_at"), .instant("end_at"), .instant("written_at")]),
        PersonalTable(
            "trip_event_proposals",
            [.text("assignment_id"), .text("kind"), .instant("start_at"), .instant("end_at"), .text("state")]),
        PersonalTable("calendar_feeds", [.text("service_id"), .instant("created_at"), .instant("read_at")]),
        PersonalTable("person_tokens", [.text("name"), .instant("created_at"), .instant("used_at")]),
        PersonalTable("season_sign_ins", [.text("kind"), .instant("created_at"), .instant("expires_at")]),
        PersonalTable("link_requests", [.text("backend_id"), .instant("expires_at")]),
        PersonalTable("cut_letters", [.text("thing"), .instant("since"), .instant("told_at")]),
        PersonalTable("guide_versions", [.number("version")], .kept("a counter by which boards notice changes")),
    ]
}

/// Lines of one table about one person, as they are given to that person.
public struct PersonalLines: Sendable {
    public enum Value: Hashable, Sendable {
        case text(String), number(Int64), instant(Instant)
    }
    public let table: PersonalTable
    /// Nil: nothing stands there.
    public let rows: [[(name: String, value: Value?)]]
}

/// What erasing somebody did. It is kept, and holds nothing about them.
public struct ErasureReceipt: Hashable, Sendable {
    public let id: String
    public let at: Instant
    /// Lines that went, by table; those with none are left out.
    public let erased: [String: Int]
}

extension SeasonStore {
    static func erasures(number: Int) -> Migration {
        Migration(
            number: number, name: "receipts of erasures",
            statements: [
                """
                CREATE TABLE erasures (
                    receipt_id TEXT PRIMARY KEY, erased_person TEXT NOT NULL UNIQUE, at BIGINT NOT NULL, lines BIGINT NOT NULL)
                """
            ])
    }

    /// Everything that is kept about somebody who signs in, without keys.
    public func personalData(of person: PersonID) async throws -> [PersonalLines] {
        try await database.read { session in
            try PersonalTable.all.map { table in
                let columns = table.columns
                let rows = try session.all(
                    "SELECT \(columns.map(\.name).joined(separator: ", ")) FROM \(table.name) WHERE person_id = ?",
                    [.text(person.value)]
                ) { row in
                    try columns.indices.map { place -> (name: String, value: PersonalLines.Value?) in
                        switch columns[place] {
                        case .text(let name): (name, try row.optionalText(place).map { .text($0) })
                        case .number(let name): (name, try row.optionalInteger(place).map { .number($0) })
                        case .instant(let name):
                            (name, try row.optionalInteger(place).map { .instant(Instant(seconds: $0)) })
                        }
                    }
                }
                return PersonalLines(table: table, rows: rows)
            }
        }
    }

    /// Erases somebody: they leave every service, which ends what lies ahead; then all lines that are not kept go in one
    /// transaction, letters and invitations to their address too. Where it is cut off in between, erasing again does the rest.
    /// - Parameter unlink: ends what they linked, so that its platform is told.
    /// - Throws: `.tooLate` where a service would be left without an owner; then nothing was changed.
    public func erase(_ person: PersonID, unlink: () async throws -> Void) async throws -> ErasureReceipt {
        for member in try await memberships(of: person) where member.roles.contains(.owner) && member.isActive {
            let owners = try await members(of: member.service).filter { $0.isActive && $0.roles.contains(.owner) }
            guard owners.count > 1 else {
                let name = try await service(member.service)?.name ?? "a service"
                throw SeasonError.tooLate("you are the only owner of \(name); make somebody else an owner of it first")
            }
        }
        for member in try await memberships(of: person) {
            try await setMember(person, of: member.service, roles: [], by: .person(person))
        }
        try await unlink()
        let (id, now) = ("era_" + Crypto.hex(Crypto.random(8)), now())
        return try await database.write { session in
            let address = try session.first("SELECT email FROM people WHERE person_id = ?", [.text(person.value)]) {
                try $0.text(0)
            }
            guard let address else { throw SeasonError.notFound }
            var erased: [String: Int] = [:]
            for table in PersonalTable.all where table.fate == .erased {
                erased[table.name] = try session.execute(
                    "DELETE FROM \(table.name) WHERE person_id = ?", [.text(person.value)])
            }
            // Known by the address alone.
            for (table, column) in [("letters", "address"), ("invitations", "email")] {
                erased[table] = try session.execute("DELETE FROM \(table) WHERE \(column) = ?", [.text(address)])
            }
            try session.execute(
                "UPDATE people SET email = ?, name = 'Erased person', phone = NULL, password = NULL WHERE person_id = ?",
                [.text("\(person.value)@erased.invalid"), .text(person.value)])
            erased = erased.filter { $0.value > 0 }
            try session.execute(
                "INSERT INTO erasures (receipt_id, erased_person, at, lines) VALUES (?, ?, ?, ?)",
                [
                    .text(id), .text(person.value), .integer(now.seconds),
                    // Counts of lines that were in a database.
                    .integer(Int64(erased.values.reduce(0, +))),
                ])
            return ErasureReceipt(id: id, at: now, erased: erased)
        }
    }
}
