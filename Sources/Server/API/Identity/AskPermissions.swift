import Accounts
import Authorization
import CronofyWire

/// `POST /v1/permissions`: where to send the person who is to give the application a free hand in calendars. What a
/// service account opened with that right is given at once.
enum AskPermissions {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        let request = try await read(call)
        var writer = JSONWriter()
        if try await call.services.authorization.isUnrestrictedByAdministrator(request) {
            try await call.services.authorization.grant(request)
            writer.object { writer in
                writer.name("permissions_request")
                writer.object { $0.member("accepted", true) }
            }
        } else {
            let token = call.services.authorization.token(for: request)
            writer.object { writer in
                writer.name("permissions_request")
                writer.object { $0.member("url", "\(call.services.publicURL)/permissions/\(token.reveal())") }
            }
        }
        return .json(writer.bytes)
    }

    private static func read(_ call: APICall) async throws -> PermissionRequest {
        let account = try call.account
        let own = Set(try await call.services.profiles.calendars(of: account).map(\.id))
        var fields = Fields(call.body)
        var (calendars, levels) = ([CalendarID](), Set<String>())
        let entries = fields.array("permissions") ?? []
        if entries.isEmpty && fields.errors.isEmpty { fields.required("permissions") }
        if entries.count > 50 { fields.fail("permissions", key: "errors.too_many", "must be at most 50") }
        for (index, entry) in entries.prefix(50).enumerated() {
            var inner = Fields(entry, prefix: "permissions[\(index)].")
            let (calendar, level) = (inner.text("calendar_id"), inner.text("permission_level"))
            if let calendar, own.contains(CalendarID(calendar)) {
                calendars.append(CalendarID(calendar))
            } else {
                inner.fail("calendar_id", key: "errors.unknown_calendar", "must be a calendar of this account")
            }
            if let level, ["unrestricted", "sandbox"].contains(level) {
                levels.insert(level)
            } else {
                inner.fail("permission_level", key: "errors.unknown_level", "must be unrestricted or sandbox")
            }
            fields.merge(inner)
        }
        if levels.count > 1 {
            fields.fail("permissions", key: "errors.mixed_levels", "must ask for one level at a time")
        }
        let redirect = try await redirect(call, &fields)
        guard fields.errors.isEmpty else { throw fields.errors }
        return PermissionRequest(
            account: account, client: call.caller.client, calendars: calendars,
            isUnrestricted: levels.contains("unrestricted"), redirectURI: redirect)
    }

    /// Registered like any other place a browser is sent to; not needed where no browser is sent.
    private static func redirect(_ call: APICall, _ fields: inout Fields) async throws -> String {
        guard let text = fields.text("redirect_uri") else {
            if try await !call.services.authorization.isOpenedByAnother(try call.account, for: call.caller.client) {
                fields.required("redirect_uri")
            }
            return "-"
        }
        guard let application = try await call.services.accounts.application(call.caller.client),
            RedirectURI(text, of: application) != nil
        else {
            fields.fail(
                "redirect_uri", key: "errors.unregistered", "must be registered for this application, byte for byte")
            return "-"
        }
        return text
    }
}
