/// Carries requests to whoever answers them: over HTTP, or within the process.
public protocol CronofyTransport: Sendable {
    /// The answer to `request`, whatever its status. Redirects are not followed.
    func send(_ request: TransportRequest) async throws(TransportFailure) -> TransportResponse
}

/// A request as it goes out.
public struct TransportRequest: Hashable, Sendable {
    public enum Method: String, Hashable, Sendable {
        case get = "GET"
        case post = "POST"
        case delete = "DELETE"
    }

    public let method: Method
    /// Absolute, with its query.
    public let url: String
    /// Names as they are sent.
    public let headers: [String: String]
    public let body: [UInt8]

    public init(method: Method, url: String, headers: [String: String], body: [UInt8]) {
        (self.method, self.url, self.headers, self.body) = (method, url, headers, body)
    }
}

/// An answer as it came in.
public struct TransportResponse: Hashable, Sendable {
    public let status: Int
    /// Names in lower case.
    public let headers: [String: String]
    public let body: [UInt8]

    public init(status: Int, headers: [String: String], body: [UInt8]) {
        (self.status, self.body) = (status, body)
        self.headers = Dictionary(headers.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { $1 })
    }
}

/// Why there is no answer.
public enum TransportFailure: Error, Hashable, Sendable {
    /// The server was not reached, or the connection broke. `reason` is for logs.
    case unreachable(reason: String)
    case timedOut
    /// The calling task was cancelled.
    case cancelled
}
