import Synchronization

/// Values worked out from the database, each kept until anything is committed to it.
public final class CommitCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Kept: Sendable {
        var mark: CommitMark?
        var values: [Key: Value] = [:]
    }

    private let database: any Database
    private let most: Int
    private let kept = Mutex(Kept())

    /// Keeps at most `most` values.
    public init(_ database: any Database, most: Int = 10_000) { (self.database, self.most) = (database, most) }

    /// The value as of `mark` or later; without one, as of now.
    public func value(
        for key: Key, at mark: CommitMark? = nil, _ make: @escaping @Sendable (any ReadSession) throws -> Value
    ) async throws -> Value {
        // Older than what is read: what is committed meanwhile only has the value asked for anew.
        let mark = if let mark { mark } else { try await database.mark() }
        if let value = kept.withLock({ $0.mark == mark ? $0.values[key] : nil }) { return value }
        let value = try await database.read(make)
        kept.withLock { kept in
            if kept.mark != mark || kept.values.count >= most { kept.values = [:] }
            kept.mark = mark
            kept.values[key] = value
        }
        return value
    }
}
