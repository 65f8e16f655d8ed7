/// One request to Graph. `path` begins at the version (`/me/calendars`) or is a whole link that Graph gave.
public struct GraphRequest: Hashable, Sendable {
    public var method: String
    public var path: String
    public var headers: [String: String]
    public var body: [UInt8]?
    public init(_ method: String, _ path: String, headers: [String: String] = [:], body: [UInt8]? = nil) {
        (self.method, self.path, self.headers, self.body) = (method, path, headers, body)
    }
}

/// An answer, whole.
public struct GraphResponse: Hashable, Sendable {
    public var status: Int
    /// Names in lower case.
    public var headers: [String: String]
    public var body: [UInt8]
    public init(status: Int, headers: [String: String] = [:], body: [UInt8]) {
        (self.status, self.headers, self.body) = (status, headers, body)
    }
}

/// Why there was no answer; `sentence` is fit to show.
public struct GraphSilence: Error, Hashable, Sendable {
    public let sentence: String
    public init(_ sentence: String) { self.sentence = sentence }
}

/// Carries requests to Graph, or to its stand-in.
public protocol GraphExchange: Sendable {
    func send(_ request: GraphRequest) async throws(GraphSilence) -> GraphResponse
}
