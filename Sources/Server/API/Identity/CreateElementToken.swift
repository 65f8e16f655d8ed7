import Accounts
import Authorization
import CronofyWire

/// `POST /v1/element_tokens`: a token for elements in a browser, good for one origin.
enum CreateElementToken {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        var fields = Fields(call.body)
        if let version = fields.text("version"), version != "1" {
            fields.fail("version", key: "errors.not_supported", "must be 1")
        }
        let permissions = fields.texts("permissions") ?? []
        if permissions.isEmpty && fields.errors.isEmpty { fields.required("permissions") }
        if permissions.contains(where: { !ElementToken.permissions.contains($0) }) {
            fields.fail(
                "permissions", key: "errors.unknown_permission",
                "must be among \(ElementToken.permissions.joined(separator: ", "))")
        }
        let subs = (fields.texts("subs") ?? []).map { AccountID($0) }
        let refused = try await call.services.accounts.unauthorized(subs, for: call.caller.client)
        if subs.count > 100 || !refused.isEmpty {
            fields.fail("subs", key: "errors.unknown_account", "must be at most 100 accounts of this application")
        }
        let origin = fields.text("origin")
        if origin == nil { fields.required("origin") }
        if let origin, !ElementToken.isOrigin(origin) {
            fields.fail("origin", key: "errors.must_be_origin", "must be written as https://app.example.com")
        }
        guard let origin, fields.errors.isEmpty else { throw fields.errors }
        let token = try await call.services.authorization.issue(
            ElementToken(permissions: permissions, subs: subs, origin: origin), by: call.caller.client)
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("element_token")
            writer.object { writer in
                writer.name("permissions")
                writer.array(permissions) { $0.value($1) }
                writer.member("origin", origin)
                writer.member("token", token.reveal())
                writer.member("expires_in", Int(ElementToken.life))
            }
        }
        return .json(writer.bytes)
    }
}
