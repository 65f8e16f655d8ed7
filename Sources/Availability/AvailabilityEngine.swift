public import CivilTime

/// Answers one question. Listing and explaining ask the same `isFree` of the same free spans, so they cannot disagree.
public struct AvailabilityEngine: Sendable {
    private let query: AvailabilityQuery
    private let windows: [Span]
    /// Per member, where a meeting may lie whole.
    private let free: [[Span]]
    private let isAsked: [Bool]

    public init(_ query: AvailabilityQuery, limits: QueryLimits = .init()) throws(AvailabilityQueryError) {
        try query.validate(limits)
        self.query = query
        let windows = Self.windows(of: query)
        self.windows = windows
        var isAsked = Array(repeating: false, count: query.members.count)
        for group in query.groups { for member in group.members { isAsked[member] = true } }
        self.isAsked = isAsked
        free = query.members.enumerated().map { index, member in
            // Who stands in no group is asked for nothing.
            guard isAsked[index] else { return [] }
            let open = member.open.map { Span.intersection(windows, Span.ordered($0)) } ?? windows
            return member.busy.free(
                in: open, before: member.bufferBefore ?? query.bufferBefore,
                after: member.bufferAfter ?? query.bufferAfter)
        }
    }

    private static func windows(of query: AvailabilityQuery) -> [Span] {
        switch query.windows {
        case .periods(let periods): return Span.ordered(periods)
        case .slots(let starts):
            let periods = starts.compactMap { start in
                start.advanced(bySeconds: query.duration).flatMap { Period(from: start, to: $0) }
            }
            return Span.ordered(periods)
        }
    }

    public func answer() -> AvailabilityAnswer {
        switch (query.windows, query.format) {
        case (.slots(let starts), _): AvailabilityAnswer(entries: chosen(starts))
        case (.periods, .periods): AvailabilityAnswer(entries: periods())
        case (.periods, .slots): AvailabilityAnswer(entries: slots(overlapping: false))
        case (.periods, .overlappingSlots): AvailabilityAnswer(entries: slots(overlapping: true))
        }
    }

    // MARK: Slots

    private func chosen(_ starts: [Instant]) -> [AvailabilityAnswer.Entry] {
        var cursors = Cursors(count: free.count)
        var entries: [AvailabilityAnswer.Entry] = []
        for start in Set(starts).sorted() where entries.count < query.maxResults {
            if let entry = entry(at: start.seconds, &cursors) { entries.append(entry) }
        }
        return entries
    }

    private func slots(overlapping: Bool) -> [AvailabilityAnswer.Entry] {
        var cursors = Cursors(count: free.count)
        var entries: [AvailabilityAnswer.Entry] = []
        for window in windows {
            var start = firstStart(in: window)
            while start + query.duration <= window.end, entries.count < query.maxResults {
                if let entry = entry(at: start, &cursors) {
                    entries.append(entry)
                    start = overlapping ? start + step : nextStart(from: start + query.duration)
                } else if let interval = query.startInterval {
                    start += interval
                } else {
                    start = overlapping ? start + step : nextChange(after: start, in: window)
                }
            }
        }
        return entries
    }

    private var step: Int64 { query.startInterval ?? 300 }

    private func firstStart(in window: Span) -> Int64 { nextStart(from: window.start) }

    /// The first point of the grid at or after `time`: multiples of the interval since midnight UTC.
    private func nextStart(from time: Int64) -> Int64 {
        let interval = step
        let sinceMidnight = time - Self.floor(time, 86_400)
        let rounded = Self.floor(sinceMidnight + interval - 1, interval)
        guard 86_400 % interval != 0, rounded > 86_400 else { return time - sinceMidnight + rounded }
        // The grid begins anew each day.
        return time - sinceMidnight + 86_400
    }

    /// Without an interval slots begin where somebody becomes free, rounded up to five minutes.
    private func nextChange(after time: Int64, in window: Span) -> Int64 {
        var next = window.end
        for spans in free {
            var (low, high) = (0, spans.count)
            while low < high {
                let middle = (low + high) / 2
                if spans[middle].start > time { high = middle } else { low = middle + 1 }
            }
            if low < spans.count { next = min(next, spans[low].start) }
        }
        return max(nextStart(from: next), time + 300)
    }

    private static func floor(_ value: Int64, _ divisor: Int64) -> Int64 {
        let remainder = value % divisor
        return value - (remainder < 0 ? remainder + divisor : remainder)
    }

    /// The slot at `start`, where every group is satisfied.
    private func entry(at start: Int64, _ cursors: inout Cursors) -> AvailabilityAnswer.Entry? {
        let span = Span(start: start, end: start + query.duration)
        for group in query.groups {
            var (count, left) = (0, group.members.count)
            for member in group.members {
                if cursors.isFree(member, span, free[member]) { count += 1 }
                left -= 1
                if count + left < group.needed { return nil }
            }
        }
        let participants = query.members.indices.filter { cursors.isFree($0, span, free[$0]) }
        return Self.entry(span, participants)
    }

    private static func entry(_ span: Span, _ participants: [Int]) -> AvailabilityAnswer.Entry? {
        Period(from: Instant(seconds: span.start), to: Instant(seconds: span.end))
            .map { AvailabilityAnswer.Entry(period: $0, participants: participants) }
    }

    // MARK: Periods

    /// Every stretch that cannot be made longer without losing a member: it begins where one of its members becomes free
    /// and ends where one stops being so.
    private func periods() -> [AvailabilityAnswer.Entry] {
        var entries: [AvailabilityAnswer.Entry] = []
        for start in Set(free.flatMap { $0.map(\.start) }).sorted() {
            guard entries.count < query.maxResults else { break }
            entries += stretches(from: start)
        }
        return Array(entries.prefix(query.maxResults))
    }

    private func stretches(from start: Int64) -> [AvailabilityAnswer.Entry] {
        // Members free at `start`, with where their stretch began and ends.
        var present: [(member: Int, span: Span)] = []
        for (member, spans) in free.enumerated() {
            if let span = Self.span(holding: start, in: spans) { present.append((member, span)) }
        }
        var entries: [AvailabilityAnswer.Entry] = []
        for end in Set(present.map(\.span.end)).sorted() where end - start >= query.duration {
            let staying = present.filter { $0.span.end >= end }
            // Where all of them were free before, a longer stretch says the same.
            guard staying.contains(where: { $0.span.start == start }) else { continue }
            let members = Set(staying.map(\.member))
            guard query.groups.allSatisfy({ group in group.members.filter(members.contains).count >= group.needed })
            else { continue }
            if let entry = Self.entry(Span(start: start, end: end), staying.map(\.member)) { entries.append(entry) }
        }
        return entries
    }

    private static func span(holding time: Int64, in spans: [Span]) -> Span? {
        var (low, high) = (0, spans.count)
        while low < high {
            let middle = (low + high) / 2
            if spans[middle].end <= time { low = middle + 1 } else { high = middle }
        }
        return low < spans.count && spans[low].start <= time ? spans[low] : nil
    }

    // MARK: Why not

    /// Everything that keeps a meeting from `start`; empty where it can be. A start that can be may still be missing from
    /// a list: off its grid, behind an earlier slot, or beyond its length; those are told too.
    public func refusals(at start: Instant) -> [Refusal] {
        let end = start.seconds.addingReportingOverflow(query.duration)
        guard !end.overflow else { return [.outsideWindows] }
        let span = Span(start: start.seconds, end: end.partialValue)
        guard windows.contains(where: { $0.start <= span.start && span.end <= $0.end }) else {
            return [.outsideWindows]
        }
        var cursors = Cursors(count: free.count)
        var refusals: [Refusal] = []
        for (index, group) in query.groups.enumerated() {
            let missing = group.members.filter { !cursors.isFree($0, span, free[$0]) }
            let available = group.members.count - missing.count
            guard available < group.needed else { continue }
            refusals.append(.groupShort(group: index, available: available, needed: group.needed))
            for member in missing { refusals += reasons(member, span) }
        }
        return refusals.isEmpty ? listReasons(start) : refusals
    }

    private func reasons(_ member: Int, _ span: Span) -> [Refusal] {
        let person = query.members[member]
        let (before, after) = (person.bufferBefore ?? query.bufferBefore, person.bufferAfter ?? query.bufferAfter)
        var reasons: [Refusal] = []
        if let open = person.open, !Span.ordered(open).contains(where: { $0.start <= span.start && span.end <= $0.end })
        {
            reasons.append(.notOpen(member: member))
        }
        for piece in person.busy.blocking(span, before: before, after: after) {
            let touches = piece.start < span.end && piece.end > span.start
            reasons.append(touches ? .busy(member: member, tag: piece.tag) : .buffer(member: member, tag: piece.tag))
        }
        return reasons
    }

    private func listReasons(_ start: Instant) -> [Refusal] {
        guard query.format != .periods, case .periods = query.windows else { return [] }
        let listed = answer().entries
        if listed.contains(where: { $0.period.start == start }) { return [] }
        if nextStart(from: start.seconds) != start.seconds { return [.offGrid] }
        if let last = listed.last, listed.count == query.maxResults, start > last.period.start {
            return [.beyondMaxResults]
        }
        return [.overlapped]
    }
}

/// Why a start is not listed. The remedy stands with each.
public enum Refusal: Hashable, Sendable {
    /// Ask for a window that holds the whole meeting.
    case outsideWindows
    /// Have more members of the group free, or require fewer.
    case groupShort(group: Int, available: Int, needed: Int)
    /// Move the meeting or the event behind `tag`.
    case busy(member: Int, tag: Int32)
    /// Too near the event behind `tag`: shorten the buffer or move one of them.
    case buffer(member: Int, tag: Int32)
    /// Outside the member's open hours.
    case notOpen(member: Int)
    /// Begin on the grid of the start interval.
    case offGrid
    /// An earlier slot of the list covers it; ask for overlapping slots.
    case overlapped
    /// Ask for more results or a later window.
    case beyondMaxResults
}

/// Where the search stands in each member's free spans: starts ascend, so each span is passed once.
private struct Cursors {
    private var positions: [Int]

    init(count: Int) { positions = Array(repeating: 0, count: count) }

    mutating func isFree(_ member: Int, _ span: Span, _ free: [Span]) -> Bool {
        var position = positions[member]
        while position < free.count, free[position].end <= span.start { position += 1 }
        positions[member] = position
        return position < free.count && free[position].start <= span.start && span.end <= free[position].end
    }
}
