/// Changes of an offset, ascending. Neighbours always differ.
struct TransitionTable: Hashable, Sendable {
    /// Instants from which the offset of the same index plus one holds.
    private(set) var times: [Int64] = []
    private(set) var offsets: [Int32]
    /// Wall times from which `offsets[i + 1]` reads wall time: in a fold and in a gap the offset before it still does, so
    /// a transition at T takes over at T plus the greater offset.
    private var takeovers: [Int64] = []

    init(first: Int32) { offsets = [first] }

    /// Where the table's knowledge ends; `.min` where it is empty.
    var end: Int64 { times.last ?? .min }

    /// `time` is not before the last one; an offset that changes nothing is left out.
    mutating func append(at time: Int64, offset: Int32) {
        guard let before = offsets.last, before != offset else { return }
        times.append(time)
        offsets.append(offset)
        let (takeover, overflow) = time.addingReportingOverflow(Int64(max(before, offset)))
        let wall = overflow ? (time < 0 ? .min : .max) : takeover
        // Changes within hours of each other: the earlier of two readings stands until the later one begins.
        takeovers.append(max(wall, takeovers.last ?? .min))
    }

    func offset(at seconds: Int64) -> Int32 { offsets[Self.count(in: times, upTo: seconds)] }

    func transition(after seconds: Int64) -> Int64? {
        let index = Self.count(in: times, upTo: seconds)
        return index < times.count ? times[index] : nil
    }

    /// What reads `wall`: the offset before a transition also in its gap, and in its fold.
    func offset(atWall wall: Int64) -> Int32 { offsets[Self.count(in: takeovers, upTo: wall)] }

    @inline(__always)
    func span(atWall wall: Int64, near place: inout Int) -> OffsetSpan {
        place = index(atWall: wall, near: place)
        let index = place
        let offset = offsets[index]
        let start = index > 0 ? takeovers[index - 1] : .min
        guard index < times.count else { return OffsetSpan(offset: offset, start: start, end: .max, gapEnd: .max) }
        let end = takeovers[index]
        let (shown, overflow) = times[index].addingReportingOverflow(Int64(offset))
        let gapBegin = overflow ? end : min(max(shown, start), end)
        return OffsetSpan(offset: offset, start: start, end: gapBegin, gapEnd: end)
    }

    /// How many takeovers are at or before `wall`: `place` or one of the few after it, or searched for.
    @inline(__always)
    private func index(atWall wall: Int64, near place: Int) -> Int {
        let count = takeovers.count
        if (0...count).contains(place), place == 0 || takeovers[place - 1] <= wall {
            for index in place..<min(place + 4, count) where wall < takeovers[index] { return index }
            if place == count { return place }
        }
        return Self.count(in: takeovers, upTo: wall)
    }

    /// Exact for any table: every offset that holds within two days is tried.
    func resolve(_ wall: Int64) -> LocalTime {
        let first = Self.count(in: times, upTo: wall.saturatingSubtracting(172_800))
        let last = Self.count(in: times, upTo: wall.addingReportingOverflow(172_800).partialValue)
        var fits: [Int64] = []
        for index in first...max(first, last) {
            let (instant, overflow) = wall.subtractingReportingOverflow(Int64(offsets[index]))
            guard !overflow, offset(at: instant) == offsets[index], !fits.contains(instant) else { continue }
            fits.append(instant)
        }
        guard let earlier = fits.min(), let later = fits.max() else {
            return .gap(offsetBefore: offset(atWall: wall))
        }
        return earlier == later
            ? .unique(Instant(seconds: earlier))
            : .fold(earlier: Instant(seconds: earlier), later: Instant(seconds: later))
    }

    /// How many of `sorted` are at or before `value`.
    private static func count(in sorted: [Int64], upTo value: Int64) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] <= value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
