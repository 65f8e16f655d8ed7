public import Accounts
public import ProviderKit

/// Whom a connection's provider shows beside the account itself, asked while the caller waits.
public struct NeighbourListing: Sendable {
    let profiles: ProfileStore
    let source: any ProviderSource

    public init(profiles: ProfileStore, source: any ProviderSource) {
        (self.profiles, self.source) = (profiles, source)
    }

    public enum Failure: Error, Hashable, Sendable {
        /// The person must reconnect first.
        case disconnected
        case unreachable(reason: String)
    }

    /// - Throws: `Failure`, or a fault of the database.
    public func list(_ profile: Profile) async throws -> [RemoteNeighbour] {
        guard profile.connection.state != .disconnected else { throw Failure.disconnected }
        return try await list(profile, credential: try await profiles.credential(of: profile))
    }

    public func list(_ profile: Profile, credential: Secret?) async throws -> [RemoteNeighbour] {
        do { return try await source.provider(for: profile, credential: credential).neighbours() } catch let failure
            as RemoteFailure
        {
            switch failure {
            case .authorizationLost: throw Failure.disconnected
            case .unreachable(let reason): throw Failure.unreachable(reason: reason)
            case .throttled: throw Failure.unreachable(reason: "The provider asks to be left alone for a while.")
            // A server that does not tell is one where nobody can be named.
            case .refused, .gone, .conflict, .cursorExpired: return []
            }
        }
    }
}
