import CronofyClient
import GuardedHTTP

/// Carries a client's requests to servers that people named, through the one guarded client: addresses are judged after
/// they are resolved, redirects are not followed, size and time are limited.
struct GuardedTransport: CronofyTransport {
    private let client: GuardedClient

    init(policy: AddressPolicy) {
        var limits = FetchLimits()
        limits.redirects = 0
        client = GuardedClient(policy: policy, limits: limits)
    }

    func send(_ request: TransportRequest) async throws(TransportFailure) -> TransportResponse {
        do {
            let address = try WebAddress(parsing: request.url)
            let answer = try await client.send(
                FetchRequest(
                    request.method.rawValue, address, headers: request.headers.map { Header($0.key, $0.value) },
                    body: request.body, redirects: .never))
            var headers: [String: String] = [:]
            if let wait = answer.retryAfter { headers["Retry-After"] = String(wait.components.seconds) }
            return TransportResponse(status: answer.status, headers: headers, body: answer.body)
        } catch let fault as WebAddress.Fault {
            throw .unreachable(reason: fault.sentence)
        } catch let failure as FetchFailure {
            throw Task.isCancelled ? .cancelled : .unreachable(reason: failure.sentence)
        } catch { throw .unreachable(reason: "not sent") }
    }
}
