/// Something to be done, durable from the transaction that asks for it on. Work of one kind and key is asked for once:
/// asking again while it waits brings it forward, asking while it is being done has it done again.
public struct Work: Hashable, Sendable {
    public var kind: String
    public var key: String
    /// Work of one lane is done one after another; nil: no lane.
    public var lane: String?
    /// Seconds since 1970; 0: as soon as possible.
    public var runAt: Int64
    public var payload: String

    public init(kind: String, key: String, lane: String? = nil, runAt: Int64 = 0, payload: String = "") {
        (self.kind, self.key, self.lane, self.runAt, self.payload) = (kind, key, lane, runAt, payload)
    }
}

/// Work in this worker's hands until its lease ends.
public struct LeasedWork: Hashable, Sendable {
    public let id: Int64
    public let kind: String
    public let key: String
    public let payload: String
    /// How often it was tried, this time included; tries that ended with their worker are not counted.
    public let attempts: Int64
    /// Changes with every claim: a worker that was overtaken holds an old one.
    let fence: Int64
}

/// Work that was given up, for a person to see.
public struct DeadLetter: Hashable, Sendable {
    public let kind: String
    public let key: String
    public let attempts: Int64
    public let error: String
}

/// When failed work is tried again.
public enum Retry: Hashable, Sendable {
    /// After a time that doubles with every try, with jitter; given up after `WorkQueue.attemptLimit` tries.
    case backoff
    /// After so many seconds, as often as it takes.
    case after(Int64)
    /// Not by itself.
    case never
}
