internal import GuardedHTTP
internal import ProviderKit

/// What a failed exchange means to the sync machine, in words fit to show.
struct CalDAVFailures: Sendable {
    let service: CalDAVService

    func failure(for error: DAVError) -> RemoteFailure {
        switch error {
        case .fetch(.invalidAddress(let fault)): .refused(status: 0, reason: fault.sentence)
        case .fetch(let failure): .unreachable(reason: failure.sentence)
        case .notProtocol: .unreachable(reason: "The server answered, but not as a CalDAV server does.")
        case .truncated: .unreachable(reason: "The server cut its list of events short, so it could not be read whole.")
        case .anotherSite(let origin): .refused(status: 0, reason: CalDAVDiscoveryError.anotherSite(origin).sentence)
        case .status(let code, let conditions, let retryAfter): failure(for: code, conditions, retryAfter)
        }
    }

    private func failure(for code: Int, _ conditions: Set<XMLName>, _ retryAfter: Duration?) -> RemoteFailure {
        switch code {
        case 401: .authorizationLost(reason: service.passwordRefused)
        case 404, 410: .gone
        case 429, 503: .throttled(retryAfter: retryAfter)
        // A lock ends by itself (RFC 4918 §6.6).
        case 423: .unreachable(reason: Self.reason(for: code, conditions))
        case 507, 400..<500: .refused(status: code, reason: Self.reason(for: code, conditions))
        case 500...: .unreachable(reason: "The server reported an error of its own (\(code)).")
        default: .unreachable(reason: "The server answered, but not as a CalDAV server does.")
        }
    }

    /// A refused write: a precondition that did not hold asks for a merge, anything else for a person.
    func writeFailure(for error: DAVError) -> RemoteFailure {
        guard let code = error.status, code == 409 || code == 412, Self.explanation(for: error.conditions) == nil else {
            return failure(for: error)
        }
        return .conflict
    }

    private static func reason(for code: Int, _ conditions: Set<XMLName>) -> String {
        if let explanation = explanation(for: conditions) { return explanation }
        return switch code {
        case 403, 405: "The server does not allow this."
        case 413: "The event is larger than the server accepts."
        case 423: "The event is locked by another program."
        case 507: "The account's storage is full."
        default: "The server refused the request (\(code))."
        }
    }

    /// RFC 4791 §5.3.2.1, RFC 4918 §16, RFC 6638 §3.2.4.1, RFC 4331 §6.
    private static func explanation(for conditions: Set<XMLName>) -> String? {
        let texts: [(XMLName, String)] = [
            (.caldav("no-uid-conflict"), "The account has an event with the same UID under another name."),
            (
                .caldav("unique-scheduling-object-resource"),
                "The account has an event with the same UID under another name."
            ),
            (.caldav("valid-calendar-data"), "The server could not read the event."),
            (.caldav("valid-calendar-object-resource"), "The server does not accept an event of this form."),
            (.caldav("supported-calendar-data"), "The server does not accept events in this format."),
            (.caldav("supported-calendar-component"), "This calendar does not take events."),
            (.caldav("max-resource-size"), "The event is larger than the server accepts."),
            (.caldav("max-instances"), "The event repeats more often than the server accepts."),
            (.caldav("max-attendees-per-instance"), "The event has more attendees than the server accepts."),
            (.caldav("min-date-time"), "The event is earlier than the server accepts."),
            (.caldav("max-date-time"), "The event is later than the server accepts."),
            (.dav("quota-not-exceeded"), "The account's storage is full."),
            (.dav("sufficient-disk-space"), "The server's storage is full."),
            (.dav("need-privileges"), "You may read this calendar but not change it."),
            (.dav("lock-token-submitted"), "The event is locked by another program."),
        ]
        return texts.first { conditions.contains($0.0) }?.1
    }
}
