import Accounts
import Authorization
import CronofyWire
import Sync

/// `POST /oauth/token`: tokens for a code or for a refresh token (RFC 6749 §4.1.3, §6).
enum IssueTokens {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        let fields = OAuthFields(call.body)
        let answer: TokenAnswer
        switch try fields.required("grant_type") {
        case "authorization_code":
            answer = try await call.services.authorization.exchange(
                CodeExchange(
                    code: Secret(try fields.required("code")), client: call.caller.client,
                    redirectURI: try fields.text("redirect_uri"), verifier: try fields.text("code_verifier")))
        case "refresh_token":
            answer = try await call.services.authorization.refresh(
                Refresh(
                    token: Secret(try fields.required("refresh_token")), client: call.caller.client,
                    rotates: call.caller == .publicApplication(call.caller.client),
                    scope: try fields.text("scope").map { Scope($0) }))
        default:
            throw OAuthFault(.unsupportedGrantType, "grant_type must be authorization_code or refresh_token")
        }
        return .json(try await TokenJSON.bytes(answer, call.services))
    }
}

/// The answer with tokens (RFC 6749 §5.1), and Cronofy's members beside them.
enum TokenJSON {
    static func bytes(
        _ answer: TokenAnswer, _ services: APIServices, applicationCalendar: String? = nil
    ) async throws -> [UInt8] {
        let profiles = try await services.profiles.profiles(of: answer.account)
        let linked = profiles.first { applicationCalendar != nil || $0.id == answer.linkedProfile }
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("token_type", "bearer")
            writer.member("access_token", answer.accessToken.reveal())
            writer.member("expires_in", Int(answer.expiresIn))
            writer.member("refresh_token", answer.refreshToken.reveal())
            writer.member("scope", answer.scope.description)
            writer.member("application_calendar_id", ifPresent: applicationCalendar)
            if applicationCalendar == nil { writer.member("account_id", answer.account.value) }
            writer.member("sub", answer.account.value)
            guard let linked else { return }
            writer.name("linking_profile")
            writer.object {
                let traits = services.source.traits(of: linked.provider)
                $0.member("provider_name", traits.wireName)
                $0.member("provider_service", traits.wireService)
                $0.member("profile_id", linked.id.value)
                $0.member("profile_name", linked.name)
            }
        }
        return writer.bytes
    }
}
