internal import GuardedHTTP
internal import ProviderKit

/// Why one WebDAV exchange gave nothing to use; each case is met differently before it becomes a `RemoteFailure`.
enum DAVError: Error, Hashable, Sendable {
    /// No answer.
    case fetch(FetchFailure)
    /// An answer other than the one asked for, with the preconditions it names.
    case status(Int, conditions: Set<XMLName>, retryAfter: Duration?)
    /// The right status, but not the protocol: HTML, an empty or a truncated body.
    case notProtocol
    /// A list that the server itself says is cut short (RFC 5323 §5.17, RFC 6578 §3.6).
    case truncated
    /// The server points to a site that nobody confirmed; the password was not sent there.
    case anotherSite(Origin)

    var status: Int? { if case .status(let code, _, _) = self { code } else { nil } }
    var conditions: Set<XMLName> { if case .status(_, let conditions, _) = self { conditions } else { [] } }

    /// True where another request to the same server could fare better: the answer was about this request.
    var isAboutRequest: Bool {
        switch self {
        case .status(let code, _, _): ![401, 429, 503].contains(code)
        case .notProtocol, .truncated: true
        case .fetch(let failure):
            [.tooLarge, .malformedAnswer, .redirectRefused, .tooManyRedirects].contains(failure)
        case .anotherSite: false
        }
    }

    init(_ response: FetchResponse) {
        self = .status(response.status, conditions: Self.conditions(in: response), retryAfter: response.retryAfter)
    }

    /// The names inside a `DAV:error` body; error pages in HTML have none.
    static func conditions(in response: FetchResponse) -> Set<XMLName> {
        do {
            let root = try XMLReader.read(response.body)
            return root.name == .dav("error") ? Set(root.children.map(\.name)) : []
        } catch { return [] }
    }
}
