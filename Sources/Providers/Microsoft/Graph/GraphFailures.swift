internal import CivilTime
internal import CronofyWire
internal import ProviderKit

/// What Graph's refusals mean to the sync machine.
enum GraphFailures {
    /// Codes with which Outlook says that a cursor is lost, whatever the status (with 410 every code does).
    private static let lostCursors: Set<String> = ["syncstatenotfound", "syncstateinvalid", "resyncrequired"]
    private static let noMailbox: Set<String> = [
        "MailboxNotEnabledForRESTAPI", "MailboxNotSupportedForRESTAPI", "ErrorInvalidUser",
    ]

    static func code(_ response: GraphResponse) -> String {
        json(response)?["error"]?["code"]?.text ?? ""
    }

    /// Nil where it is no JSON: a proxy's page, or half an answer.
    static func json(_ response: GraphResponse) -> JSONValue? {
        do { return try JSONValue(parsing: response.body) } catch { return nil }
    }

    static func failure(_ response: GraphResponse) -> RemoteFailure {
        let code = code(response)
        if response.status == 410 || lostCursors.contains(code.lowercased()) { return .cursorExpired }
        if noMailbox.contains(code) {
            return .refused(
                status: response.status,
                reason: """
                    Microsoft has no mailbox in the cloud for this account: its licence is gone, or the mailbox is kept on \
                    a server of the organisation's own. Ask the administrator.
                    """)
        }
        switch response.status {
        case 401: return .authorizationLost(reason: refusedToken)
        case 403 where code == "Authorization_RequestDenied" || code == "ErrorInsufficientPermissionsInAccessToken":
            return .authorizationLost(
                reason:
                    "Calendars were not among the permissions given to this application. Connect again and allow them.")
        case 403: return .refused(status: 403, reason: "Microsoft does not let this account do that in this calendar.")
        case 404: return .gone
        case 409, 412: return .conflict
        case 429, 503, 504: return .throttled(retryAfter: retryAfter(response))
        case 400..<500: return .refused(status: response.status, reason: sentence(response, code))
        case 500...: return .unreachable(reason: "Microsoft reported an error of its own (\(response.status)).")
        default: return .unreachable(reason: "Microsoft's answer could not be understood.")
        }
    }

    static let refusedToken =
        "Microsoft no longer accepts this connection: it was revoked, or signing in is demanded again. Connect again."

    /// Seconds (RFC 9110 §10.2.3); the caller waits longer by itself where there are none.
    private static func retryAfter(_ response: GraphResponse) -> Duration? {
        response.headers["retry-after"].flatMap { Int64($0, in: 0...86_400) }.map { .seconds($0) }
    }

    private static func sentence(_ response: GraphResponse, _ code: String) -> String {
        let known = code.utf8.allSatisfy { $0 > 32 && $0 < 127 } ? code : ""
        return "Microsoft refused the request (\(response.status)\(known.isEmpty ? "" : ", " + known.prefix(80)))."
    }
}
