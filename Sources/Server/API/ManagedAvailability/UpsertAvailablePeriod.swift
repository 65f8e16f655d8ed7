import Accounts
import CivilTime
import CronofyWire
import Scheduling

/// `POST /v1/available_periods`: opens a time, or moves it (part 2, §5).
enum UpsertAvailablePeriod {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        var fields = Fields(call.body)
        let id = fields.ownID("available_period_id")
        let zone = fields.zone("tzid", call.services.zones)
        let start = bound("start", &fields, call)
        let end = bound("end", &fields, call)
        let period = start.flatMap { start in end.flatMap { Period(from: start.at, to: $0.at) } }
        if start != nil && end != nil && period == nil {
            fields.fail("end", key: "errors.out_of_range", "must be after start")
        }
        guard fields.errors.isEmpty, let id, let period else { throw fields.errors }
        try await call.services.openHours.upsert(
            AvailablePeriod(id: id, period: period, zone: start?.zone ?? zone), of: try call.account,
            by: call.caller.client)
        return .accepted
    }

    /// A Time, or `{time, tzid}`.
    private static func bound(_ name: String, _ fields: inout Fields, _ call: APICall) -> (at: Instant, zone: ZoneID?)?
    {
        guard let value = fields.value(name) else {
            fields.required(name)
            return nil
        }
        guard case .object = value else { return fields.instant(name).map { ($0, nil) } }
        var inner = Fields(value, prefix: name + ".")
        defer { fields.merge(inner) }
        let at = inner.instant("time")
        if at == nil && inner.errors.isEmpty { inner.required("time") }
        let zone = inner.zone("tzid", call.services.zones)
        return at.map { ($0, zone) }
    }
}

/// `DELETE /v1/available_periods`: one by `available_period_id`, or all by `delete_all`.
enum DeleteAvailablePeriods {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        var fields = Fields(call.body == .object([:]) ? call.query.json : call.body)
        let all = fields.flag("delete_all")
        if all == false { fields.fail("delete_all", key: "errors.invalid", "must be true, or be left out") }
        let hasID = fields.value("available_period_id") != nil
        if all == true && hasID {
            fields.fail("delete_all", key: "errors.not_allowed", "must not be sent together with available_period_id")
        }
        let id = all == true ? nil : fields.ownID("available_period_id")
        guard fields.errors.isEmpty else { throw fields.errors }
        try await call.services.openHours.deletePeriods(id, of: try call.account, by: call.caller.client)
        return .accepted
    }
}

extension Fields {
    /// An id of the caller's: up to 64 printable ASCII characters (part 2, §0.2).
    mutating func ownID(_ name: String) -> String? {
        guard let text = text(name) else {
            if raw(name) == nil || raw(name) == .null || raw(name) == .string("") { required(name) }
            return nil
        }
        guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy({ 32...126 ~= $0 }) else {
            fail(name, key: "errors.invalid", "must be 1 to 64 ASCII characters")
            return nil
        }
        return text
    }

    /// An IANA zone; nil where the member is absent.
    mutating func zone(_ name: String, _ zones: ZoneDatabase) -> ZoneID? {
        guard let text = text(name) else { return nil }
        guard zones.zone(ZoneID(text)) != nil else {
            fail(name, key: "errors.unknown_time_zone", "must be an IANA time zone such as Europe/Paris")
            return nil
        }
        return ZoneID(text)
    }
}
