internal import CivilTime
public import GuardedHTTP

/// Graph over the network: `base` is `https://graph.microsoft.com/v1.0`, a national cloud's, or a stand-in's.
public struct GuardedExchange: GraphExchange {
    private let client: GuardedClient
    private let base: WebAddress

    public init(client: GuardedClient, base: WebAddress) { (self.client, self.base) = (client, base) }

    public func send(_ request: GraphRequest) async throws(GraphSilence) -> GraphResponse {
        let address: WebAddress
        do {
            address = try WebAddress(
                parsing: request.path.hasPrefix("/") ? base.description + request.path : request.path)
        } catch { throw GraphSilence("Microsoft gave a link that is no address.") }
        // The token goes nowhere else, whatever a link says.
        guard address.origin == base.origin else { throw GraphSilence("Microsoft gave a link to another server.") }
        let fetch = FetchRequest(
            request.method, address, headers: request.headers.map { Header($0.key, $0.value) }, body: request.body,
            redirects: .never)
        do {
            let answer = try await client.send(fetch)
            let headers = answer.headers.map { ($0.name.lowercased(), $0.value) }
            return GraphResponse(
                status: answer.status, headers: Dictionary(headers) { first, _ in first }, body: answer.body)
        } catch { throw GraphSilence(error.sentence) }
    }
}
