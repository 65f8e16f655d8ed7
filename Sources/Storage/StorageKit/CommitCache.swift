import Synchronization

/// Values worked out from the database, each kept until anything is committed to it. Where other processes may write to
/// the database too, nothing is kept.
public final class CommitCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Kept: Sendable {
        var commits: UInt64 = 0
        var values: [Key: Value] = [:]
    }

    private let database: any Database
    private let most: Int
    private let kept = Mutex(Kept())

    /// Keeps at most `most` values.
    public init(_ database: any Database, most: Int = 10_000) { (self.database, self.most) = (database, most) }

    public func value(
        for key: Key, _ make: @escaping @Sendable (any ReadSession) throws -> Value
    ) async throws -> Value {
        // Asked before the value is read: what is committed meanwhile makes it old, never new.
        guard let commits = database.commits else { return try await database.read(make) }
        if let value = kept.withLock({ $0.commits == commits ? $0.values[key] : nil }) { return value }
        let value = try await database.read(make)
        kept.withLock { kept in
            guard kept.commits <= commits else { return }
            if kept.commits < commits || kept.values.count >= most { kept.values = [:] }
            kept.commits = commits
            kept.values[key] = value
        }
        return value
    }
}
