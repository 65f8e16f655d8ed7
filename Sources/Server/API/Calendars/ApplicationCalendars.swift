import Accounts
import Authorization
import CronofyWire

/// `POST /v1/application_calendars`: the application's own calendar of that name, made where it is not there yet, with
/// tokens for it.
enum ApplicationCalendars {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        guard case .application(let client) = call.caller else {
            throw OAuthFault(.unauthorizedClient, "an application without a secret has no calendars of its own")
        }
        var fields = Fields(call.body)
        let name = fields.text("application_calendar_id", most: 255)
        if name == nil && fields.errors.isEmpty { fields.required("application_calendar_id") }
        guard let name, fields.errors.isEmpty else { throw fields.errors }
        let make = call.services.makeOwnCalendar
        let answer = try await call.services.authorization.applicationCalendar(name, of: client) {
            try make($0, name, $1)
        }
        return .json(try await TokenJSON.bytes(answer, call.services, applicationCalendar: name))
    }
}
