import CivilTime

/// The wall-clock times that a rule names from its start on, ascending, lazily, as seconds since 1970 on the wall.
@usableFromInline
struct RuleStream: Sendable {
    /// Days that are ready, bit n for n days after `base`; and of the current day the times not yet given.
    @usableFromInline var bits: UInt64 = 0
    @usableFromInline var base: Int64 = 0
    @usableFromInline var midnight: Int64 = 0
    @usableFromInline var times: [Int32]
    @usableFromInline var index: Int

    private var walk: PeriodWalk
    /// What COUNT leaves; nil where the rule has none.
    private var remaining: Int?
    /// The last wall time the rule may name, its end included.
    let last: Int64
    /// The last instant the rule may name. A time in a gap means one an hour later (RFC 5545 §3.3.5), which may be after
    /// it although the wall time is not.
    let lastInstant: Int64
    /// Nothing before it is given.
    private let bound: Int64
    /// Chunks that were split, last first.
    private var queue: [DayChunk] = []
    /// The times that are ready are a list of their own, not those of each day.
    private(set) var isListing = false
    private(set) var isFinished = false

    /// Gives nothing before `bound`. Without COUNT the rule is entered at the period that holds it.
    init(plan: RulePlan, count: Int?, last: Int64, bound: Int64) {
        walk = PeriodWalk(plan: plan)
        (remaining, self.last, self.bound) = (count, last, max(bound, plan.start))
        if case .untilUTC(let end) = plan.rule.end { lastInstant = end.seconds } else { lastInstant = .max }
        times = plan.times
        index = times.count
        let isSubdaily = plan.clock.step > 0
        if times.isEmpty && !isSubdaily { isFinished = true }
        if count == nil { walk.seek(day: self.bound.flooredDivision(by: 86_400)) }
    }

    /// The next time that is ready; nil where a chunk has ended.
    @inlinable
    mutating func take() -> Int64? {
        if index < times.count {
            let wall = midnight + Int64(times[index])
            index += 1
            return wall
        }
        guard bits != 0 else { return nil }
        midnight = base + Int64(bits.trailingZeroBitCount) * 86_400
        bits &= bits - 1
        index = 1
        return midnight + Int64(times[0])
    }

    /// Undoes the last `take` that gave a time.
    mutating func putBack() { index -= 1 }

    /// Keeps what is ready from `place` on for later.
    mutating func setAside(from place: Int) {
        guard place < times.count else { return }
        queue.append(DayChunk(base: midnight, bits: 0, times: Array(times[place...])))
        times.removeLast(times.count - place)
    }

    /// Nil at the end of the rule.
    mutating func next(budget: inout Int) throws(ExpansionError) -> Int64? {
        while true {
            if let wall = take() {
                guard wall <= last else { break }
                return wall
            }
            if isFinished { return nil }
            try fill(budget: &budget)
        }
        end()
        return nil
    }

    mutating func end() {
        (isFinished, bits, index, queue) = (true, 0, times.count, [])
        remaining = remaining.map { _ in 0 }
    }

    private mutating func fill(budget: inout Int) throws(ExpansionError) {
        if !queue.isEmpty { return set(queue.removeLast()) }
        guard remaining != 0, let chunk = try walk.next(until: last, budget: &budget) else { return end() }
        if chunk.base > bound {
            guard let left = remaining else { return set(chunk) }
            let size = size(of: chunk)
            if size <= left {
                remaining = left - size
                return set(chunk)
            }
        } else if let left = remaining, chunk.base > walk.plan.start, chunk.end < bound {
            // Counted, and before what was asked for.
            remaining = max(0, left - size(of: chunk))
            return
        }
        queue = limitToCount(cut(chunk, from: walk.plan.start)).flatMap { cut($0, from: bound) }.reversed()
    }

    private func size(of chunk: DayChunk) -> Int {
        chunk.times?.count ?? chunk.bits.nonzeroBitCount * walk.plan.times.count
    }

    private mutating func set(_ chunk: DayChunk) {
        (base, bits) = (chunk.base, chunk.bits)
        if let own = chunk.times {
            (times, midnight, index, isListing) = (own, base, 0, true)
            return
        }
        if isListing { (times, isListing) = (walk.plan.times, false) }
        index = times.count
    }

    /// The parts of a chunk at or after `wall`.
    private func cut(_ chunk: DayChunk, from wall: Int64) -> [DayChunk] {
        if let times = chunk.times {
            guard chunk.base < wall else { return [chunk] }
            return [DayChunk(base: chunk.base, bits: 0, times: times.filter { chunk.base + Int64($0) >= wall })]
        }
        let shift = (wall - chunk.base).flooredDivision(by: 86_400)
        guard shift >= 0 else { return [chunk] }
        guard shift < 64 else { return [] }
        let rest = DayChunk(base: chunk.base, bits: shift < 63 ? chunk.bits & .max << UInt64(shift + 1) : 0, times: nil)
        guard chunk.bits >> UInt64(shift) & 1 == 1 else { return [rest] }
        let midnight = chunk.base + shift * 86_400
        let day = DayChunk(
            base: midnight, bits: 0, times: walk.plan.times.filter { midnight + Int64($0) >= wall })
        return [day, rest]
    }

    /// Takes from COUNT what the chunks hold, and from the chunks what COUNT does not reach.
    private mutating func limitToCount(_ chunks: [DayChunk]) -> [DayChunk] {
        guard var left = remaining else { return chunks }
        var kept: [DayChunk] = []
        for chunk in chunks where left > 0 {
            kept += prefix(left, of: chunk)
            left = max(0, left - size(of: chunk))
        }
        remaining = left
        return kept
    }

    /// The first `count` times of a chunk.
    private func prefix(_ count: Int, of chunk: DayChunk) -> [DayChunk] {
        if let times = chunk.times {
            return [DayChunk(base: chunk.base, bits: 0, times: Array(times.prefix(count)))]
        }
        guard size(of: chunk) > count else { return [chunk] }
        let perDay = walk.plan.times.count
        var (whole, rest, left) = (UInt64(0), chunk.bits, count)
        while left >= perDay {
            whole |= rest & (~rest &+ 1)  // The lowest bit: two's complement.
            rest &= rest - 1
            left -= perDay
        }
        let midnight = chunk.base + Int64(rest.trailingZeroBitCount) * 86_400
        return [
            DayChunk(base: chunk.base, bits: whole, times: nil),
            DayChunk(base: midnight, bits: 0, times: Array(walk.plan.times.prefix(left))),
        ]
    }
}
