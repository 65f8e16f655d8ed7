import Accounts
import Authorization
import CronofyWire

/// `POST /v1/link_tokens`: lets the next authorization add a calendar to this account. One hour, one use.
enum CreateLinkToken {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        let token = try await call.services.authorization.issueLinkToken(
            for: try call.account, client: call.caller.client)
        var writer = JSONWriter()
        writer.object { $0.member("link_token", token.reveal()) }
        return .json(writer.bytes)
    }
}
