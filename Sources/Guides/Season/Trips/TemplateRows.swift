import CivilTime
import StorageKit
public import Trips

extension SeasonStore {
    /// Adds a template. A title that the service has already gets a number behind it.
    public func addTemplate(_ draft: TripDraft, to service: ServiceID, by actor: Actor) async throws -> TripTemplate {
        // Whatever makes no trip makes no template.
        _ = try checked(draft, of: service)
        let id: TemplateID = Self.fresh("tpl_")
        return try await change(service, by: actor) { edit in
            let titles = Set(
                try edit.session.all("SELECT title FROM trip_templates WHERE service_id = ?", [.text(service.value)]) {
                    try $0.text(0)
                })
            var (title, number) = (draft.title, 2)
            while titles.contains(title) { (title, number) = ("\(draft.title) (\(number))", number + 1) }
            let template = TripTemplate(
                id: id, service: service, title: title, place: draft.place, timing: draft.timing, seats: draft.seats,
                clientsPerGuide: draft.clientsPerGuide, needs: draft.needs, price: draft.price)
            try edit.insert(template)
            return template
        }
    }

    /// By title.
    public func templates(of service: ServiceID) async throws -> [TripTemplate] {
        try await database.read { session in
            let needs = Dictionary(
                grouping: try session.all(
                    """
                    SELECT owner_id, role, count, qualifications FROM crew_needs
                    WHERE service_id = ? AND owner_id LIKE 'tpl!_%' ESCAPE '!' ORDER BY owner_id, place
                    """, [.text(service.value)]
                ) { (owner: try $0.text(0), need: try CrewNeed(row: $0, at: 1)) }, by: \.owner)
            return try session.all(
                """
                SELECT template_id, title, place, place_zone, timing_mode, 0, start_second, minutes, days, end_second,
                    seats, clients_per_guide, price_amount, price_deposit, price_currency
                FROM trip_templates WHERE service_id = ? ORDER BY title, template_id
                """, [.text(service.value)]
            ) { row in
                let id = try row.text(0)
                guard let timing = try TripTiming(row: row, at: 4) else {
                    throw StorageError.unexpectedValue(column: 4, wanted: "a timing")
                }
                return TripTemplate(
                    id: TemplateID(id), service: service, title: try row.text(1),
                    place: Place(name: try row.text(2), zone: ZoneID(try row.text(3))), timing: timing,
                    seats: Int(try row.integer(10)), clientsPerGuide: Int(try row.integer(11)),
                    needs: (needs[id] ?? []).map(\.need), price: try Price(row: row, at: 12))
            }
        }
    }

    /// Takes a template away; trips made from it stay as they are.
    public func removeTemplate(_ id: TemplateID, of service: ServiceID, by actor: Actor) async throws {
        try await change(service, by: actor) { edit in
            let key: [SQLValue] = [.text(service.value), .text(id.value)]
            let found = try edit.session.execute(
                "DELETE FROM trip_templates WHERE service_id = ? AND template_id = ?", key)
            guard found == 1 else { throw SeasonError.notFound }
            try edit.session.execute("DELETE FROM crew_needs WHERE service_id = ? AND owner_id = ?", key)
            try edit.record(.templateRemoved(template: id.value))
        }
    }
}

extension SeasonEdit {
    fileprivate func insert(_ template: TripTemplate) throws {
        // The day of a template means nothing: it has no column.
        let timing = template.timing.values
        try session.execute(
            """
            INSERT INTO trip_templates (service_id, template_id, title, place, place_zone, timing_mode, start_second,
                minutes, days, end_second, seats, clients_per_guide, price_amount, price_deposit, price_currency, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(service.value), .text(template.id.value), .text(template.title), .text(template.place.name),
                .text(template.place.zone.name), timing[0],
            ] + timing[2...] + [.integer(Int64(template.seats)), .integer(Int64(template.clientsPerGuide))]
                + template.price.values + [.integer(now.seconds)])
        try session.replaceNeeds(template.needs, of: template.id.value, in: service)
        try record(.templateAdded(template: template.id.value))
    }
}
