/// Some of the days or times that a rule names, in order.
struct DayChunk: Sendable {
    /// Wall seconds of a midnight.
    var base: Int64
    /// Bit n stands for the day n days after `base`, with the rule's own times.
    var bits: UInt64
    /// Where it is not nil, the chunk is these times after `base` instead, ascending.
    var times: [Int32]?

    /// Wall seconds that nothing of it is after.
    var end: Int64 { base + (times.map { Int64($0.last ?? 0) } ?? 64 * 86_400) }
}
