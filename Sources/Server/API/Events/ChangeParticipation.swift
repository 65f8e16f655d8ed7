import Accounts
import CronofyWire
import Events
import ICalendar

/// `POST /v1/calendars/{calendar_id}/events/{event_uid}/participation_status` (part 1, §9.9).
enum ChangeParticipation {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        var fields = Fields(call.body)
        let text = fields.text("status")
        let status = text.flatMap(ParticipationStatus.init(rawValue:))
        if text == nil && fields.errors.isEmpty { fields.required("status") }
        if text != nil && !([.accepted, .tentative, .declined].contains(status)) {
            fields.fail("status", key: "errors.unknown_value", "must be accepted, tentative or declined")
        }
        guard fields.errors.isEmpty, let status else { throw fields.errors }
        guard let uid = EventUID(parsing: call.parameter("event_uid")) else { throw APIError.notFound }
        try await call.services.writer.answer(
            status, to: uid, in: CalendarID(call.parameter("calendar_id")), of: try call.account,
            by: call.caller.client)
        return .accepted
    }
}
