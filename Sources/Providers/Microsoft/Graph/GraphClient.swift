internal import CivilTime
internal import CronofyWire
internal import GuardedHTTP
internal import ProviderKit
internal import SignInKit

/// Asks Graph, and turns its refusals into the contract's words.
struct GraphClient: Sendable {
    let exchange: any GraphExchange
    let tokens: any AccessTokens

    /// What every request says: ids that survive moves, times in UTC, bodies as text.
    static let preferences = #"IdType="ImmutableId", outlook.timezone="UTC", outlook.body-content-type="text""#

    func get(_ path: String, pageSize: Int? = nil) async throws(RemoteFailure) -> (json: JSONValue, bytes: Int) {
        let extra = pageSize.map { ", odata.maxpagesize=\($0)" } ?? ""
        let response = try await send(GraphRequest("GET", path, headers: ["Prefer": Self.preferences + extra]))
        return (try body(response), response.body.count)
    }

    /// The answer's JSON; of an empty answer (204) null.
    func send(_ method: String, _ path: String, _ json: JSONValue?, ifMatch etag: String? = nil)
        async throws(RemoteFailure) -> JSONValue
    {
        var request = GraphRequest(method, path, headers: ["Prefer": Self.preferences], body: json?.bytes)
        if json != nil { request.headers["Content-Type"] = "application/json" }
        if let etag { request.headers["If-Match"] = etag }
        return try body(try await send(request))
    }

    /// Any answer; a token that is refused is replaced once.
    func answer(_ request: GraphRequest) async throws(RemoteFailure) -> GraphResponse {
        var refused: Secret?
        while true {
            let token = try await tokens.token(afterRefusalOf: refused)
            var authorized = request
            authorized.headers["Authorization"] = "Bearer " + token.revealed
            let response: GraphResponse
            do { response = try await exchange.send(authorized) } catch {
                throw .unreachable(reason: error.sentence)
            }
            guard response.status == 401, refused == nil else { return response }
            refused = token
        }
    }

    private func send(_ request: GraphRequest) async throws(RemoteFailure) -> GraphResponse {
        let response = try await answer(request)
        guard (200..<300).contains(response.status) else { throw GraphFailures.failure(response) }
        return response
    }

    private func body(_ response: GraphResponse) throws(RemoteFailure) -> JSONValue {
        if response.body.isEmpty { return .null }
        guard let json = GraphFailures.json(response) else {
            throw .unreachable(reason: "Microsoft's answer could not be understood.")
        }
        return json
    }

    static func segment(_ id: String) -> String { PercentEncoding.segment(id) }
}
