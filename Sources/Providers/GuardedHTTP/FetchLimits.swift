/// How much time and how many bytes one request may cost.
public struct FetchLimits: Hashable, Sendable {
    /// TCP and TLS together, for each hop.
    public var connect: Duration = .seconds(5)
    /// From the connection to the first byte of the answer.
    public var firstByte: Duration = .seconds(15)
    /// Redirects and the name's resolution included.
    public var whole: Duration = .seconds(60)
    /// Bytes a second, averaged since the first byte and judged after `paceGrace`.
    public var slowestPace = 1000
    public var paceGrace: Duration = .seconds(10)
    public var redirects = 5
    /// Bytes of a body after decompression.
    public var body = 50_000_000
    /// Whether a body beyond that is left unread, where only the status counts, instead of failing the request.
    public var leavesRestUnread = false
    /// Bytes after decompression for each byte received; judged from 1 MB on.
    public var compressionRatio = 100
    public var headerFields = 100
    public var headerBytes = 65_536
    /// Connections at once to one host, and to all.
    public var connectionsPerHost = 2
    public var connections = 16

    public init() {}
    public static let standard = FetchLimits()
}
