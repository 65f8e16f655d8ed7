/// One request. Names of headers are compared without case (RFC 9110 §5.1).
public struct FetchRequest: Sendable {
    public enum Redirects: Hashable, Sendable {
        /// Each hop is checked like the first; method and body are kept.
        case follow
        /// A 3xx is the answer.
        case never
    }

    public var method: String
    public var address: WebAddress
    public var headers: [Header]
    public var body: [UInt8]?
    /// Sent only to where it may go.
    public var credential: Credential?
    public var redirects: Redirects = .follow
    /// In place of the client's limit, where a server works out the whole answer before it begins to send.
    public var firstByte: Duration?

    public init(
        _ method: String, _ address: WebAddress, headers: [Header] = [], body: [UInt8]? = nil,
        credential: Credential? = nil, redirects: Redirects = .follow
    ) {
        (self.method, self.address, self.headers) = (method, address, headers)
        (self.body, self.credential, self.redirects) = (body, credential, redirects)
    }
}

public struct Header: Hashable, Sendable {
    public let name: String
    public let value: String
    public init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
}

/// An answer, whole: a body cut short is a failure, never a short body.
public struct FetchResponse: Sendable {
    public let status: Int
    public let headers: [Header]
    /// Decompressed.
    public let body: [UInt8]
    /// Where the answer came from, after redirects.
    public let address: WebAddress
    /// Bytes received for the body before decompression.
    public let transferred: Int

    public init(
        status: Int, headers: [Header] = [], body: [UInt8], address: WebAddress, transferred: Int
    ) {
        (self.status, self.headers, self.body) = (status, headers, body)
        (self.address, self.transferred) = (address, transferred)
    }

    /// The value of the first field of this name.
    public subscript(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// `Retry-After` in seconds (RFC 9110 §10.2.3); a date reads as nil.
    public var retryAfter: Duration? {
        guard let text = self["Retry-After"], let seconds = Int64(text), (0...86_400 * 7).contains(seconds) else {
            return nil
        }
        return .seconds(seconds)
    }
}
