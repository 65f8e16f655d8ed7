import Accounts
import Authorization
import CronofyWire

/// `POST /v1/delegated_authorizations`: opens somebody's calendars through a profile that reaches them. 202; the code, or
/// what went wrong, is sent to `callback_url`. Ends with the access to the account through which it was opened.
enum AuthorizeDelegated {
    static let contract = EndpointContract(
        body: .object(
            [
                "profile_id": .text(most: 64), "email": .text(.email, most: 320),
                "callback_url": .text(.uri, most: 2000),
                "scope": .either([.text, .array(.text)]),
            ], optional: ["state": .text(most: 4096)]), success: .accepted)

    static func respond(_ call: APICall) async throws -> APIAnswer {
        let access = try await Delegation.scope(of: call)
        var fields = Fields(call.body)
        let profile = fields.text("profile_id", most: 64)
        if profile == nil { fields.required("profile_id") }
        let request = AuthorizePeople.read(&fields, call, try call.account, access)
        guard let profile, var request, fields.errors.isEmpty else { throw fields.errors }
        request.profile = try await Delegation.profile(ProfileID(profile), of: call).id.value
        try await call.services.authorization.ask([request])
        return .accepted
    }
}
