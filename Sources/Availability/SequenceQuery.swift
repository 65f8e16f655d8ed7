public import CivilTime

/// When several meetings can follow one another.
public struct SequenceQuery: Hashable, Sendable {
    public struct Step: Hashable, Sendable {
        /// Steps with a lower ordinal come first; those with the same, or none, in any order.
        public var ordinal: Int?
        public var groups: [AvailabilityQuery.Group]
        public var duration: Int64
        public var startInterval: Int64?
        /// Free time around the step, and the least and most distance to the neighbouring step, in seconds.
        public var before = Gap()
        public var after = Gap()
        /// Nil: the question's.
        public var windows: [Period]?
        public init(groups: [AvailabilityQuery.Group], duration: Int64) {
            (self.groups, self.duration) = (groups, duration)
        }
    }

    public struct Gap: Hashable, Sendable {
        public var minimum: Int64 = 0
        public var maximum: Int64?
        public init(minimum: Int64 = 0, maximum: Int64? = nil) { (self.minimum, self.maximum) = (minimum, maximum) }
    }

    public var members: [AvailabilityQuery.Member]
    public var steps: [Step]
    public var windows: [Period]
    public var maxResults: Int

    public init(members: [AvailabilityQuery.Member], steps: [Step], windows: [Period], maxResults: Int = 64) {
        (self.members, self.steps, self.windows, self.maxResults) = (members, steps, windows, maxResults)
    }
}

/// Complete solutions, earliest first.
public struct SequenceAnswer: Hashable, Sendable {
    public struct Placement: Hashable, Sendable {
        /// Index into the question's steps.
        public var step: Int
        public var period: Period
        public var participants: [Int]
    }
    /// Each in chronological order.
    public var solutions: [[Placement]]
    /// The search was ended by its bound on work; there may be more.
    public var isTruncated: Bool
}

/// Searches by placing one step after another, earliest first, and going back where nothing fits.
public struct SequenceEngine: Sendable {
    private let query: SequenceQuery
    /// Per step, every start at which its groups are satisfied, ascending.
    private let candidates: [[AvailabilityAnswer.Entry]]

    /// Placements tried before the search ends.
    public static let workLimit = 200_000

    public init(_ query: SequenceQuery, limits: QueryLimits = .init()) throws(AvailabilityQueryError) {
        self.query = query
        var candidates: [[AvailabilityAnswer.Entry]] = []
        for step in query.steps {
            let windows = step.windows.map { Self.common(query.windows, $0) } ?? query.windows
            var question = AvailabilityQuery(
                members: query.members, groups: step.groups, duration: step.duration, windows: .periods(windows),
                format: .overlappingSlots, maxResults: limits.slots)
            question.startInterval = step.startInterval
            (question.bufferBefore, question.bufferAfter) = (step.before.minimum, step.after.minimum)
            candidates.append(try AvailabilityEngine(question, limits: limits).answer().entries)
        }
        self.candidates = candidates
    }

    private static func common(_ left: [Period], _ right: [Period]) -> [Period] {
        Span.intersection(Span.ordered(left), Span.ordered(right)).compactMap {
            Period(from: Instant(seconds: $0.start), to: Instant(seconds: $0.end))
        }
    }

    public func answer() -> SequenceAnswer {
        var search = Search(query: query, candidates: candidates)
        guard !query.steps.isEmpty else { return SequenceAnswer(solutions: [], isTruncated: false) }
        search.run()
        let solutions = search.solutions.sorted { left, right in
            left.lazy.map(\.period.start.seconds).lexicographicallyPrecedes(right.lazy.map(\.period.start.seconds))
        }
        return SequenceAnswer(solutions: solutions, isTruncated: search.isTruncated)
    }
}

/// Depth-first over the steps with a stack of its own; the depth is the number of steps.
private struct Search {
    let query: SequenceQuery
    let candidates: [[AvailabilityAnswer.Entry]]
    var solutions: [[SequenceAnswer.Placement]] = []
    var isTruncated = false
    private var work = 0

    /// One level: for each step that may come here, the candidates that have not been tried. None is made before its turn,
    /// so that the work is that of the placements tried.
    private struct Level {
        var fronts: [Front]
    }

    private struct Front {
        let step: Int
        var next: Int
        /// Starts after it are too far from the step before.
        let latest: Int64
    }

    init(query: SequenceQuery, candidates: [[AvailabilityAnswer.Entry]]) {
        (self.query, self.candidates) = (query, candidates)
    }

    mutating func run() {
        var placed: [SequenceAnswer.Placement] = []
        var levels = [level(after: placed)]
        while !levels.isEmpty {
            guard solutions.count < query.maxResults, !isTruncated else { return }
            guard let placement = take(from: &levels[levels.count - 1]) else {
                levels.removeLast()
                placed = Array(placed.dropLast())
                continue
            }
            work += 1
            if work > SequenceEngine.workLimit { isTruncated = true }
            if placed.count + 1 == query.steps.count {
                solutions.append(placed + [placement])
            } else {
                placed.append(placement)
                levels.append(level(after: placed))
            }
        }
    }

    /// The earliest candidate that is left; nil at the end.
    private func take(from level: inout Level) -> SequenceAnswer.Placement? {
        var best: (front: Int, start: Int64)?
        for (index, front) in level.fronts.enumerated() where front.next < candidates[front.step].count {
            let start = candidates[front.step][front.next].period.start.seconds
            if start <= front.latest, best.map({ start < $0.start }) ?? true { best = (index, start) }
        }
        guard let best else { return nil }
        let front = level.fronts[best.front]
        level.fronts[best.front].next += 1
        let entry = candidates[front.step][front.next]
        return SequenceAnswer.Placement(step: front.step, period: entry.period, participants: entry.participants)
    }

    /// What may come next: a step of the lowest ordinal that is left, at a distance both neighbours accept.
    private func level(after placed: [SequenceAnswer.Placement]) -> Level {
        let used = Set(placed.map(\.step))
        let left = query.steps.indices.filter { !used.contains($0) }
        let lowest = left.compactMap { query.steps[$0].ordinal }.min()
        return Level(
            fronts: left.filter { query.steps[$0].ordinal == nil || query.steps[$0].ordinal == lowest }
                .map { front($0, after: placed.last) })
    }

    private func front(_ step: Int, after last: SequenceAnswer.Placement?) -> Front {
        var (earliest, latest) = (Int64.min, Int64.max)
        if let last {
            let (gap, own) = (query.steps[last.step].after, query.steps[step].before)
            let end = last.period.end.seconds
            earliest = end + max(gap.minimum, own.minimum)
            if let most = [gap.maximum, own.maximum].compactMap({ $0 }).min() { latest = end + most }
        }
        let entries = candidates[step]
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].period.start.seconds < earliest { low = middle + 1 } else { high = middle }
        }
        return Front(step: step, next: low, latest: latest)
    }
}
