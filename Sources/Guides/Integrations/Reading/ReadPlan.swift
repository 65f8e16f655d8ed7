public import CivilTime

/// Which reads bring a link's rows up to date. A complete read is made only when it is needed: first, when it has been
/// too long, and of the days that have come into view.
public struct ReadPlan: Hashable, Sendable {
    public enum Step: Hashable, Sendable {
        /// All of a stretch: rows in it that are not in the answer go.
        case complete(Period)
        /// What changed since then, deleted and moved included, within the window.
        case changes(since: Instant, in: Period)
    }

    public let steps: [Step]
    /// The whole window that is covered afterwards.
    public let window: Period

    /// Seconds by which the clocks of both sides may differ: changes that near before a read are asked for again.
    static let overlap: Int64 = 300
    /// How long after a complete read the next one is made, to put right whatever went unnoticed.
    static let completeEvery: Int64 = 7 * 86_400

    public init(_ state: CalendarLink.ReadingState, window: Period, now: Instant) {
        self.window = window
        guard let watermark = state.watermark, let covered = state.covered, let completeAt = state.completeAt,
            now.seconds - completeAt.seconds < Self.completeEvery, covered.end > window.start
        else {
            steps = [.complete(window)]
            return
        }
        let since = min(watermark, state.notifiedSince ?? watermark)
        var steps = [Step.changes(since: since, in: window)]
        // Events beyond what was covered have not changed, they have come nearer.
        if let strip = Period(from: covered.end, to: window.end) { steps.append(.complete(strip)) }
        self.steps = steps
    }

    /// What is to be asked from next time, for a read that began at `now`.
    public static func watermark(now: Instant) -> Instant { Instant(seconds: now.seconds - overlap) }
}
