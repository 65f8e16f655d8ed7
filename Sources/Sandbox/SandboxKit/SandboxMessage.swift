internal import CivilTime
public import CronofyWire
internal import GuardedHTTP

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

    /// The path's parts, decoded.
    public var segments: [String] {
        let path = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
        return path.split(separator: "/").map { PercentEncoding.decoded(String($0)) ?? String($0) }
    }

    /// A parameter of the query; `+` is a space.
    public func parameter(_ name: String) -> String? {
        guard let query = target.split(separator: "?", maxSplits: 1).dropFirst().first else { return nil }
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
                PercentEncoding.decoded(
                    $0.split(separator: "+", omittingEmptySubsequences: false).joined(separator: " "))
            }
            if parts.first == name { return parts.count > 1 ? parts[1] : "" }
        }
        return nil
    }
}

/// An answer, ready to be sent.
public struct SandboxResponse: Sendable {
    public var status: Int
    public var headers: [String: String] = ["content-type": "application/json"]
    public var body: [UInt8] = []

    public init(_ status: Int, _ json: JSONValue? = nil) {
        self.status = status
        body = json?.bytes ?? []
    }
}
