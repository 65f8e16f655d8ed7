internal import CivilTime
public import CronofyWire

/// A request as it arrives. `target` is a path from the version on, with its query.
public struct SandboxRequest: Sendable {
    public var method: String
    public var target: String
    /// Names in lower case.
    public var headers: [String: String]
    public var body: [UInt8]
    public init(_ method: String, _ target: String, headers: [String: String] = [:], body: [UInt8] = []) {
        (self.method, self.target, self.headers, self.body) = (method, target, headers, body)
    }

    public var path: String {
        target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? ""
    }

    /// The path's parts, decoded.
    public var segments: [String] {
        path.split(separator: "/").map { FormText.decoded($0, plusIsSpace: false) }
    }

    /// The query; `+` is a space.
    public var query: FormText {
        FormText(
            parsing: target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first
                ?? "")
    }

    /// A parameter of the query; nil where it is absent or empty.
    public func parameter(_ name: String) -> String? { query[name] }

    /// The body as a form.
    public var form: FormText { FormText(parsing: String(decoding: body, as: UTF8.self)) }

    /// The token it carries (RFC 6750 §2.1).
    public var bearer: String? {
        guard let header = headers["authorization"], header.lowercased().hasPrefix("bearer ") else { return nil }
        return String(header.dropFirst(7))
    }
}

/// An answer, ready to be sent.
public struct SandboxResponse: Sendable {
    public var status: Int
    public var headers: [String: String] = ["content-type": "application/json; charset=UTF-8"]
    public var body: [UInt8] = []

    public init(_ status: Int, _ json: JSONValue? = nil) {
        self.status = status
        body = json?.bytes ?? []
        if json == nil { headers = [:] }
    }
}
