import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Sends requests over HTTP by `URLSession`, with keep-alive. Redirects come back as they are.
public struct HTTPTransport: CronofyTransport {
    private let session: URLSession

    /// - Parameters:
    ///   - timeout: from sending to the whole answer.
    ///   - connectionsPerHost: how many requests go to one host at a time.
    public init(timeout: Duration = .seconds(30), connectionsPerHost: Int = 16) {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = Double(timeout.components.seconds)
        configuration.timeoutIntervalForResource = Double(timeout.components.seconds)
        configuration.httpMaximumConnectionsPerHost = connectionsPerHost
        configuration.httpShouldSetCookies = false
        configuration.urlCache = nil
        session = URLSession(configuration: configuration, delegate: RedirectRefusal(), delegateQueue: nil)
    }

    public func send(_ request: TransportRequest) async throws(TransportFailure) -> TransportResponse {
        guard let url = URL(string: request.url) else {
            throw .unreachable(reason: "'\(request.url)' is no address")
        }
        var message = URLRequest(url: url)
        message.httpMethod = request.method.rawValue
        for (name, value) in request.headers { message.setValue(value, forHTTPHeaderField: name) }
        if !request.body.isEmpty { message.httpBody = Data(request.body) }
        do {
            let (data, response) = try await session.data(for: message)
            guard let response = response as? HTTPURLResponse else {
                throw TransportFailure.unreachable(reason: "the answer is not HTTP")
            }
            var headers: [String: String] = [:]
            for case (let name as String, let value as String) in response.allHeaderFields { headers[name] = value }
            return TransportResponse(status: response.statusCode, headers: headers, body: Array(data))
        } catch let failure as TransportFailure {
            throw failure
        } catch let error as URLError where error.code == .timedOut {
            throw .timedOut
        } catch let error as URLError where error.code == .cancelled {
            throw .cancelled
        } catch is CancellationError {
            throw .cancelled
        } catch {
            throw .unreachable(reason: error.localizedDescription)
        }
    }
}

/// The API never redirects; following one would carry a token elsewhere.
private final class RedirectRefusal: NSObject, URLSessionTaskDelegate {
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) { completionHandler(nil) }
}
