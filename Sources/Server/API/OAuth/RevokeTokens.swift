import Accounts
import Authorization

/// `POST /oauth/token/revoke` (RFC 7009): by token of either kind, or by `sub`. 200 also for what is not known.
enum RevokeTokens {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        let fields = OAuthFields(call.body)
        // Node's SDK sends its token as `refresh_token`.
        let revocation: Revocation
        if let token = try fields.text("token") ?? fields.text("refresh_token") {
            revocation = .token(Secret(token))
        } else if let sub = try fields.text("sub") {
            // Whoever has no secret proves itself by a token only.
            guard case .application = call.caller else {
                throw OAuthFault(.unauthorizedClient, "an application without a secret revokes by token")
            }
            revocation = .account(AccountID(sub))
        } else {
            throw OAuthFault(.invalidRequest, "token or sub is missing")
        }
        try await call.services.authorization.revoke(
            revocation, by: call.caller.client, erases: try fields.flag("request_pii_erasure"))
        return .empty
    }
}
