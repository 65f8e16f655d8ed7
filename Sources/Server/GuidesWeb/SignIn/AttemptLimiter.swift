import CivilTime
import Synchronization

/// Counts tries by key within a window of time, so that guessing is slow. In memory: a restart forgets, which costs a
/// guesser more time than it gives.
final class AttemptLimiter: Sendable {
    private struct Window { var began: Int64, count: Int }
    private let windows = Mutex<[String: Window]>([:])
    private let limit: Int
    private let seconds: Int64
    /// More keys than this are forgotten together, so that nobody fills the memory.
    private static let mostKeys = 100_000

    init(limit: Int, seconds: Int64) { (self.limit, self.seconds) = (limit, seconds) }

    /// Counts one try; false where there have been too many.
    func allow(_ key: String, now: Instant) -> Bool {
        windows.withLock { windows in
            if windows.count >= Self.mostKeys { windows.removeAll() }
            var window = windows[key] ?? Window(began: now.seconds, count: 0)
            if now.seconds - window.began >= seconds { window = Window(began: now.seconds, count: 0) }
            window.count += 1
            windows[key] = window
            return window.count <= limit
        }
    }
}
