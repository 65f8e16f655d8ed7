/// Why a start is not listed. The remedy stands with each.
public enum Refusal: Hashable, Sendable {
    /// Ask for a window that holds the whole meeting, or for this start.
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
