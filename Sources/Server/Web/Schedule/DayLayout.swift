import CivilTime

/// Where things stand in the column of a day: in quarters of an hour on the wall, side by side where they overlap.
struct DayLayout: Hashable, Sendable {
    struct Block: Hashable, Sendable {
        let item: Occupied
        /// `09:00–10:30`, or from or until where it goes beyond the day.
        let times: String
        /// `09:00`, or as `times` where it began before the day.
        let begins: String
        /// Minutes after midnight on the wall.
        let from, to: Int
        /// Its place among those beside it: `lane` of `lanes`, from 0.
        var lane = 0
        var lanes = 1
        /// Places it reaches over; where that is more than one, later blocks lie on top of it.
        var span = laneLimit
    }

    let frame: DayFrame
    private(set) var blocks: [Block]
    /// All-day things of this day.
    let allDay: [Occupied]

    /// Side by side at most; what overlaps beyond that shares the last place.
    static let laneLimit = 4
    /// Minutes of a block that its title takes.
    private static let titleMinutes = 45

    init(_ frame: DayFrame, _ occupied: [Occupied]) {
        self.frame = frame
        allDay = occupied.filter { item in
            guard case .dates(let start, let end) = item.span else { return false }
            return start <= frame.date && frame.date < end
        }
        blocks = occupied.flatMap { Self.blocks(of: $0, in: frame) }
            .sorted { ($0.from, -$0.to) < ($1.from, -$1.to) }
        assignLanes()
    }

    /// One block for each stretch of the day that the item reaches into.
    private static func blocks(of item: Occupied, in frame: DayFrame) -> [Block] {
        guard case .instants(let start, let end) = item.span, start < frame.end,
            end > frame.start || start == end && start >= frame.start
        else { return [] }
        let times = Self.times(from: start, to: end, in: frame)
        let begins = start < frame.start || times == "all day" ? times : clock(start, in: frame)
        return frame.stretches.compactMap { stretch in
            let (from, to) = (max(start, stretch.start), min(end, stretch.end))
            guard from < to || start == end && stretch.start <= start && start < stretch.end else { return nil }
            let (first, last) = (stretch.wall(at: from) / 60, (stretch.wall(at: to) + 59) / 60)
            return Block(
                item: item, times: times, begins: begins, from: Int(first), to: Int(min(1440, max(last, first + 1))))
        }
    }

    private static func times(from start: Instant, to end: Instant, in frame: DayFrame) -> String {
        if start <= frame.start && end >= frame.end { return "all day" }
        return switch (start < frame.start, end > frame.end) {
        case (true, _): "until " + clock(end, in: frame)
        case (_, true): "from " + clock(start, in: frame)
        default: start == end ? clock(start, in: frame) : clock(start, in: frame) + "–" + clock(end, in: frame)
        }
    }

    /// The time on the wall, with its offset where the clock shows it twice.
    private static func clock(_ instant: Instant, in frame: DayFrame) -> String {
        guard instant < frame.end, let stretch = frame.stretches.last(where: { $0.start <= instant }) else {
            return "24:00"
        }
        let wall = stretch.wall(at: instant)
        let text = CivilWords.clock(minute: Int(wall / 60))
        return frame.isAmbiguous(wall) ? text + " (\(CivilWords.offset(stretch.offset)))" : text
    }

    /// Greedy by start: each block takes the first free place; blocks that touch one another share a width.
    private mutating func assignLanes() {
        var open: [Int] = []  // The latest block of each place.
        var (first, clusterEnd) = (blocks.startIndex, 0)
        for index in blocks.indices {
            let (from, to) = (blocks[index].from, blocks[index].to)
            if from >= clusterEnd {
                close(first..<index, lanes: open.count)
                (open, first) = ([], index)
            }
            let lane = open.firstIndex { blocks[$0].to <= from } ?? min(open.count, Self.laneLimit - 1)
            blocks[index].lane = lane
            for (other, neighbour) in open.enumerated() where blocks[neighbour].to > from {
                keepApart(index, lane, neighbour, other)
            }
            if lane < open.count { open[lane] = index } else { open.append(index) }
            clusterEnd = max(clusterEnd, to)
        }
        close(first..<blocks.endIndex, lanes: open.count)
    }

    /// A block reaches over the places to its right, unless another is there already or begins before the title of this
    /// one was read.
    private mutating func keepApart(_ index: Int, _ lane: Int, _ neighbour: Int, _ other: Int) {
        if other > lane { blocks[index].span = min(blocks[index].span, other - lane) }
        if other < lane, blocks[index].from < blocks[neighbour].from + Self.titleMinutes {
            blocks[neighbour].span = min(blocks[neighbour].span, lane - other)
        }
    }

    private mutating func close(_ cluster: Range<Int>, lanes: Int) {
        for index in cluster {
            blocks[index].lanes = max(1, lanes)
            blocks[index].span = min(blocks[index].span, blocks[index].lanes - blocks[index].lane)
        }
    }
}
