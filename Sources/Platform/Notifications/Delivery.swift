public import Accounts
public import CivilTime

/// A notice in the hands of this process, ready to be sent: body and secrets as they are now.
public struct Delivery: Sendable {
    public let channel: Channel
    public let destination: String
    public let notice: Notice
    /// From 1.
    public let attempt: Int64
    public let failingSince: Instant?
    public let body: [UInt8]
    public let secrets: [Secret]
    /// Milliseconds since 1970 when the notice was written.
    let createdMS: Int64
    let fence: Int64
}

/// How a try ended.
public struct DeliveryOutcome: Hashable, Sendable {
    public enum Result: Hashable, Sendable {
        /// Any 2xx in time.
        case acknowledged
        /// `retryAfter` in seconds, where the receiver asked for it.
        case failed(reason: String, retryAfter: Int64?)
        /// 410: the receiver wants nothing more.
        case gone
    }

    public let result: Result
    public let status: Int?
    public let took: Duration
    /// Milliseconds since 1970 when it was begun.
    public let triedMS: Int64

    public init(_ result: Result, status: Int?, took: Duration, triedMS: Int64) {
        (self.result, self.status, self.took, self.triedMS) = (result, status, took, triedMS)
    }

    public var isAcknowledged: Bool { result == .acknowledged }

    /// For counting.
    public var metricName: String {
        switch result {
        case .acknowledged: "acknowledged"
        case .failed: "failed"
        case .gone: "gone"
        }
    }

    /// What the log says: the reason, or a word.
    var words: String {
        switch result {
        case .acknowledged: "acknowledged"
        case .failed(let reason, _): reason
        case .gone: "gone"
        }
    }
}
