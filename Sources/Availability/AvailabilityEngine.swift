public import CivilTime

/// Answers one question. `starts` gives times alone and is the fastest; `answer` names who is free; `refusals` says why
/// a time is missing.
public struct AvailabilityEngine: Sendable {
    let query: AvailabilityQuery
    let windows: [Span]
    let grid: StartGrid
    let settings: MemberSettings

    /// - Throws: the first thing that cannot be asked.
    public init(_ query: AvailabilityQuery, limits: QueryLimits = .init()) throws(AvailabilityQueryError) {
        let settings = MemberSettings(query)
        try query.validate(limits, settings)
        (self.query, self.settings) = (query, settings)
        switch query.windows {
        case .periods(let periods):
            windows = Span.ordered(periods)
            grid = .even(step: query.startInterval ?? BusyCells.fine)
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
        let search = StartSearch(query, grid, settings)
        for chunk in search.chunks(windows) where starts.count < query.maxResults {
            let found = list(search, chunk, &earliest, most: query.maxResults - starts.count)
            if starts.isEmpty { starts = found } else { starts += found }
        }
        return starts
    }

    /// The times at which the meeting can be, each with everybody who is free.
    public func answer() -> AvailabilityAnswer {
        guard query.format != .periods else {
            return AvailabilityAnswer(entries: needsEverybody ? commonPeriods() : PeriodSearch(self).entries())
        }
        var (entries, earliest) = ([AvailabilityAnswer.Entry](), Int64.min)
        let search = StartSearch(query, grid, settings)
        for chunk in search.chunks(windows) where entries.count < query.maxResults {
            let first = entries.count
            let starts = list(search, chunk, &earliest, most: query.maxResults - first)
            entries += starts.compactMap { period($0.seconds).map { .init(period: $0, participants: []) } }
            name(search, chunk, starts.map { search.index(of: $0.seconds, in: chunk) }, &entries, from: first)
        }
        return AvailabilityAnswer(entries: entries)
    }

    /// Whether every group needs all of its members.
    private var needsEverybody: Bool { query.groups.allSatisfy { $0.needed == $0.members.count } }

    /// Where everybody is needed: what is left of the windows as one after the other takes their busy time out of them.
    private func commonPeriods() -> [AvailabilityAnswer.Entry] {
        let everybody = asked
        var common = windows
        for index in everybody where !common.isEmpty {
            let member = query.members[index]
            if let open = settings.open[index] { common = Span.intersection(common, open) }
            common = member.busy.free(
                in: common, before: member.bufferBefore ?? query.bufferBefore,
                after: member.bufferAfter ?? query.bufferAfter)
        }
        return common.lazy.filter { $0.end - $0.start >= query.duration }.prefix(query.maxResults).compactMap { span in
            Period(from: Instant(seconds: span.start), to: Instant(seconds: span.end)).map {
                .init(period: $0, participants: everybody)
            }
        }
    }

    func period(_ start: Int64) -> Period? {
        Period(from: Instant(seconds: start), to: Instant(seconds: start + query.duration))
    }

    /// The starts of a chunk, at most so many; slots keep clear of the one before.
    private func list(
        _ search: StartSearch, _ chunk: StartChunk, _ earliest: inout Int64, most: Int
    ) -> [Instant] {
        let isApart = query.format == .slots && !query.windows.areStarts
        let (words, cell) = (search.starts(in: chunk).words, search.cell)
        let most = min(most, words.reduce(0) { $0 + $1.nonzeroBitCount })
        // Appending one by one would take longer than finding them.
        return [Instant](unsafeUninitializedCapacity: most) { buffer, count in
            var (found, next) = (0, earliest)
            for word in words.indices where words[word] != 0 {
                var rest = words[word]
                let base = search.time(chunk.base + word << 6)
                if let cell, !isApart, most - found >= 64 {
                    // Nothing to ask but which bits are set.
                    var place = found
                    if rest == .max {
                        for bit in 0..<64 {
                            buffer.initializeElement(at: found + bit, to: Instant(seconds: base + Int64(bit) * cell))
                        }
                        place += 64
                    } else {
                        while rest != 0 {
                            let start = base + Int64(rest.trailingZeroBitCount) * cell
                            buffer.initializeElement(at: place, to: Instant(seconds: start))
                            rest &= rest - 1
                            place += 1
                        }
                    }
                    found = place
                    continue
                }
                while rest != 0, found < most {
                    let start = search.time(chunk.base + word << 6 + rest.trailingZeroBitCount)
                    rest &= rest - 1
                    if isApart {
                        guard start >= next else { continue }
                        next = start + query.duration
                    }
                    buffer.initializeElement(at: found, to: Instant(seconds: start))
                    found += 1
                }
            }
            (count, earliest) = (found, next)
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
