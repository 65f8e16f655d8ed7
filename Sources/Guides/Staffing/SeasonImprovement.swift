import Trips

/// Makes a plan better by small changes at random, at first also for the worse (simulated annealing). The seed decides
/// every choice, so that a plan can be had again.
struct SeasonImprovement {
    private(set) var best: SeasonState
    private var state: SeasonState
    private var numbers: SplitMix
    private var heat = 0.0

    /// - Parameters:
    ///   - bound: where it is reached nothing is left to do.
    ///   - goesOn: asked every so many steps with the share that is done; false ends it with the best so far.
    init(
        _ start: SeasonState, seed: UInt64, steps: Int, bound: SeasonObjective, goesOn: (Double) -> Bool
    ) {
        (best, state, numbers) = (start, start, SplitMix(state: seed))
        guard !start.places.isEmpty else { return }
        for step in 0..<max(steps, 0) {
            guard bound < best.objective else { return }
            if step % 1024 == 0, !goesOn(Double(step) / Double(steps)) { return }
            // From about a day's worth of unevenness down to none.
            heat = 12 * (1 - Double(step) / Double(steps)) * (1 - Double(step) / Double(steps))
            switch numbers.next() % 8 {
            case 0...3: transfer()
            case 4...6: swap()
            default: takeOpenPlace()
            }
            if state.objective < best.objective { best = state }
        }
    }

    private mutating func one<Element>(of all: [Element]) -> Element {
        all[Int(numbers.next() % UInt64(all.count))]
    }

    /// Whether a change from `before` stays: always for the better, sometimes for the worse, never with a place less.
    private mutating func keeps(_ before: SeasonObjective) -> Bool {
        guard state.objective.filled >= before.filled else { return false }
        guard state.objective.filled == before.filled else { return true }
        let worse = Double(state.objective.days - before.days) + Double(state.objective.nights - before.nights) / 64
        guard worse > 0 else { return true }
        // 1 / (1 + x + x²…) falls as steeply as is needed; a polynomial is the same on every machine, an exponential is not.
        let ratio = worse / max(heat, 0.001)
        return Double(numbers.next() >> 11) / Double(1 << 53) < 1 / (1 + ratio + ratio * ratio * ratio * ratio)
    }

    /// One place to somebody else.
    private mutating func transfer() {
        let place = one(of: state.places)
        guard let from = state.guideOf[place] else { return }
        let to = one(of: state.problem.eligible[place])
        guard to != from, state.can(to, take: place) else { return }
        let before = state.objective
        state.release(place)
        state.assign(place, to: to)
        guard !keeps(before) else { return }
        state.release(place)
        state.assign(place, to: from)
    }

    /// Two guides change places.
    private mutating func swap() {
        let (one, other) = (one(of: state.places), one(of: state.places))
        guard let first = state.guideOf[one], let second = state.guideOf[other], first != second,
            state.isEligible(second, for: one), state.isEligible(first, for: other)
        else { return }
        let before = state.objective
        state.release(one)
        state.release(other)
        if state.can(second, take: one), state.can(first, take: other) {
            state.assign(one, to: second)
            state.assign(other, to: first)
            if keeps(before) { return }
            state.release(one)
            state.release(other)
        }
        state.assign(one, to: first)
        state.assign(other, to: second)
    }

    /// An open place is filled; where one place is in the way, that one is opened instead, and gets its turn.
    private mutating func takeOpenPlace() {
        guard state.objective.filled < state.places.count else { return transfer() }
        let open = state.places.filter { state.guideOf[$0] == nil }
        let place = one(of: open)
        let guide = one(of: state.problem.eligible[place])
        let others = state.inTheWay(of: place, at: guide)
        guard others.count <= 1 else { return }
        let before = state.objective
        for other in others { state.release(other) }
        if state.can(guide, take: place) {
            state.assign(place, to: guide)
            if keeps(before) { return }
            state.release(place)
        }
        for other in others { state.assign(other, to: guide) }
    }
}

/// Numbers that a seed decides (SplitMix64), the same on every machine.
struct SplitMix {
    var state: UInt64

    /// Wraps by design: it works modulo 2⁶⁴.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15  // wraps
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9  // wraps
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB  // wraps
        return mixed ^ (mixed >> 31)
    }
}
