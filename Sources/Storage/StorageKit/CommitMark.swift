/// What had been committed to a database at one moment: equal marks, equal content. Marks have no order.
public struct CommitMark: Hashable, Sendable {
    private let value: String

    public init(_ value: String) { self.value = value }
}
