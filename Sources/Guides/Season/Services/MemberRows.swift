public import CivilTime
public import StorageKit
public import Trips

extension SeasonStore {
    /// The person of an e-mail address, made where there is none. Addresses are compared without regard to case.
    public func person(email: String, name: String, zone: ZoneID) async throws -> PersonID {
        let address = email.lowercased()
        guard address.utf8.count <= 254, address.contains("@") else {
            throw SeasonError.invalid("email", "wants an e-mail address of at most 254 bytes")
        }
        _ = try self.zone(zone)
        let (fresh, now) = (Self.fresh("per_") as PersonID, now())
        return try await database.write { session in
            try session.execute(
                """
                INSERT INTO people (person_id, email, name, zone, created_at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (email) DO NOTHING
                """,
                [.text(fresh.value), .text(address), .text(name), .text(zone.name), .integer(now.seconds)])
            return try session.first("SELECT person_id FROM people WHERE email = ?", [.text(address)]) {
                PersonID(try $0.text(0))
            } ?? fresh
        }
    }

    /// Gives a person exactly these roles. Whoever has none left, or is made inactive, is offered no more and loses their
    /// future assignments.
    public func setMember(
        _ person: PersonID, of service: ServiceID, roles: Set<Role>, isActive: Bool = true, by actor: Actor
    ) async throws {
        try await change(service, by: actor) { edit in
            let key: [SQLValue] = [.text(service.value), .text(person.value)]
            try edit.session.execute("DELETE FROM memberships WHERE service_id = ? AND person_id = ?", key)
            for role in roles.sorted(by: { $0.rawValue < $1.rawValue }) {
                try edit.session.execute(
                    """
                    INSERT INTO memberships (service_id, person_id, role, is_active, created_at) VALUES (?, ?, ?, ?, ?)
                    """, key + [.text(role.rawValue), SQLValue(isActive), .integer(edit.now.seconds)])
            }
            try edit.record(
                .memberChanged(person: person.value, roles: roles.map(\.rawValue).sorted(), isActive: isActive))
            if !isActive || !roles.contains(.guide) { try edit.endFutureAssignments(of: person) }
        }
    }

    /// The members of a service, by name.
    public func members(of service: ServiceID) async throws -> [Member] {
        try await database.read { try $0.members(of: service) }
    }

    /// A person's places in services.
    public func memberships(of person: PersonID) async throws -> [Member] {
        try await database.read { try $0.members(where: "m.person_id = ?", person.value) }
    }

    /// A person's certificates, by kind.
    public func qualifications(of person: PersonID) async throws -> [Qualification] {
        try await database.read { try $0.qualifications(of: person) }
    }

    /// Replaces a person's certificates.
    public func setQualifications(_ held: [Qualification], of person: PersonID) async throws {
        try await database.write { session in
            try session.execute("DELETE FROM qualifications WHERE person_id = ?", [.text(person.value)])
            for one in held {
                try session.execute(
                    "INSERT INTO qualifications (person_id, kind, valid_from, valid_through) VALUES (?, ?, ?, ?)",
                    [
                        .text(person.value), .text(one.kind), SQLValue((one.validFrom?.dayNumber).map(Int64.init)),
                        SQLValue((one.validThrough?.dayNumber).map(Int64.init)),
                    ])
            }
        }
    }
}

extension ReadSession {
    /// The members of a service, by name.
    public func members(of service: ServiceID) throws -> [Member] {
        try members(where: "m.service_id = ?", service.value)
    }

    func members(where condition: String, _ value: String) throws -> [Member] {
        let rows = try all(
            """
            SELECT m.person_id, m.service_id, p.name, p.email, m.role, m.is_active
            FROM memberships m JOIN people p ON p.person_id = m.person_id
            WHERE \(condition) ORDER BY p.name, m.person_id, m.service_id
            """, [.text(value)]
        ) { row in
            Member(
                person: PersonID(try row.text(0)), service: ServiceID(try row.text(1)), name: try row.text(2),
                email: try row.text(3), roles: Set(Role(rawValue: try row.text(4)).map { [$0] } ?? []),
                isActive: try row.flag(5))
        }
        return rows.reduce(into: []) { members, row in
            if let last = members.last, last.person == row.person, last.service == row.service {
                members[members.count - 1].roles.formUnion(row.roles)
            } else {
                members.append(row)
            }
        }
    }

    func qualifications(of person: PersonID) throws -> [Qualification] {
        try all(
            "SELECT kind, valid_from, valid_through FROM qualifications WHERE person_id = ? ORDER BY kind",
            [.text(person.value)]
        ) { try Qualification(row: $0, at: 0) }
    }
}

extension Qualification {
    /// Kind, first and last valid day: three columns from `at` on.
    public init(row: any SQLRow, at: Int) throws {
        self.init(
            kind: try row.text(at), validFrom: try row.optionalInteger(at + 1).flatMap(CivilDate.init(stored:)),
            validThrough: try row.optionalInteger(at + 2).flatMap(CivilDate.init(stored:)))
    }
}

extension CivilDate {
    /// A day as the tables hold it: days since 1970.
    init?(stored day: Int64) {
        guard let number = Int32(exactly: day) else { return nil }
        self.init(dayNumber: number)
    }
}
