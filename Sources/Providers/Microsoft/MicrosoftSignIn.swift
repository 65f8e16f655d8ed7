internal import CronofyWire
public import GuardedHTTP
public import SignInKit

/// The Microsoft identity platform, for work and personal accounts alike.
public enum MicrosoftSignIn {
    /// - Parameter root: a stand-in's, as `http://127.0.0.1:8090/microsoft`; nil: Microsoft's own.
    public static func server(root: WebAddress? = nil) throws(WebAddress.Fault) -> SignInServer {
        let identity = (root?.description ?? "https://login.microsoftonline.com") + "/common/oauth2/v2.0"
        return SignInServer(
            vendor: "Microsoft", authorize: try WebAddress(parsing: identity + "/authorize"),
            token: try WebAddress(parsing: identity + "/token"),
            scopes: ["offline_access", "User.Read", "Calendars.ReadWrite", "MailboxSettings.Read"],
            parameters: [("response_mode", "query"), ("prompt", "select_account")],
            suffices: { allowed in
                // Also as https://graph.microsoft.com/Calendars.ReadWrite.
                allowed.contains { $0.split(separator: "/").last == "Calendars.ReadWrite" }
            }, verdict: verdict)
    }

    /// The address of Graph.
    public static func api(root: WebAddress? = nil) throws(WebAddress.Fault) -> WebAddress {
        try WebAddress(parsing: (root?.description ?? "https://graph.microsoft.com") + "/v1.0")
    }

    /// By the first of `error_codes`, which say more than `error`.
    private static func verdict(_ error: String, _ answer: JSONValue) -> SignInRefusal {
        let code = answer["error_codes"]?.list?.first?.whole(in: 0...99_999_999) ?? 0
        switch code {
        case 700082, 70008, 700084, 70043: return .ended(.expired)
        case 50173, 50133, 70000, 9_002_313: return .ended(.revoked)
        case 65001, 65004, 90094: return .ended(.consentMissing)
        case 50076, 50078, 50079, 50074, 53000, 53003, 530003: return .ended(.signInDemanded)
        case 50034, 50057, 500011: return .ended(.accountGone)
        case 90033, 50196:
            return .later(reason: "Microsoft’s sign-in service is busy.", retryAfter: nil, mayBeDone: false)
        default: break
        }
        switch error {
        case "invalid_grant": return .ended(.revoked)
        case "interaction_required": return .ended(.signInDemanded)
        case "consent_required": return .ended(.consentMissing)
        case "temporarily_unavailable":
            return .later(reason: "Microsoft’s sign-in service is busy.", retryAfter: nil, mayBeDone: false)
        default: return .registration(code: code == 0 ? String(error.prefix(80)) : "AADSTS\(code)")
        }
    }
}
