/// Some of the days or times that a rule names, in order.
struct DayChunk: Sendable {
    /// Wall seconds of a midnight.
    var base: Int64
    /// Bit n stands for the day n days after `base`, with the rule's own times.
    var bits: UInt64
    /// Where it is not nil, the chunk is these times after `base` instead, ascending.
    var times: [Int32]?
}
