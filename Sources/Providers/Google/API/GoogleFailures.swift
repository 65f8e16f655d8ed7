internal import CronofyWire
internal import GuardedHTTP
internal import ProviderKit

/// What Google's refusals mean to the sync machine. `reason` decides, not the text.
enum GoogleFailures {
    private static let quotas: Set<String> = [
        "rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded",
        "variableTermLimitExceeded",
    ]
    private static let lostCursors: Set<String> = ["fullSyncRequired", "updatedMinTooLongAgo"]

    static func reason(_ response: FetchResponse) -> String {
        json(response)?["error"]?["errors"]?.list?.first?["reason"]?.text ?? ""
    }

    /// Nil where it is no JSON: a proxy's page, or half an answer.
    static func json(_ response: FetchResponse) -> JSONValue? {
        do { return try JSONValue(parsing: response.body) } catch { return nil }
    }

    static func failure(_ response: FetchResponse) -> RemoteFailure {
        let reason = reason(response)
        if lostCursors.contains(reason) { return .cursorExpired }
        switch response.status {
        case 401: return .authorizationLost(reason: refusedToken)
        case 403 where quotas.contains(reason): return .throttled(retryAfter: response.retryAfter)
        case 403 where reason == "insufficientPermissions":
            return .authorizationLost(
                reason:
                    "Calendars were not among the permissions given to this application. Connect again and tick them.")
        case 403 where reason == "accessNotConfigured":
            // The operator's matter: no account is at fault.
            return .unreachable(reason: "The Calendar API is not enabled in this server's Google Cloud project.")
        case 403: return .refused(status: 403, reason: "Google does not let this account do that in this calendar.")
        case 404, 410: return .gone
        case 409, 412: return .conflict
        case 429: return .throttled(retryAfter: response.retryAfter)
        case 400..<500: return .refused(status: response.status, reason: sentence(response, reason))
        case 500... where response.retryAfter != nil: return .throttled(retryAfter: response.retryAfter)
        case 500...: return .unreachable(reason: "Google reported an error of its own (\(response.status)).")
        default: return .unreachable(reason: notUnderstood)
        }
    }

    /// Of a request with a sync token: Google answers 410 for one that is old, 400 for one that is none.
    static func isLostCursor(_ response: FetchResponse) -> Bool {
        response.status == 410 || response.status == 400 && ["invalid", "badRequest"].contains(reason(response))
    }

    static let notUnderstood = "Google's answer could not be understood."
    static let refusedToken =
        "Google no longer accepts this connection: it was revoked, or signing in is demanded again. Connect again."

    private static func sentence(_ response: FetchResponse, _ reason: String) -> String {
        let known = reason.utf8.allSatisfy { $0 > 32 && $0 < 127 } ? reason : ""
        return "Google refused the request (\(response.status)\(known.isEmpty ? "" : ", " + known.prefix(80)))."
    }
}
