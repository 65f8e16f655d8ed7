import Accounts
import Authorization
import CronofyWire
import GuardedHTTP

/// `POST /v1/service_account_authorizations`: opens people's calendars through a service account, one or up to 50. 202;
/// the code for each, or what went wrong, is sent to its `callback_url`.
enum AuthorizePeople {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        let service = try call.account
        guard service.kind == .serviceAccount else { throw APIError.notFound }
        let access = try await call.services.authorization.access(to: service, for: call.caller.client)
        var fields = Fields(call.body)
        var requests: [DelegatedRequest] = []
        if let entries = fields.array("service_account_authorizations") {
            if fields.value("email") != nil {
                fields.fail("email", key: "errors.mixed_forms", "must not stand beside service_account_authorizations")
            }
            if entries.count > 50 {
                fields.fail("service_account_authorizations", key: "errors.too_many", "must be at most 50")
            }
            for (index, entry) in entries.prefix(50).enumerated() {
                var inner = Fields(entry, prefix: "service_account_authorizations[\(index)].")
                if let request = read(&inner, call, service, access) { requests.append(request) }
                fields.merge(inner)
            }
        } else if let request = read(&fields, call, service, access) {
            requests.append(request)
        }
        guard fields.errors.isEmpty else { throw fields.errors }
        try await call.services.authorization.ask(requests)
        return .accepted
    }

    /// One wish; nil where `fields` says what is wrong with it.
    static func read(
        _ fields: inout Fields, _ call: APICall, _ service: AccountID, _ access: Access
    ) -> DelegatedRequest? {
        let (email, callback) = (fields.text("email", most: 320), fields.text("callback_url", most: 2000))
        let (scopeText, state) = (scope(&fields), fields.text("state", most: 4096))
        if email == nil { fields.required("email") }
        if callback == nil { fields.required("callback_url") }
        if let callback { check(callback, call, &fields) }
        let scope = Scope(scopeText ?? "")
        if scope.names.isEmpty {
            fields.required("scope")
        } else if !scope.unknownNames.isEmpty || !scope.isWithin(access.delegatedScope ?? Scope("")) {
            fields.fail(
                "scope", key: "errors.beyond_delegated_scope", "must be within the delegated scope that was granted")
        }
        guard fields.errors.isEmpty, let email, let callback else { return nil }
        return DelegatedRequest(
            service: service, client: call.caller.client, email: email, scope: scope, callbackURL: callback,
            state: state)
    }

    /// A string, or a list, as some SDKs send it.
    private static func scope(_ fields: inout Fields) -> String? {
        if case .array = fields.value("scope") { return fields.texts("scope")?.joined(separator: " ") }
        return fields.text("scope", most: 1000)
    }

    private static func check(_ callback: String, _ call: APICall, _ fields: inout Fields) {
        do {
            if let fault = call.services.callbacks.fault(in: try WebAddress(parsing: callback)) {
                fields.fail("callback_url", key: "errors.must_be_url", fault.sentence)
            }
        } catch { fields.fail("callback_url", key: "errors.must_be_url", error.sentence) }
    }
}
