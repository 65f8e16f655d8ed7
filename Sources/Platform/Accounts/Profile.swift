public import CivilTime

/// One connection to one outside calendar account.
public struct Profile: Hashable, Sendable {
    public let account: AccountID
    public let id: ProfileID
    public let provider: ProviderName
    /// What people see: the address or name at the provider.
    public let name: String
    /// Names the account at the provider for good.
    public let identity: String
    public let address: String
    public let username: String?
    public let connection: Connection
    public let isPaused: Bool
    public let initialSyncDone: Bool

    /// Whether the provider can be read, and since when (B4).
    public struct Connection: Hashable, Sendable {
        public let state: State
        public let cause: Cause?
        /// A sentence for people, without addresses or answers of the provider.
        public let explanation: String?
        public let since: Instant
        public let failures: Int64

        public init(state: State, cause: Cause?, explanation: String?, since: Instant, failures: Int64) {
            (self.state, self.cause, self.explanation) = (state, cause, explanation)
            (self.since, self.failures) = (since, failures)
        }

        /// Whether it works without a person. A refused credential needs one, also while it is tried once more.
        public var isConnected: Bool { state != .disconnected && cause != .authorizationLost }

        /// `failing` still retries; `disconnected` waits for a person.
        public enum State: String, Hashable, Sendable { case connected, failing, disconnected }
        public enum Cause: String, Hashable, Sendable {
            case authorizationLost = "authorization_lost"
            case throttled, refused, unreachable
        }
    }

    public init(
        account: AccountID, id: ProfileID, provider: ProviderName, name: String, identity: String, address: String,
        username: String?, connection: Connection, isPaused: Bool, initialSyncDone: Bool
    ) {
        (self.account, self.id, self.provider, self.name) = (account, id, provider, name)
        (self.identity, self.address, self.username) = (identity, address, username)
        (self.connection, self.isPaused, self.initialSyncDone) = (connection, isPaused, initialSyncDone)
    }
}

/// The name under which a connector is registered; the platform knows no particular one.
public struct ProviderName: Hashable, Sendable {
    public let value: String
    public init(_ value: String) { self.value = value }
}
