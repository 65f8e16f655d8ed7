public import ProviderKit

/// A fresh, empty account at some provider, and a way to change it that does not go through the connector.
public protocol ProviderFixture: Sendable {
    var calendar: RemoteCalendarID { get }

    /// The connector, new at every call: what one has in memory must not matter to the next.
    func connect() -> any CalendarProvider

    /// The connector with a credential that is refused; nil where the provider has none.
    func connectWithWrongCredential() -> (any CalendarProvider)?

    /// True where the connector can only read.
    var isReadOnly: Bool { get }

    // A second client, editing behind our back.

    /// Creates or replaces the event with this UID.
    func write(_ text: String, uid: String) async throws
    func remove(uid: String) async throws
    /// Adds an item that cannot be read; false where the provider would not hold one.
    func poison() async throws -> Bool

    /// Makes the provider unreachable, and reachable again; false where that cannot be done.
    func stop() async throws -> Bool
    func start() async throws
}

/// What a behaviour showed instead.
public struct ProviderSuiteFailure: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

/// Fails the behaviour unless `condition` holds.
func require(_ condition: Bool, _ complaint: @autoclosure () -> String) throws {
    if !condition { throw ProviderSuiteFailure(complaint()) }
}
