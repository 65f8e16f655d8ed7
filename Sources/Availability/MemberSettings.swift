/// What the members' own settings come to, read in one pass: with ten thousand of them each pass counts.
struct MemberSettings: Sendable {
    /// Per member that has open hours, those in order.
    private(set) var open: [Int: [Span]] = [:]
    private(set) var mostBefore: Int64
    private(set) var mostAfter: Int64
    /// Seconds; the least of any buffer.
    private(set) var least: Int64
    /// Whether every buffer is a multiple of the coarse cell.
    private(set) var areCoarse: Bool

    init(_ query: AvailabilityQuery) {
        (mostBefore, mostAfter) = (query.bufferBefore, query.bufferAfter)
        least = min(query.bufferBefore, query.bufferAfter)
        areCoarse = query.bufferBefore % BusyCells.coarse == 0 && query.bufferAfter % BusyCells.coarse == 0
        // Through the pointer, for nearly all have nothing to look at further.
        let others = query.members.withUnsafeBufferPointer { members in
            members.indices.filter { !members[$0].hasNoSettings }
        }
        for index in others {
            if let periods = query.members[index].open { open[index] = Span.ordered(periods) }
            if let before = query.members[index].bufferBefore {
                (mostBefore, least) = (max(mostBefore, before), min(least, before))
                areCoarse = areCoarse && before % BusyCells.coarse == 0
            }
            if let after = query.members[index].bufferAfter {
                (mostAfter, least) = (max(mostAfter, after), min(least, after))
                areCoarse = areCoarse && after % BusyCells.coarse == 0
            }
        }
    }
}
