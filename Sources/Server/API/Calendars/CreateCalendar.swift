import Accounts
import CronofyWire
import Sync

/// `POST /v1/calendars`: makes a calendar at the provider. 200 with it; 422 where the profile has one of that name.
enum CreateCalendar {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        var fields = Fields(call.body)
        let (profile, name) = (fields.text("profile_id", most: 64), fields.text("name", most: 255))
        let color = fields.color("color")
        if profile == nil && fields.errors.isEmpty { fields.required("profile_id") }
        if name == nil { fields.required("name") }
        guard let profile, let name, fields.errors.isEmpty else { throw fields.errors }
        do {
            let made = try await call.services.creation.create(
                named: name, color: color, in: ProfileID(profile), of: try call.account)
            let json = try await CalendarJSON(call)
            var writer = JSONWriter()
            writer.object { writer in
                writer.name("calendar")
                writer.object { json.writeWithProfile(made.calendar, made.profile, to: &$0) }
            }
            return .json(writer.bytes)
        } catch let failure as CalendarCreation.Failure {
            throw Self.error(failure)
        }
    }

    private static func error(_ failure: CalendarCreation.Failure) -> any Error {
        switch failure {
        case .unknownProfile: APIError.notFound
        case .disconnected: APIError.locked
        case .duplicateName:
            WireErrors(
                "name", key: "errors.duplicate_calendar_name", "must not be the name of another calendar of the profile"
            )
        case .refused(let reason): WireErrors("profile_id", key: "errors.not_supported", reason)
        case .unreachable(let reason): APIError.unreachable(reason: reason)
        }
    }
}

extension Fields {
    /// `#RRGGBB`.
    mutating func color(_ name: String) -> String? {
        guard let text = text(name) else { return nil }
        guard text.utf8.count == 7, text.hasPrefix("#"), text.dropFirst().allSatisfy({ $0.isASCII && $0.isHexDigit })
        else {
            fail(name, key: "errors.must_be_color", "must be written as #RRGGBB")
            return nil
        }
        return text.uppercased()
    }
}
