import Accounts
import Authorization
import CronofyWire
import HTTPTypes
import StorageKit

/// One row of the table: how an endpoint is reached, and what its credential must allow.
struct EndpointRow: Sendable {
    let method: HTTPRequest.Method
    /// With `{name}` for a part that varies.
    let path: String
    let access: Access
    let summary: String
    let respond: @Sendable (APICall) async throws -> APIAnswer
    /// What it takes and gives; stands in the endpoint's file.
    var contract: EndpointContract?
    /// Bytes of a body.
    var largestBody = 1 << 20
    /// Whether its answer is worked out rather than looked up.
    var isComputed = false

    func answer(_ call: APICall) async throws -> APIAnswer {
        guard isComputed else { return try await respond(call) }
        return try await withTaskExecutorPreference(ComputeLane.shared) { try await respond(call) }
    }

    /// Whether its credential comes as a bearer token.
    var needsBearer: Bool {
        switch access {
        case .account, .application, .key, .admin: true
        case .client: false
        }
    }

    enum Access: Hashable, Sendable {
        /// An access token whose scope allows one of these; none listed: any access token.
        case account([Scope.Permission])
        /// An access token or an API key.
        case application
        /// An API key.
        case key
        /// An admin key.
        case admin
        /// `client_id` and `client_secret` in the body, or by HTTP Basic; a client that has no secret: its id.
        case client
    }
}

/// A request whose credential has been accepted.
struct APICall: Sendable {
    let services: APIServices
    let caller: Caller
    /// What was committed when the request came in; nil where nobody asked.
    let mark: CommitMark?
    /// The query string as it came, kept for further pages.
    let queryText: String
    var query: FormText { FormText(parsing: queryText) }
    let body: JSONValue
    let parameters: [String: String]

    /// The account of an access token; endpoints that take API keys do not ask.
    var account: AccountID {
        get throws {
            guard let id = caller.account else { throw APIError.unauthorized(.wrongKind) }
            return id
        }
    }

    var scope: Scope {
        if case .account(_, _, let scope) = caller { scope } else { Scope("") }
    }

    func parameter(_ name: String) -> String { parameters[name] ?? "" }
}

enum APIAnswer: Sendable {
    /// 200 with JSON.
    case json([UInt8])
    /// 207 with JSON: one status for each part of the request.
    case multiStatus([UInt8])
    /// 202 without a body.
    case accepted
    /// 202 with JSON.
    case acceptedJSON([UInt8])
    /// 200 without a body.
    case empty
}

/// Why a request is not answered. One place turns these into status and body; nothing internal reaches a client.
enum APIError: Error, Sendable {
    enum Credential: String, Sendable {
        case missing = "no access token was sent"
        case unknown = "the access token is not known; it may have been revoked"
        case expired = "the access token has expired; use the refresh token to get a new one"
        case wrongKind = "this needs an access token of an account"
        case notKey = "this needs the application's API key, which is its client_secret"
    }
    case unauthorized(Credential)
    /// A client that named itself by HTTP Basic, and wrongly.
    case unauthorizedClient(OAuthFault)
    case forbidden(scope: String)
    case sandboxed
    case notFound
    case locked
    /// The provider does not answer; the reason is fit to show.
    case unreachable(reason: String)
    case malformedJSON(JSONFault)
    case tooLarge(limit: Int)
    case tooManyRequests(seconds: Int)
}
