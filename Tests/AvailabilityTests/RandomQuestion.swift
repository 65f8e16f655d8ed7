import Availability
import CivilTime

/// A random question, for the checker in ticks and for the engine in seconds.
struct RandomQuestion {
    let checker: NaiveChecker
    let query: AvailabilityQuery
    /// Seconds per tick, and the instant of tick 0.
    let tick: Int64
    let origin: Int64

    /// Midnights of days with and without a change of the clock, some before 1970.
    private static let midnights: [Int64] = [
        1_774_742_400, 1_792_886_400, 1_772_928_000, 1_793_491_200, 0, -86_400 * 3,
    ]

    init(_ random: inout Generator, format: AvailabilityQuery.Format, length: Int) {
        let tick: Int64 = [60, 60, 300, 300, 300, 30, 1][random.below(7)]
        self.tick = tick
        // Ticks before and after midnight, so that the grid's new day is met.
        let origin = Self.midnights[random.below(6)] - Int64(random.below(length)) * tick
        self.origin = origin
        func spans(_ most: Int, longest: Int) -> [(from: Int, to: Int)] {
            var spans: [(from: Int, to: Int)] = []
            for _ in 0..<random.below(most + 1) {
                // Every fourth begins where the one before ends; some take no time.
                let from = random.below(4) == 0 ? spans.last?.to ?? 0 : random.below(length)
                spans.append((min(from, length), min(length, from + random.below(longest + 1))))
            }
            return spans
        }
        let count = 1 + random.below(random.below(8) == 0 ? 24 : 5)
        let (before, after) = ([0, 0, 1, 3][random.below(4)], [0, 0, 2, 5][random.below(4)])
        var people: [NaiveChecker.Person] = []
        var members: [AvailabilityQuery.Member] = []
        func periods(_ spans: [(from: Int, to: Int)]) -> [Period] {
            spans.compactMap {
                Period(
                    from: Instant(seconds: origin + Int64($0.from) * tick),
                    to: Instant(seconds: origin + Int64($0.to) * tick))
            }
        }
        for _ in 0..<count {
            let busy = spans(random.below(3) == 0 ? 12 : 4, longest: length / 6)
            let open = random.below(3) == 0 ? spans(4, longest: length / 2) : nil
            let own = random.below(4) == 0
            let (ownBefore, ownAfter) = (random.below(4), random.below(7))
            people.append(
                .init(busy: busy, open: open, before: own ? ownBefore : before, after: own ? ownAfter : after))
            members.append(
                .init(
                    busy: BusyIntervals(
                        busy.enumerated().map { index, span in
                            .init(
                                start: origin + Int64(span.from) * tick, end: origin + Int64(span.to) * tick,
                                tag: Int32(index))
                        }), open: open.map(periods), bufferBefore: own ? Int64(ownBefore) * tick : nil,
                    bufferAfter: own ? Int64(ownAfter) * tick : nil))
        }
        var groups: [NaiveChecker.Group] = []
        var required: [AvailabilityQuery.Group] = []
        while groups.isEmpty || random.below(2) == 0 {
            let chosen = (0..<count).filter { _ in random.below(3) > 0 }
            guard !chosen.isEmpty else { continue }
            let needed = [chosen.count, 1, 1 + random.below(chosen.count)][random.below(3)]
            groups.append(.init(needed: needed, members: chosen))
            required.append(
                .init(required: needed == chosen.count && random.below(2) == 0 ? .all : .count(needed), members: chosen)
            )
        }
        let windows = random.below(5) == 0 ? [(0, length)] : spans(5, longest: length / 2) + [(0, length / 3)]
        let duration = [1, 2, 3, 6, 12][random.below(5)]
        let interval: Int64? = [nil, 300, 900, 3600, tick, tick * 3, tick * 7][random.below(7)]
        let isOnGrid = (0..<length).map { index in
            let time = origin + Int64(index) * tick
            let sinceMidnight = ((time % 86_400) + 86_400) % 86_400
            return sinceMidnight % (interval ?? 300) == 0
        }
        checker = NaiveChecker(
            people: people, groups: groups, windows: windows, duration: duration, length: length, isOnGrid: isOnGrid)
        var query = AvailabilityQuery(
            members: members, groups: required, duration: Int64(duration) * tick, windows: .periods(periods(windows)),
            format: format, maxResults: 100_000)
        query.startInterval = interval
        (query.bufferBefore, query.bufferAfter) = (Int64(before) * tick, Int64(after) * tick)
        self.query = query
    }

    /// Nil where the instant is between ticks.
    func index(_ instant: Instant) -> Int? {
        let distance = instant.seconds - origin
        return distance % tick == 0 ? Int(distance / tick) : nil
    }

    func instant(_ index: Int) -> Instant { Instant(seconds: origin + Int64(index) * tick) }
}

struct Generator {
    var state: UInt64
    mutating func below(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(limit))
    }
}
