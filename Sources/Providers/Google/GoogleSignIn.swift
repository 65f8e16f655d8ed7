internal import CronofyWire
public import GuardedHTTP
public import SignInKit

/// Google's authorization server.
public enum GoogleSignIn {
    /// - Parameter root: a stand-in's, as `http://127.0.0.1:8090/google`; nil: Google's own three hosts.
    public static func server(root: WebAddress? = nil) throws(WebAddress.Fault) -> SignInServer {
        func address(_ host: String, _ path: String) throws(WebAddress.Fault) -> WebAddress {
            try WebAddress(parsing: (root.map { $0.description } ?? "https://" + host) + path)
        }
        return SignInServer(
            vendor: "Google", authorize: try address("accounts.google.com", "/o/oauth2/v2/auth"),
            token: try address("oauth2.googleapis.com", "/token"),
            revoke: try address("oauth2.googleapis.com", "/revoke"), scopes: [calendars],
            // Without these two a second consent gives no refresh token.
            parameters: [("access_type", "offline"), ("prompt", "consent")], suffices: { $0.contains(calendars) },
            verdict: verdict)
    }

    /// The address of the API.
    public static func api(root: WebAddress? = nil) throws(WebAddress.Fault) -> WebAddress {
        try WebAddress(parsing: (root?.description ?? "https://www.googleapis.com") + "/calendar/v3")
    }

    private static let calendars = "https://www.googleapis.com/auth/calendar"

    /// Google says the same of what was revoked and of what ran out.
    private static func verdict(_ error: String, _ answer: JSONValue) -> SignInRefusal {
        switch error {
        case "invalid_grant" where answer["error_subtype"] == .string("invalid_rapt"): .ended(.signInDemanded)
        case "invalid_grant" where answer["error_description"]?.text?.contains("deleted") == true: .ended(.accountGone)
        case "invalid_grant": .ended(.revoked)
        case "admin_policy_enforced", "access_denied", "invalid_scope": .ended(.consentMissing)
        default: .registration(code: String(error.prefix(80)))
        }
    }
}
