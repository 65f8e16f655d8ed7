import CivilTime

/// A stretch of the grid that is searched at once: small enough to stay in the processor's nearest memory.
struct StartChunk {
    /// The number of the start at bit 0; a multiple of 64 where cells are used.
    var base: Int
    var wordCount: Int
    /// Where a meeting would lie within the windows.
    var ranges: [Range<Int>]
    /// From the first start to the last end.
    var span: Span
}

/// Finds starts at which every group is satisfied, many at once: per member a mask of the starts that suit, and per group
/// what is common to all, to one, or to as many as are needed.
struct StartSearch {
    private let query: AvailabilityQuery
    private let grid: StartGrid
    /// The length of a cell where starts are numbered as cells, so that members' bits serve as they are; else nil.
    let cell: Int64?
    /// The interval in cells.
    private let stride: Int
    private let settings: MemberSettings

    init(_ query: AvailabilityQuery, _ grid: StartGrid, _ settings: MemberSettings) {
        (self.query, self.settings) = (query, settings)
        if case .even(let step) = grid, StartGrid.day % step == 0,
            step % BusyCells.fine == 0
        {
            let isCoarse = step % BusyCells.coarse == 0 && query.duration % BusyCells.coarse == 0 && settings.areCoarse
            let cell = isCoarse ? BusyCells.coarse : BusyCells.fine
            (self.grid, self.cell, stride) = (.even(step: cell), cell, Int(step / cell))
        } else {
            (self.grid, cell, stride) = (grid, nil, 1)
        }
    }

    func time(_ index: Int) -> Int64 { cell.map { Int64(index) * $0 } ?? grid.time(index) }

    /// The bit of a start of the grid.
    func index(of time: Int64, in chunk: StartChunk) -> Int {
        grid.indices(from: time, through: time).lowerBound - chunk.base
    }

    // MARK: Chunks

    private static let mostPoints = 16_384

    /// The starts of the windows, in order.
    func chunks(_ windows: [Span]) -> [StartChunk] {
        let margin = margins()
        var (chunks, pending) = ([StartChunk](), [Range<Int>]())
        func close() {
            guard let first = pending.first?.lowerBound, let last = pending.last?.upperBound else { return }
            let base = (first - margin.before) & ~63
            chunks.append(
                StartChunk(
                    base: base, wordCount: (last + margin.after - base + 63) >> 6, ranges: pending,
                    span: Span(start: grid.time(first), end: grid.time(last - 1) + query.duration)))
            pending = []
        }
        for window in windows {
            var rest = grid.indices(from: window.start, through: window.end - query.duration)
            while !rest.isEmpty {
                let from = pending.first?.lowerBound ?? rest.lowerBound
                guard rest.lowerBound - from < Self.mostPoints else {
                    close()
                    continue
                }
                let part = rest.lowerBound..<min(rest.upperBound, from + Self.mostPoints)
                pending.append(part)
                rest = part.upperBound..<rest.upperBound
            }
        }
        close()
        return chunks
    }

    /// The cells before and after a start that its meeting and buffers take, at most.
    private func margins() -> (before: Int, after: Int) {
        guard let cell else { return (0, 0) }
        return (Int(settings.mostBefore / cell) + 1, Int((query.duration + settings.mostAfter) / cell) + 1)
    }

    // MARK: Groups

    /// The starts of `chunk` at which every group is satisfied.
    func starts(in chunk: StartChunk) -> StartMask {
        var allowed = StartMask(wordCount: chunk.wordCount)
        for range in chunk.ranges { allowed.insert(range.lowerBound - chunk.base..<range.upperBound - chunk.base) }
        if stride > 1 { keepGrid(&allowed, chunk, stride) }
        for group in query.groups {
            let needed = group.needed
            if needed == group.members.count {
                keepCommon(&allowed, group.members, chunk)
            } else if needed == 1 {
                keepAny(&allowed, group.members, chunk)
            } else {
                var tally = StartTally(wordCount: chunk.wordCount, members: group.members.count)
                var mask = StartMask(wordCount: chunk.wordCount)
                for member in group.members {
                    suit(member, chunk, &mask)
                    tally.add(mask)
                }
                allowed.formIntersection(tally.atLeast(needed))
            }
        }
        return allowed
    }

    private func keepGrid(_ allowed: inout StartMask, _ chunk: StartChunk, _ stride: Int) {
        var pattern: UInt64 = 0
        for bit in Swift.stride(from: 0, to: 64, by: stride) { pattern |= 1 << UInt64(bit) }
        // Midnight is on the grid, and a day is a whole number of strides, so that the count can start at 1970.
        var phase = (stride - chunk.base % stride) % stride
        for word in allowed.words.indices {
            allowed.words[word] &= pattern << UInt64(phase)
            phase = (phase - 64 % stride + stride) % stride
        }
    }

    private func keepCommon(_ allowed: inout StartMask, _ members: [Int], _ chunk: StartChunk) {
        // Those of equal buffers and no open hours are one person: their busy bits are put together first.
        var together = StartMask(wordCount: chunk.wordCount)
        var hasTogether = false
        var mask = StartMask(wordCount: 0)
        for (count, member) in members.enumerated() {
            if query.members[member].hasNoSettings, let cells = cells(of: member) {
                hasTogether = true
                Self.addBusy(cells, chunk, to: &together)
                continue
            }
            if mask.words.isEmpty { mask = StartMask(wordCount: chunk.wordCount) }
            suit(member, chunk, &mask)
            allowed.formIntersection(mask)
            if count % 16 == 15, allowed.words.allSatisfy({ $0 == 0 }) { return }
        }
        guard hasTogether else { return }
        together.words.withUnsafeMutableBufferPointer { for index in $0.indices { $0[index] = ~$0[index] } }
        if let cell { widen(&together, query.bufferBefore, query.bufferAfter, cell) }
        allowed.formIntersection(together)
    }

    private func keepAny(_ allowed: inout StartMask, _ members: [Int], _ chunk: StartChunk) {
        var any = StartMask(wordCount: chunk.wordCount)
        var mask = any
        for (count, member) in members.enumerated() {
            suit(member, chunk, &mask)
            any.formUnion(mask)
            if count % 8 == 7, any.isSuperset(of: allowed) { return }
        }
        allowed.formIntersection(any)
    }

    // MARK: One member

    /// The bits of `member`, where they answer exactly.
    private func cells(of member: Int) -> BusyCells? {
        let (before, after) = buffers(of: member)
        guard let cell, query.duration % cell == 0, before % cell == 0, after % cell == 0 else { return nil }
        // A whole member is never copied: each of its arrays would be counted in and out.
        return cell == BusyCells.coarse ? query.members[member].busy.coarse : query.members[member].busy.fine
    }

    private func buffers(of member: Int) -> (before: Int64, after: Int64) {
        (
            query.members[member].bufferBefore ?? query.bufferBefore,
            query.members[member].bufferAfter ?? query.bufferAfter
        )
    }

    /// Sets `mask` to the starts that suit `member`.
    func suit(_ member: Int, _ chunk: StartChunk, _ mask: inout StartMask) {
        guard let cells = cells(of: member) else { return suitExactly(member, chunk, &mask) }
        Self.copyFree(cells, chunk, to: &mask)
        if let cell {
            let (before, after) = buffers(of: member)
            widen(&mask, before, after, cell)
        }
        guard let open = settings.open[member] else { return }
        var hours = StartMask(wordCount: chunk.wordCount)
        for span in Span.intersection(open, [chunk.span]) { insert(span, chunk, &hours) }
        mask.formIntersection(hours)
    }

    /// Any seconds: from the free stretches themselves.
    private func suitExactly(_ member: Int, _ chunk: StartChunk, _ mask: inout StartMask) {
        mask.fill(0)
        let open = settings.open[member].map { Span.intersection($0, [chunk.span]) } ?? [chunk.span]
        let (before, after) = buffers(of: member)
        for span in query.members[member].busy.free(in: open, before: before, after: after) {
            insert(span, chunk, &mask)
        }
    }

    /// The starts at which a meeting lies within `span`, itself within the chunk.
    private func insert(_ span: Span, _ chunk: StartChunk, _ mask: inout StartMask) {
        guard span.end - span.start >= query.duration else { return }
        let range = grid.indices(from: span.start, through: span.end - query.duration)
        guard !range.isEmpty else { return }
        mask.insert(range.lowerBound - chunk.base..<range.upperBound - chunk.base)
    }

    /// From free cells to starts: the cells of the meeting and of its buffers are free.
    private func widen(_ mask: inout StartMask, _ before: Int64, _ after: Int64, _ cell: Int64) {
        mask.keepRuns(of: Int((before + query.duration + after) / cell))
        mask.moveUp(by: Int(before / cell))
    }

    private static func copyFree(_ cells: BusyCells, _ chunk: StartChunk, to mask: inout StartMask) {
        let (offset, common) = overlap(cells, chunk)
        mask.words.withUnsafeMutableBufferPointer { own in
            cells.words.withUnsafeBufferPointer { other in
                for index in 0..<common.lowerBound { own[index] = .max }
                for index in common { own[index] = ~other[index + offset] }
                for index in common.upperBound..<own.count { own[index] = .max }
            }
        }
    }

    private static func addBusy(_ cells: BusyCells, _ chunk: StartChunk, to mask: inout StartMask) {
        let (offset, common) = overlap(cells, chunk)
        mask.words.withUnsafeMutableBufferPointer { own in
            cells.words.withUnsafeBufferPointer { other in
                for index in common { own[index] |= other[index + offset] }
            }
        }
    }

    /// Which words of the chunk the member's bits cover, and how much further on they stand there.
    private static func overlap(_ cells: BusyCells, _ chunk: StartChunk) -> (offset: Int, common: Range<Int>) {
        let offset = (chunk.base >> 6) - cells.first
        let low = min(max(0, -offset), chunk.wordCount)
        let high = min(max(low, cells.words.count - offset), chunk.wordCount)
        return (offset, low..<high)
    }
}
