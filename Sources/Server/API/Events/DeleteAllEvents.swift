import Accounts
import CronofyWire
import Events

/// `DELETE /v1/events`: every event the application manages, of all calendars (`delete_all`) or of those named. In the
/// body or in the query (part 1, §9.8).
enum DeleteAllEvents {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        var fields = Fields(call.body == .object([:]) ? call.query.json : call.body)
        let all = fields.flag("delete_all")
        let calendars = fields.texts("calendar_ids")
        if fields.errors.isEmpty {
            switch (all, calendars) {
            case (true?, nil), (nil, .some): break
            case (nil, nil): fields.required("delete_all")
            case (false?, nil): fields.fail("delete_all", key: "errors.invalid", "must be true, or be left out")
            case (.some, .some):
                fields.fail("delete_all", key: "errors.not_allowed", "must not be sent together with calendar_ids")
            }
            if let calendars, calendars.isEmpty {
                fields.fail("calendar_ids", key: "errors.invalid_calendar_ids", "must hold at least one calendar")
            }
        }
        guard fields.errors.isEmpty else { throw fields.errors }
        try await call.services.writer.deleteAll(
            in: calendars.map { Set($0.map { CalendarID($0) }) }, of: try call.account, by: call.caller.client)
        return .accepted
    }
}
