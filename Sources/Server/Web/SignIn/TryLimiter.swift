import CivilTime
import Synchronization

/// Counts wrong passwords and wrong links, for each account and each network, in this process's memory. A try is counted
/// before it is made, so that many at once count too, and taken off again where it was no guess.
final class TryLimiter: Sendable {
    /// Seconds for which a wrong try counts.
    static let window: Int64 = 900

    enum Key: Hashable, Sendable {
        /// An address, or for IPv6 the 64 bits of its network.
        case network(String)
        /// A user name at whatever server it is for, whether anybody has it or not.
        case account(String)
    }

    private let limit: Int
    private let now: @Sendable () -> Instant
    private let tries = Mutex<[Key: [Int64]]>([:])

    /// Keys remembered at once, before those whose window has passed are forgotten.
    private static let most = 50_000

    /// `limit`: wrong tries in a window; 0: any number.
    init(limit: Int, now: @escaping @Sendable () -> Instant) { (self.limit, self.now) = (limit, now) }

    /// Counts a try for each of `keys`.
    /// - Throws: `.tooManyTries` where one of them has had its share; then nothing is counted.
    func take(_ keys: [Key]) throws(PageFailure) {
        guard limit > 0 else { return }
        let (instant, limit) = (now().seconds, limit)
        let wait = tries.withLock { tries -> Int64 in
            if tries.count >= Self.most { tries = tries.filter { Self.isRecent($0.value.last, at: instant) } }
            var wait: Int64 = 0
            for key in keys {
                let recent = (tries[key] ?? []).filter { Self.isRecent($0, at: instant) }
                tries[key] = recent.isEmpty ? nil : recent
                if recent.count >= limit { wait = max(wait, recent[recent.count - limit] + Self.window - instant) }
            }
            if wait == 0 { for key in keys { tries[key, default: []].append(instant) } }
            return wait
        }
        guard wait == 0 else { throw .tooManyTries(seconds: wait) }
    }

    /// The last try of each of `keys` was no guess.
    func giveBack(_ keys: [Key]) {
        tries.withLock { tries in
            for key in keys {
                _ = tries[key]?.popLast()
                if tries[key]?.isEmpty == true { tries[key] = nil }
            }
        }
    }

    /// Runs `body`, which shows a password to whom it is for; only a wrong one counts.
    func counting<T>(_ keys: [Key], _ body: () async throws -> T) async throws -> T {
        try take(keys)
        do {
            let value = try await body()
            giveBack(keys)
            return value
        } catch {
            if case .wrongCredential? = error as? ConnectError { throw error }
            giveBack(keys)
            throw error
        }
    }

    private static func isRecent(_ instant: Int64?, at now: Int64) -> Bool {
        instant.map { $0 > now - window && $0 <= now } ?? false
    }
}

extension Visit {
    /// What the tries of this visit with the password of `username` count for.
    func tryKeys(_ username: String? = nil) -> [TryLimiter.Key] {
        [.network(network)] + [username].compactMap { $0.map { .account($0.lowercased()) } }
    }
}
