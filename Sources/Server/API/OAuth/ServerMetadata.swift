import Accounts
import Authorization
import CronofyWire

/// `GET /.well-known/oauth-authorization-server`: where the OAuth endpoints are and what they take (RFC 8414 §3), so that
/// general OAuth clients need no settings of ours. Everything said here is what the server holds to.
enum ServerMetadata {
    static let path = "/.well-known/oauth-authorization-server"

    static func json(publicURL: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            // Must be what authorization answers carry as `iss` (RFC 9207 §2).
            writer.member("issuer", publicURL)
            writer.member("authorization_endpoint", publicURL + "/oauth/authorize")
            writer.member("token_endpoint", publicURL + "/oauth/token")
            writer.member("revocation_endpoint", publicURL + "/oauth/token/revoke")
            let lists: KeyValuePairs<StaticString, [String]> = [
                "scopes_supported": Scope.all.names + Scope.simplified,
                "response_types_supported": ["code"], "response_modes_supported": ["query"],
                "grant_types_supported": ["authorization_code", "refresh_token"],
                "token_endpoint_auth_methods_supported": methods, "revocation_endpoint_auth_methods_supported": methods,
                "code_challenge_methods_supported": ["S256"],
            ]
            for (name, values) in lists {
                writer.name(name)
                writer.array(values) { $0.value($1) }
            }
            writer.member("authorization_response_iss_parameter_supported", true)
        }
        return writer.bytes
    }

    private static let methods = ["client_secret_post", "client_secret_basic", "none"]
}
