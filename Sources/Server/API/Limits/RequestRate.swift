/// How many requests one application may make. Zero: any number.
public struct RequestRate: Hashable, Sendable {
    public var perSecond: Int
    public var perMinute: Int

    public init(perSecond: Int, perMinute: Int) { (self.perSecond, self.perMinute) = (perSecond, perMinute) }

    /// As hosted Cronofy has it (part 1, §13).
    public static let standard = RequestRate(perSecond: 50, perMinute: 500)
    public static let unlimited = RequestRate(perSecond: 0, perMinute: 0)
}

/// The allowance of one application: two buckets that fill at the rate and hold what may come at once. Times are
/// milliseconds of a clock that only goes forward.
struct RequestAllowance: Hashable, Sendable {
    private var second: Bucket
    private var minute: Bucket

    /// What a request is told. `limit` and `remaining` are of the bucket that is nearest to empty; times are seconds.
    struct Verdict: Hashable, Sendable {
        let isAllowed: Bool
        let limit: Int
        let remaining: Int
        /// Until the bucket is full again.
        let resetAfter: Int
        /// Until a request is allowed again; 0 where this one was.
        let retryAfter: Int
    }

    init(_ rate: RequestRate, at now: Int64) {
        second = Bucket(capacity: rate.perSecond, window: 1000, at: now)
        minute = Bucket(capacity: rate.perMinute, window: 60_000, at: now)
    }

    /// Takes one request's worth of both buckets, or of none.
    mutating func take(at now: Int64) -> Verdict {
        second.fill(at: now)
        minute.fill(at: now)
        let isAllowed = second.hasOne && minute.hasOne
        if isAllowed {
            second.takeOne()
            minute.takeOne()
        }
        let nearest = [second, minute].filter { !$0.isUnlimited }.min { $0.share < $1.share }
        let wait = max(second.millisecondsToOne, minute.millisecondsToOne)
        return Verdict(
            isAllowed: isAllowed, limit: nearest?.capacity ?? 0, remaining: nearest?.whole ?? 0,
            resetAfter: nearest.map { Int(($0.millisecondsToFull + 999) / 1000) } ?? 0,
            retryAfter: isAllowed ? 0 : max(1, Int((wait + 999) / 1000)))
    }

    /// Full again: nothing to remember.
    func isFull(at now: Int64) -> Bool {
        var copy = self
        copy.second.fill(at: now)
        copy.minute.fill(at: now)
        return copy.second.millisecondsToFull == 0 && copy.minute.millisecondsToFull == 0
    }
}

private struct Bucket: Hashable, Sendable {
    let capacity: Int
    /// Milliseconds in which an empty bucket fills.
    let window: Int64
    /// In requests times milliseconds of the window, so that filling loses nothing to rounding.
    private var level: Int64
    private var filledAt: Int64

    init(capacity: Int, window: Int64, at now: Int64) {
        (self.capacity, self.window, filledAt) = (max(0, min(capacity, 1_000_000)), window, now)
        level = Int64(self.capacity) * window
    }

    var isUnlimited: Bool { capacity == 0 }
    var hasOne: Bool { isUnlimited || level >= window }
    var whole: Int { Int(level / window) }
    var share: Double { Double(level) / Double(max(full, 1)) }
    private var full: Int64 { Int64(capacity) * window }

    mutating func fill(at now: Int64) {
        let passed = now > filledAt ? min(now - filledAt, window) : 0
        // At most twice 1 000 000 · 60 000: far from overflow.
        level = min(full, level + passed * Int64(capacity))
        filledAt = max(now, filledAt)
    }

    mutating func takeOne() { if !isUnlimited { level -= window } }

    var millisecondsToOne: Int64 { hasOne ? 0 : (window - level + Int64(capacity) - 1) / Int64(max(capacity, 1)) }
    var millisecondsToFull: Int64 { isUnlimited ? 0 : (full - level + Int64(capacity) - 1) / Int64(max(capacity, 1)) }
}
