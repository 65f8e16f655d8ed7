public import GuardedHTTP
public import ProviderKit

/// Why the calendars of an account were not found.
public enum CalDAVDiscoveryError: Error, Hashable, Sendable {
    /// The search leads to another site. Show it; where the person confirms, add it to `confirmedSites` and try again.
    case anotherSite(Origin)
    /// The server answers, but shows no calendars anywhere they are usually found.
    case noCalendars
    case failed(RemoteFailure)

    /// One line fit to show.
    public var sentence: String {
        switch self {
        case .anotherSite(let origin):
            "The calendars are at \(origin). Confirm that your password may be sent there."
        case .noCalendars: "No calendars were found at this address."
        case .failed(.authorizationLost(let reason)), .failed(.refused(_, let reason)),
            .failed(.unreachable(let reason)):
            reason
        case .failed(.gone): "No calendars were found at this address."
        case .failed(.throttled): "The server asks to be left alone for a while. Try again later."
        case .failed(.conflict), .failed(.cursorExpired): "The server's answer could not be understood."
        }
    }

    var remoteFailure: RemoteFailure {
        if case .failed(let failure) = self { failure } else { .refused(status: 0, reason: sentence) }
    }
}
