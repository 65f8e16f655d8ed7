import CivilTime
import CronofyWire
import HTTPTypes
import Integrations
import Season
import StorageKit
import Trips

/// The caller's own time: rows of every source are read, those written by hand are changed.
struct AvailabilityEndpoints: Sendable {
    let services: GuidesAPIServices

    private var store: SeasonStore { services.store }

    func list(_ call: GuidesCall) async throws -> GuidesReply {
        let rows = try await store.availabilityRows(of: call.person, in: try call.window(now: services.now))
        return .json { $0.array(rows, Self.write) }
    }

    func show(_ call: GuidesCall) async throws -> GuidesReply {
        guard let row = try await store.availabilityRow(call.id, of: call.person) else { throw GuidesAPIError.notFound }
        return .json { Self.write(&$0, row) }
    }

    func add(_ call: GuidesCall) async throws -> GuidesReply {
        var fields = try call.fields("start", "end", "is_available", "visibility", "note")
        for name in ["start", "end"] where fields.value(name) == nil { fields.required(name) }
        let (start, end) = (fields.instant("start"), fields.instant("end"))
        let isAvailable = fields.flag("is_available") ?? false
        let visibility = fields.choice("visibility", GuideAvailability.Visibility.self) ?? .busy
        let note = fields.text("note") ?? ""
        try fields.checked()
        let made = try await store.addManualRow(
            try Self.period(start, end), isAvailable: isAvailable, visibility: visibility, note: note, of: call.person)
        return try await reply(.created, made.id, call)
    }

    func change(_ call: GuidesCall) async throws -> GuidesReply {
        var fields = try call.fields("start", "end", "is_available", "visibility", "note")
        var row = try await manual(call)
        let period = row.period
        let (start, end) = (fields.instant("start") ?? period.start, fields.instant("end") ?? period.end)
        row.isAvailable = fields.flag("is_available") ?? row.isAvailable
        row.visibility = fields.choice("visibility", GuideAvailability.Visibility.self) ?? row.visibility
        // Null empties it.
        if fields.raw("note") != nil { row.note = fields.text("note") ?? "" }
        try fields.checked()
        row.period = try Self.period(start, end)
        try await store.updateManualRow(row, of: call.person)
        return try await reply(.ok, row.id, call)
    }

    func remove(_ call: GuidesCall) async throws -> GuidesReply {
        try await store.removeManualRow(try await manual(call).id, of: call.person)
        return .nothing
    }

    /// - Throws: 404 where the caller has no such row, 409 where it comes from elsewhere.
    private func manual(_ call: GuidesCall) async throws -> ManualRow {
        guard let row = try await store.availabilityRow(call.id, of: call.person) else { throw GuidesAPIError.notFound }
        guard let manual = ManualRow(row) else {
            let place = row.availability.source == .assignment ? "the trip" : "the calendar it comes from"
            throw GuidesAPIError.refused(
                .conflict,
                "This row's source is '\(row.availability.source.rawValue)': change \(place), or add a row of your own "
                    + "with `is_available` true, which opens that time.")
        }
        return manual
    }

    private static func period(_ start: Instant?, _ end: Instant?) throws -> Period {
        guard let start, let end, let period = Period(from: start, to: end) else {
            throw GuidesAPIError.field("end", "must be after `start`")
        }
        return period
    }

    private func reply(_ status: HTTPResponse.Status, _ id: String, _ call: GuidesCall) async throws -> GuidesReply {
        guard let row = try await store.availabilityRow(id, of: call.person) else { throw GuidesAPIError.notFound }
        return .json(status) { Self.write(&$0, row) }
    }

    private static func write(_ writer: inout JSONWriter, _ row: AvailabilityRow) {
        let known = row.availability
        writer.object {
            $0.member("id", row.id)
            $0.member("guide_service", orNull: row.service?.value)
            $0.member("trip", orNull: row.trip?.value)
            $0.member("start", known.period.start.description)
            $0.member("end", known.period.end.description)
            $0.member("is_available", known.isAvailable)
            $0.member("is_tentative", known.isTentative)
            $0.member("source", known.source.rawValue)
            $0.member("visibility", known.visibility.rawValue)
            $0.member("note", row.note)
            $0.member("reason", row.reason)
            $0.member("created_at", row.createdAt.description)
            $0.member("updated_at", row.changedAt.description)
        }
    }

    // MARK: Shares

    /// What services see of rows of this row's source. Shares are rules, so that the next row has them too.
    func shares(_ call: GuidesCall) async throws -> GuidesReply {
        let (own, source) = try await source(call)
        let rules = try await store.database.read { try Shares.rules(of: source, own, in: $0) }
        return .json { writer in
            writer.array(rules) { writer, rule in
                writer.object {
                    $0.member("guide_service", rule.service.value)
                    $0.member("source", source.rawValue)
                    $0.member("visibility", rule.visibility.rawValue)
                }
            }
        }
    }

    func share(_ call: GuidesCall) async throws -> GuidesReply {
        var fields = try call.fields("guide_service", "visibility")
        for name in ["guide_service", "visibility"] where fields.value(name) == nil { fields.required(name) }
        let service = fields.text("guide_service").map { ServiceID($0) }
        let visibility = fields.choice("visibility", GuideAvailability.Visibility.self)
        try fields.checked()
        guard let service, let visibility else { throw GuidesAPIError.notFound }
        try await set(visibility, for: service, call)
        return .json(.created) { writer in
            writer.object {
                $0.member("guide_service", service.value)
                $0.member("visibility", visibility.rawValue)
            }
        }
    }

    func unshare(_ call: GuidesCall) async throws -> GuidesReply {
        guard let service = call.query["guide_service"] else {
            throw GuidesAPIError.field("guide_service", "required, in the query")
        }
        try await set(nil, for: ServiceID(service), call)
        return .nothing
    }

    private func set(
        _ visibility: GuideAvailability.Visibility?, for service: ServiceID, _ call: GuidesCall
    ) async throws {
        let (own, source) = try await source(call)
        guard try await store.memberships(of: call.person).contains(where: { $0.service == service }) else {
            throw GuidesAPIError.field("guide_service", "must be a service of yours: /api/auth/memberships/ lists them")
        }
        try await store.database.write { try Shares.set(visibility, of: source, for: service, own, in: $0) }
    }

    private func source(_ call: GuidesCall) async throws -> (OwnCalendars, GuideAvailability.Source) {
        guard let row = try await store.availabilityRow(call.id, of: call.person) else { throw GuidesAPIError.notFound }
        let source = row.availability.source
        guard source != .assignment else {
            throw GuidesAPIError.refused(
                .conflict, "Of an assignment its service sees all, and others that you are busy: that is no choice.")
        }
        return (try OwnCalendars(of: call.person, actedOnBy: call.person), source)
    }
}
