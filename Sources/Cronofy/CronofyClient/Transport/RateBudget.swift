/// Says how long to wait before the next request, so that no span of a second holds more than `perSecond` requests and
/// no span of a minute more than `perMinute`. A pure value; time is passed in, counted from any fixed moment.
public struct RateBudget: Sendable {
    /// The rates that the hosted service allows an application unless agreed otherwise.
    public static let hosted = RateBudget(perSecond: 50, perMinute: 500)

    public let perSecond: Int
    public let perMinute: Int
    /// When the latest requests go out, oldest first; never more than `perMinute`.
    private var departures: [Duration] = []
    /// Where the oldest stands in `departures`, which is a ring once it is full.
    private var oldest = 0

    /// Rates below 1 count as 1.
    public init(perSecond: Int, perMinute: Int) {
        (self.perSecond, self.perMinute) = (max(1, perSecond), max(1, perMinute))
    }

    /// Books the next request and returns how long it has to wait; zero where it may go at once.
    public mutating func book(now: Duration) -> Duration {
        var departure = now
        if let last = departed(1) { departure = max(departure, last) }
        if let earlier = departed(perSecond) { departure = max(departure, earlier + .seconds(1)) }
        if let earlier = departed(perMinute) { departure = max(departure, earlier + .seconds(60)) }
        note(departure)
        return departure - now
    }

    /// When the request `count` before the next one goes out.
    private func departed(_ count: Int) -> Duration? {
        guard count <= departures.count else { return nil }
        return departures[(oldest + departures.count - count) % departures.count]
    }

    private mutating func note(_ departure: Duration) {
        let kept = max(perSecond, perMinute)
        if departures.count < kept {
            departures.append(departure)
        } else {
            departures[oldest] = departure
            oldest = (oldest + 1) % kept
        }
    }
}
