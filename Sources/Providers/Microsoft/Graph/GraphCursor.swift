internal import CivilTime
internal import GuardedHTTP
internal import ProviderKit

/// Where a round of `calendarView/delta` stands. Graph bakes the window into its links, so the window's age is kept beside.
struct GraphCursor: Hashable, Sendable {
    /// When the window was chosen.
    var chosen: Instant
    /// A round over everything, not over what changed.
    var isFull: Bool
    /// Graph's own link, never rebuilt.
    var link: String

    var cursor: SyncCursor {
        SyncCursor("v1&\(chosen.seconds)&\(isFull ? "full" : "delta")&" + PercentEncoding.segment(link))
    }

    init(chosen: Instant, isFull: Bool, link: String) { (self.chosen, self.isFull, self.link) = (chosen, isFull, link) }

    /// Nil where the text is not one of ours.
    init?(_ cursor: SyncCursor) {
        let parts = cursor.value.split(separator: "&", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "v1", let seconds = Int64(parts[1], in: 0...(1 << 40)),
            parts[2] == "full" || parts[2] == "delta", let link = PercentEncoding.decoded(String(parts[3]))
        else { return nil }
        self.init(chosen: Instant(seconds: seconds), isFull: parts[2] == "full", link: link)
    }
}

/// What part of a calendar is read, and how much at once.
public struct GraphLimits: Hashable, Sendable {
    /// Before the day on which the window is chosen, in days.
    public var daysBack: Int64 = 60
    /// After it: two years, and the month until the next window.
    public var daysAhead: Int64 = 775
    /// A window older than this is chosen anew, with a full round.
    public var windowDays: Int64 = 30
    public var pageSize = 200
    public init() {}
}
