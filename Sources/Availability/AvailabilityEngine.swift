public import CivilTime

/// Answers one question. `starts` gives times alone and is the fastest; `answer` names who is free; `refusals` says why
/// a time is missing.
public struct AvailabilityEngine: Sendable {
    let query: AvailabilityQuery
    let windows: [Span]
    let grid: StartGrid
    /// Per member that has open hours, those in order.
    let open: [Int: [Span]]

    /// - Throws: the first thing that cannot be asked.
    public init(_ query: AvailabilityQuery, limits: QueryLimits = .init()) throws(AvailabilityQueryError) {
        try query.validate(limits)
        self.query = query
        var open: [Int: [Span]] = [:]
        for (index, member) in query.members.enumerated() {
            if let periods = member.open { open[index] = Span.ordered(periods) }
        }
        self.open = open
        switch query.windows {
        case .periods(let periods):
            windows = Span.ordered(periods)
            grid = .even(step: query.startInterval ?? BusyCells.seconds)
        case .slots(let starts):
            let times = Set(starts.map(\.seconds)).sorted()
            grid = .listed(times)
            // Chosen starts need no window: theirs is as wide as they are.
            windows =
                times.first.flatMap { first in
                    times.last.map { [Span(start: first, end: $0 + query.duration)] }
                } ?? []
        }
    }

    /// The times at which the meeting can begin, ascending; of `periods` the beginnings. What `answer` lists, without
    /// who is free then.
    public func starts() -> [Instant] {
        if query.format == .periods { return answer().entries.map(\.period.start) }
        var (starts, earliest) = ([Instant](), Int64.min)
        let search = StartSearch(query, grid, open: open)
        for chunk in search.chunks(windows) where starts.count < query.maxResults {
            list(search, chunk, &earliest) {
                starts.append(Instant(seconds: $0))
                return starts.count < query.maxResults
            }
        }
        return starts
    }

    /// The times at which the meeting can be, each with everybody who is free.
    public func answer() -> AvailabilityAnswer {
        guard query.format != .periods else {
            return AvailabilityAnswer(entries: PeriodSearch(self).entries())
        }
        var (entries, earliest) = ([AvailabilityAnswer.Entry](), Int64.min)
        let search = StartSearch(query, grid, open: open)
        for chunk in search.chunks(windows) where entries.count < query.maxResults {
            let first = entries.count
            var indices: [Int] = []
            list(search, chunk, &earliest) { start in
                guard let period = period(start) else { return true }
                entries.append(.init(period: period, participants: []))
                indices.append(search.index(of: start, in: chunk))
                return entries.count < query.maxResults
            }
            name(search, chunk, indices, &entries, from: first)
        }
        return AvailabilityAnswer(entries: entries)
    }

    func period(_ start: Int64) -> Period? {
        Period(from: Instant(seconds: start), to: Instant(seconds: start + query.duration))
    }

    /// Hands over the starts of a chunk until `take` wants no more; slots keep clear of the one before.
    private func list(
        _ search: StartSearch, _ chunk: StartChunk, _ earliest: inout Int64, _ take: (Int64) -> Bool
    ) {
        let isApart = query.format == .slots && !query.windows.areStarts
        let mask = search.starts(in: chunk)
        for (index, bits) in mask.words.enumerated() where bits != 0 {
            var rest = bits
            while rest != 0 {
                let start = search.time(chunk.base + index << 6 + rest.trailingZeroBitCount)
                rest &= rest - 1
                if isApart {
                    guard start >= earliest else { continue }
                    earliest = start + query.duration
                }
                guard take(start) else { return }
            }
        }
    }

    /// Puts every member who is free into the entries, member by member, since each one's mask is made once.
    private func name(
        _ search: StartSearch, _ chunk: StartChunk, _ indices: [Int], _ entries: inout [AvailabilityAnswer.Entry],
        from first: Int
    ) {
        guard !indices.isEmpty else { return }
        var mask = StartMask(wordCount: chunk.wordCount)
        for member in asked {
            search.suit(member, chunk, &mask)
            for (offset, index) in indices.enumerated() where mask.contains(index) {
                entries[first + offset].participants.append(member)
            }
        }
    }

    /// Who stands in a group, ascending; the others are asked for nothing.
    var asked: [Int] {
        var isAsked = Array(repeating: false, count: query.members.count)
        for group in query.groups { for member in group.members { isAsked[member] = true } }
        return isAsked.indices.filter { isAsked[$0] }
    }
}

extension AvailabilityQuery.Windows {
    var areStarts: Bool { if case .slots = self { true } else { false } }
}
