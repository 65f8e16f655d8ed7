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

    /// One level: which placements may come here, and how far they have been tried.
    private struct Level {
        var options: [SequenceAnswer.Placement]
        var next = 0
    }

    init(query: SequenceQuery, candidates: [[AvailabilityAnswer.Entry]]) {
        (self.query, self.candidates) = (query, candidates)
    }

    mutating func run() {
        var placed: [SequenceAnswer.Placement] = []
        var levels = [Level(options: options(after: placed))]
        while let level = levels.last {
            guard solutions.count < query.maxResults, !isTruncated else { return }
            guard level.next < level.options.count else {
                levels.removeLast()
                placed = Array(placed.dropLast())
                continue
            }
            levels[levels.count - 1].next += 1
            work += 1
            if work > SequenceEngine.workLimit { isTruncated = true }
            let placement = level.options[level.next]
            if placed.count + 1 == query.steps.count {
                solutions.append(placed + [placement])
            } else {
                placed.append(placement)
                levels.append(Level(options: options(after: placed)))
            }
        }
    }

    /// What may come next: a step of the lowest ordinal that is left, at a distance both neighbours accept.
    private func options(after placed: [SequenceAnswer.Placement]) -> [SequenceAnswer.Placement] {
        let used = Set(placed.map(\.step))
        let left = query.steps.indices.filter { !used.contains($0) }
        let ordinals = left.compactMap { query.steps[$0].ordinal }
        let lowest = ordinals.min()
        return left.filter { query.steps[$0].ordinal == nil || query.steps[$0].ordinal == lowest }
            .flatMap { step in fitting(step, after: placed.last) }
            .sorted { ($0.period.start, $0.step) < ($1.period.start, $1.step) }
    }

    private func fitting(_ step: Int, after last: SequenceAnswer.Placement?) -> [SequenceAnswer.Placement] {
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
        return entries[low...].prefix { $0.period.start.seconds <= latest }
            .map { SequenceAnswer.Placement(step: step, period: $0.period, participants: $0.participants) }
    }
}
