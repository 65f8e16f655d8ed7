/// Why a request got no usable answer. `sentence` is the only text meant for people.
public enum FetchFailure: Error, Hashable, Sendable {
    case invalidAddress(WebAddress.Fault)
    /// The host leads to an address this server does not connect to.
    case addressRefused
    /// The name does not resolve, nothing listens, or connecting took too long.
    case notReached
    /// The certificate does not fit the host, is expired, or nobody trusted signed it; or TLS failed otherwise.
    case insecure
    case timedOut(Step)
    case tooLarge
    case tooManyRedirects
    /// A redirect from `https` to `http`, or to something that is not an address.
    case redirectRefused
    /// Not HTTP, cut short, or beyond the limits on headers.
    case malformedAnswer
    case cancelled

    public enum Step: Hashable, Sendable {
        case firstByte, whole, pace
    }

    /// One line fit to show. Refused and unreachable read the same, so that nobody can map a network by asking.
    public var sentence: String {
        switch self {
        case .invalidAddress(let fault): fault.sentence
        case .addressRefused, .notReached: "The server could not be reached."
        case .insecure: "The server's certificate could not be verified, so no connection was made."
        case .timedOut(.firstByte): "The server accepted the connection but did not answer in time."
        case .timedOut(.whole): "The server took too long to send its answer."
        case .timedOut(.pace): "The server sent its answer too slowly."
        case .tooLarge: "The server's answer was larger than is accepted: 50 MB, or 100 times its compressed size."
        case .tooManyRedirects: "The server redirected too often."
        case .redirectRefused: "The server redirected to an address that is not accepted."
        case .malformedAnswer: "The server's answer was incomplete or could not be understood."
        case .cancelled: "The request was cancelled."
        }
    }
}

extension WebAddress.Fault {
    public var sentence: String {
        switch self {
        case .empty: "Enter an address."
        case .tooLong: "The address is too long."
        case .forbiddenCharacter: "The address has a space, a backslash or a control character in it."
        case .unsupportedScheme: "The address must begin with https:// (or webcal://)."
        case .userInformation: "The address must not contain a user name or a password."
        case .malformedHost: "The address has no valid host name."
        case .malformedPort: "The address has no valid port."
        case .internationalHost: "Write the host name in its ASCII form (xn--…)."
        case .plainTextRefused: "The address must begin with https://: this server is not listed for plain http."
        case .portRefused: "The address must use port 443 or 8443."
        }
    }
}
