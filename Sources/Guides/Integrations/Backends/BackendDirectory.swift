import CivilTime
public import CronofyClient
import Sealing
import StorageKit
import Synchronization

/// The live clients of the backends, one of each in this process, so that its rate is kept over all who use it; and
/// what is known of whether it answers.
public final class BackendDirectory: Sendable {
    public let store: BackendStore
    private let transport: @Sendable (CalendarBackend) -> any CronofyTransport
    private let retries: RetryPolicy
    private let rate: @Sendable (CalendarBackend) -> RateBudget?
    private let live = Mutex<[BackendID: Live]>([:])

    private struct Live {
        let client: BackendClient
        var failedAt: Instant?
    }

    /// Seconds for which a backend that did not answer counts as away.
    static let away: Int64 = 30

    /// - Parameters:
    ///   - rate: how often a backend may be asked; its own limits, unless it was agreed otherwise.
    ///   - transport: how requests reach a backend: in process, or over HTTP.
    public init(
        store: BackendStore, retries: RetryPolicy = .standard,
        rate: @escaping @Sendable (CalendarBackend) -> RateBudget? = { $0.limits.rate },
        transport: @escaping @Sendable (CalendarBackend) -> any CronofyTransport
    ) { (self.store, self.retries, self.rate, self.transport) = (store, retries, rate, transport) }

    /// - Throws: `BackendFault`, or the database's or the seal's fault.
    public func client(of id: BackendID) async throws -> BackendClient {
        if let known = live.withLock({ $0[id]?.client }) { return known }
        let store = self.store
        let found = try await store.database.read { session in
            (try BackendStore.backend(id, in: session), try store.secret(of: id, in: session))
        }
        guard let backend = found.0, let secret = found.1 else { throw BackendFault.unknown }
        guard let place = backend.dataCenter else { throw BackendFault.noSuchRegion }
        let client = BackendClient(
            backend: backend, secret: secret,
            application: CronofyApplication(
                clientID: backend.clientID, clientSecret: secret.reveal(), server: place,
                transport: transport(backend), rate: rate(backend), retries: retries))
        return live.withLock { live in
            if let first = live[id]?.client { return first }
            live[id] = Live(client: client)
            return client
        }
    }

    /// Writes down that a backend answered or did not.
    func note(_ id: BackendID, answered: Bool) {
        let now = store.now()
        live.withLock { $0[id]?.failedAt = answered ? nil : now }
    }

    /// Whether it is worth asking now.
    func isAway(_ id: BackendID) -> Bool {
        guard let failedAt = live.withLock({ $0[id]?.failedAt }) else { return false }
        return store.now().seconds - failedAt.seconds < Self.away
    }
}

/// A backend with the client that reaches it.
public struct BackendClient: Sendable {
    public let backend: CalendarBackend
    let secret: Secret
    public let application: CronofyApplication
}
