public import CivilTime

/// The instants of a recurrence set, one after the other, ascending, each once. A value: copies go on apart.
///
/// Nothing is worked out before it is asked for, and the work is bounded by `ExpansionLimits`.
public struct RecurrenceCursor: Sendable {
    /// The first rule; where there are more, or dates and exceptions lie ahead, `settle` merges them.
    @usableFromInline var stream: RuleStream
    /// Wall times of the first rule before this one are read with `offset`, and nothing else is to be looked at.
    @usableFromInline var horizon: Int64 = .min
    @usableFromInline var offset: Int64 = 0
    /// No instant before it is named by a date, excluded, or beyond the window.
    private var fence: Int64 = .min
    /// How many more occurrences may be given.
    @usableFromInline var allowance: Int
    /// What the stream has ready are instants already, and `offset` is 0.
    private var isReadAhead = false

    private let set: RecurrenceSet
    private var others: [RuleStream] = []
    private var span: OffsetSpan
    /// Where the zone has the span.
    private var place = 0
    private var budget: Int
    private let from: Int64
    private let until: Int64
    /// DTSTART and RDATE values by instant; those from `nextDate` on are still to come.
    private var dates: [(instant: Int64, start: RecurrenceSet.Start)] = []
    private var nextDate = 0
    private var excluded: [Int64] = []
    private var nextExcluded = 0
    /// Times around a gap, where the order on the wall is not that of the instants.
    private var pending: [(instant: Int64, wall: Int64)] = []
    private var last: Int64?
    private var failure: ExpansionError?
    private var settled: Settled?

    private enum Settled {
        case wall(Int64)
        case date(RecurrenceSet.Start)
    }

    init(set: RecurrenceSet, from: Instant, until: Instant, limits: ExpansionLimits) {
        self.set = set
        (self.from, self.until) = (from.seconds, until.seconds)
        (budget, allowance) = (limits.candidates, limits.occurrences)
        if set.dates.count + set.exceptions.count > limits.dates { failure = .tooManyDates }
        let bound = Self.bound(from.seconds, zone: set.zone)
        let start = set.wallStart
        let lastAsked = Self.last(until.seconds)
        var streams: [RuleStream] = []
        for rule in set.rules where failure == nil {
            let plan = RulePlan(rule: rule, start: start, isOfDates: set.isOfDates)
            budget -= plan.times.count
            let last = min(set.lastWall(of: rule), lastAsked)
            var count: Int?
            if case .count(let number) = rule.end {
                count = number
                var first = RuleStream(plan: plan, count: nil, last: last, bound: start)
                do {
                    // DTSTART is an instance also where the rule does not name it, and counts (RFC 5545 §3.3.10).
                    if try first.next(budget: &budget) != start { count = number - 1 }
                } catch { failure = error }
            }
            streams.append(RuleStream(plan: plan, count: count, last: last, bound: bound))
        }
        if streams.isEmpty { streams.append(.none) }
        stream = streams.removeFirst()
        others = streams
        span = .always(0)
        if let zone = set.zone { span = zone.span(atWall: max(bound, start), near: &place) }
        offset = Int64(span.offset)
        if failure == nil { prepareDates() }
        setFence()
    }

    /// DTSTART with the dates, and the exceptions, as far as they can matter.
    private mutating func prepareDates() {
        dates = ([set.start] + set.dates).map { ($0.instant.seconds, $0) }.filter { $0.0 >= from && $0.0 < until }
        if dates.count > 1 { dates.sort { $0.instant < $1.instant } }
        excluded = set.exceptions.map(\.instant.seconds).filter { $0 >= from && $0 < until }
        if excluded.count > 1 { excluded.sort() }
    }

    /// A wall time at or before that of every instance at or after `from`.
    private static func bound(_ from: Int64, zone: Zone?) -> Int64 {
        guard let zone else { return from }
        let (day, overflow) = from.subtractingReportingOverflow(172_800)
        guard !overflow, day < .max - 400_000 else { return from < 0 ? .min : from }
        var place = 0
        let span = zone.span(atWall: day, near: &place)
        // Where one offset holds for days around, the bound is exact.
        return span.end.subtractingReportingOverflow(400_000).partialValue > day ? from + Int64(span.offset) : day
    }

    /// A wall time after that of every instance before `until`: a rule that never matches is followed no further.
    private static func last(_ until: Int64) -> Int64 {
        let (last, overflow) = until.addingReportingOverflow(172_800)
        return overflow ? .max : last
    }

    /// The next instant; nil at the end of the set or of the window.
    /// - Throws: where a limit was met. Asking again gives the same error.
    @inlinable
    public mutating func next() throws(ExpansionError) -> Instant? {
        guard let wall = stream.take() else { return try refill() }
        guard wall < horizon, allowance > 0 else { return try settle(taken: wall) }
        allowance -= 1
        return Instant(seconds: wall - offset)
    }

    /// The next start as the set spells it: in the zone of DTSTART, or as an RDATE gave it.
    public mutating func nextStart() throws(ExpansionError) -> RecurrenceSet.Start? {
        settled = nil
        guard let instant = try next() else { return nil }
        return switch settled {
        case .date(let start)?: start
        case .wall(let wall)?: set.value(at: wall)
        case nil: set.value(at: instant.seconds + (isReadAhead ? set.offset(at: instant) : offset))
        }
    }

    @usableFromInline
    mutating func refill() throws(ExpansionError) -> Instant? {
        if let failure { throw failure }
        if isReadAhead {
            isReadAhead = false
            useSpan()
        }
        do throws(ExpansionError) {
            guard var wall = try stream.next(budget: &budget) else { return try settle(taken: nil) }
            if let instant = readAhead() { wall = instant }
            guard wall < horizon, allowance > 0 else { return try settle(taken: wall) }
            allowance -= 1
            return Instant(seconds: wall - offset)
        } catch { throw fail(error) }
    }

    /// Turns the times of a list into instants where they stand, the one just taken first, as far as clock changes alone
    /// lie between. Gives that one; nil where nothing was turned.
    private mutating func readAhead() -> Int64? {
        guard stream.isListing, others.isEmpty, pending.isEmpty, nextDate == dates.count, let zone = set.zone
        else { return nil }
        let first = stream.index - 1
        let most = min(stream.times.count, first + allowance)
        var index = first
        while index < most {
            let wall = stream.midnight + Int64(stream.times[index])
            if wall >= span.end {
                guard wall >= span.gapEnd else { break }
                span = zone.span(atWall: wall, near: &place)
                guard wall < span.end else { break }
            }
            let instant = wall - Int64(span.offset)
            guard wall <= stream.last, instant >= from, instant < fence else { break }
            stream.times[index] -= span.offset
            index += 1
        }
        guard index > first else {
            (offset, horizon) = (Int64(span.offset), .min)
            return nil
        }
        stream.setAside(from: index)
        (isReadAhead, offset, horizon) = (true, 0, .max)
        return stream.midnight + Int64(stream.times[first])
    }

    private mutating func fail(_ error: ExpansionError) -> ExpansionError {
        (failure, horizon) = (error, .min)
        return error
    }

    // MARK: Where more than the next time of one rule decides

    /// `taken`: the stream's last time, where it is not given yet.
    @usableFromInline
    mutating func settle(taken: Int64?) throws(ExpansionError) -> Instant? {
        if let failure { throw failure }
        if let taken {
            if let instant = cross(to: taken) { return instant }
            stream.putBack()
        }
        do throws(ExpansionError) {
            while let (instant, source) = try candidate() {
                guard instant < until else { break }
                if instant < from || last == instant || isExcluded(instant) { continue }
                guard allowance > 0 else { throw .tooManyOccurrences }
                allowance -= 1
                (last, settled) = (instant, source)
                setHorizon()
                return Instant(seconds: instant)
            }
            horizon = .min
            return nil
        } catch { throw fail(error) }
    }

    /// The instant of `wall` where nothing but a clock change lies before it; otherwise nil.
    private mutating func cross(to wall: Int64) -> Instant? {
        guard wall >= span.gapEnd, let zone = set.zone, others.isEmpty, pending.isEmpty, nextDate == dates.count
        else { return nil }
        span = zone.span(atWall: wall, near: &place)
        useSpan()
        guard wall < horizon, allowance > 0, wall - offset >= from else { return nil }
        allowance -= 1
        return Instant(seconds: wall - offset)
    }

    private mutating func isExcluded(_ instant: Int64) -> Bool {
        while nextExcluded < excluded.count, excluded[nextExcluded] < instant { nextExcluded += 1 }
        return nextExcluded < excluded.count && excluded[nextExcluded] == instant
    }

    /// The earliest of what rules and dates name next, taken from where it stood.
    private mutating func candidate() throws(ExpansionError) -> (Int64, Settled)? {
        let own = try ruleCandidate()
        if nextDate < dates.count, own.map({ dates[nextDate].instant <= $0.instant }) ?? true {
            let date = dates[nextDate]
            nextDate += 1
            // Named twice, given once.
            if let own, own.instant == date.instant { try drop() }
            return (date.instant, .date(date.start))
        }
        guard let own else { return nil }
        try drop()
        return (own.instant, .wall(own.wall))
    }

    private mutating func drop() throws(ExpansionError) {
        if pending.isEmpty { _ = try takeWall() } else { pending.removeFirst() }
    }

    /// What the rules name next, left where it stands.
    private mutating func ruleCandidate() throws(ExpansionError) -> (instant: Int64, wall: Int64)? {
        if let first = pending.first { return first }
        guard let wall = try peekWall() else { return nil }
        if wall >= span.end, let zone = set.zone {
            if wall < span.gapEnd {
                try gather(zone)
                return try ruleCandidate()
            }
            span = zone.span(atWall: wall, near: &place)
            offset = Int64(span.offset)
            if wall >= span.end { return try ruleCandidate() }  // In a gap, once: the span holds its gap.
        }
        return (wall - offset, wall)
    }

    /// Takes all times up to where the gap's last one falls, and puts them in the order of their instants.
    private mutating func gather(_ zone: Zone) throws(ExpansionError) {
        let limit = span.gapEnd + (span.gapEnd - span.end)
        let first = set.start.instant.seconds
        while let wall = try peekWall(), wall < limit {
            _ = try takeWall()
            budget -= 1
            guard budget >= 0 else { throw .tooManyCandidates }
            var near = place
            let instant = wall - Int64(zone.span(atWall: wall, near: &near).offset)
            let end = takenFrom.map { others[$0].lastInstant } ?? stream.lastInstant
            // DTSTART is the first instance (RFC 5545 §3.8.2.4): where it was never shown, times after the gap may mean
            // earlier instants, which are none.
            if instant <= end, instant >= first { pending.append((instant, wall)) }
        }
        // Of two with one instant the wall time that was shown comes first.
        pending.sort { ($0.instant, -$0.wall) < ($1.instant, -$1.wall) }
    }

    private mutating func peekWall() throws(ExpansionError) -> Int64? {
        let wall = try takeWall()
        guard let wall else { return nil }
        if let other = takenFrom { others[other].putBack() } else { stream.putBack() }
        return wall
    }

    /// Which stream the last time came from; nil for the first.
    private var takenFrom: Int?

    private mutating func takeWall() throws(ExpansionError) -> Int64? {
        var least = try stream.next(budget: &budget)
        takenFrom = nil
        for index in others.indices {
            guard let wall = try others[index].next(budget: &budget) else { continue }
            guard least.map({ wall < $0 }) ?? true else {
                others[index].putBack()
                continue
            }
            if least != nil { if let taken = takenFrom { others[taken].putBack() } else { stream.putBack() } }
            (least, takenFrom) = (wall, index)
        }
        return least
    }

    /// How far the first rule may be followed without looking at anything else.
    private mutating func setHorizon() {
        guard pending.isEmpty, others.isEmpty else {
            horizon = .min
            return
        }
        setFence()
        horizon = reach
    }

    private mutating func setFence() {
        fence = until
        if nextDate < dates.count { fence = min(fence, dates[nextDate].instant) }
        while nextExcluded < excluded.count, excluded[nextExcluded] <= last ?? .min { nextExcluded += 1 }
        if nextExcluded < excluded.count { fence = min(fence, excluded[nextExcluded]) }
    }

    private mutating func useSpan() {
        offset = Int64(span.offset)
        horizon = reach
    }

    /// How far the first rule alone decides, in the span's wall time.
    private var reach: Int64 {
        let (wall, overflow) = fence.addingReportingOverflow(offset)
        let end = stream.last < .max ? min(span.end, stream.last + 1) : span.end
        return overflow ? end : min(end, wall)
    }
}

extension RuleStream {
    /// A rule that names nothing.
    static var none: RuleStream {
        var stream = RuleStream(
            plan: RulePlan(rule: RecurrenceRule(frequency: .daily), start: 0, isOfDates: true), count: 0, last: .min,
            bound: 0)
        stream.end()
        return stream
    }
}
