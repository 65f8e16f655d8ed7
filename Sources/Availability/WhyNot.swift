public import CivilTime

extension AvailabilityEngine {
    /// Everything that keeps the meeting from being listed at `start`; empty where it is. It is read from the busy times
    /// themselves, not from the search, so that a list and its reasons can be held against each other.
    public func refusals(at start: Instant) -> [Refusal] {
        let end = start.seconds.addingReportingOverflow(query.duration)
        guard !end.overflow else { return [.outsideWindows] }
        let span = Span(start: start.seconds, end: end.partialValue)
        guard query.windows.areStarts ? grid.contains(span.start) : span.isWithin(windows) else {
            return [.outsideWindows]
        }
        var refusals: [Refusal] = []
        for (index, group) in query.groups.enumerated() {
            let missing = group.members.map { ($0, reasons($0, span)) }.filter { !$0.1.isEmpty }
            let available = group.members.count - missing.count
            guard available < group.needed else { continue }
            refusals.append(.groupShort(group: index, available: available, needed: group.needed))
            for (_, reasons) in missing { refusals += reasons }
        }
        return refusals.isEmpty ? listReasons(span) : refusals
    }

    /// The listed starts nearest to `start`, before and after it: what to offer instead.
    public func nearest(to start: Instant) -> (before: Instant?, after: Instant?) {
        let starts = starts()
        let after = Self.index(of: start, in: starts)
        let isListed = after < starts.count && starts[after] == start
        let next = isListed ? after + 1 : after
        return (after > 0 ? starts[after - 1] : nil, next < starts.count ? starts[next] : nil)
    }

    private func reasons(_ member: Int, _ span: Span) -> [Refusal] {
        let person = query.members[member]
        var reasons: [Refusal] = []
        if let open = settings.open[member], !span.isWithin(open) { reasons.append(.notOpen(member: member)) }
        let (before, after) = (person.bufferBefore ?? query.bufferBefore, person.bufferAfter ?? query.bufferAfter)
        for piece in person.busy.blocking(span, before: before, after: after) {
            let touches = piece.start < span.end && piece.end > span.start
            reasons.append(touches ? .busy(member: member, tag: piece.tag) : .buffer(member: member, tag: piece.tag))
        }
        return reasons
    }

    /// What keeps a start at which everybody can off the list.
    private func listReasons(_ span: Span) -> [Refusal] {
        let start = Instant(seconds: span.start)
        if query.format == .periods {
            let isHeld = answer().entries.contains {
                $0.period.start <= start && $0.period.end.seconds >= span.end
            }
            return isHeld ? [] : [.beyondMaxResults]
        }
        guard grid.contains(span.start) else { return [.offGrid] }
        let starts = starts()
        let index = Self.index(of: start, in: starts)
        if index < starts.count, starts[index] == start { return [] }
        let isBeyond = index == starts.count && starts.count == query.maxResults
        // A start that the last slot covers stays covered, however many are asked for.
        let isCovered = query.format == .slots && index > 0 && starts[index - 1].seconds + query.duration > span.start
        return [isCovered || !isBeyond ? .overlapped : .beyondMaxResults]
    }

    private static func index(of start: Instant, in starts: [Instant]) -> Int {
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] < start { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
