public import Accounts
public import CivilTime
import Notifications
import ProviderKit
public import StorageKit
public import Sync

/// Brings one profile in step: its list of calendars, then each calendar that changed. Performs what `SyncMachine`
/// decides; holds no state of its own, so it may be killed and run again anywhere.
public struct ProfileSync: Sendable {
    let profiles: ProfileStore
    let source: any ProviderSource
    let zones: ZoneDatabase
    let random: @Sendable () -> Double

    /// A calendar whose mark has not changed is read all the same after this many seconds.
    static let reconcileAfter: Int64 = 6 * 3600

    public init(
        profiles: ProfileStore, source: any ProviderSource, zones: ZoneDatabase,
        random: @escaping @Sendable () -> Double
    ) {
        (self.profiles, self.source, self.zones, self.random) = (profiles, source, zones, random)
    }

    public enum Outcome: Hashable, Sendable {
        /// In step. Nil: nothing needs to ask again, we are told of changes.
        case inStep(pollAfter: Int64?)
        /// Could not be read; try again after so many seconds, or nil where a person must act first.
        case failed(retryAfter: Int64?)
    }

    /// `fence` runs in every write and throws where another worker has taken over, so that nothing is done twice.
    public func run(
        _ profile: Profile, fence: @escaping @Sendable (any WriteSession) throws -> Void,
        progress: @escaping @Sendable (SyncProgress) -> Void
    ) async throws -> Outcome {
        let traits = source.traits(of: profile.provider)
        do {
            let provider = try source.provider(
                for: profile, credential: try await profiles.credential(of: profile))
            let remote = try await provider.discover()
            let states = try await list(remote, profile: profile, fence: fence)
            var wish: Int64?
            let context = CalendarSync(
                profiles: profiles, provider: provider, zones: zones, profile: profile, fence: fence,
                progress: progress)
            for state in states {
                let pollAfter = try await context.run(
                    state, tag: remote.calendars.first { $0.id == state.remoteID }?.changeTag)
                wish = [wish, pollAfter].compactMap { $0 }.min()
            }
            try await succeed(profile, fence: fence)
            return .inStep(pollAfter: traits.pollInterval.map { max($0, wish ?? $0) })
        } catch let failure as RemoteFailure {
            return try await fail(profile, failure, traits: traits, fence: fence)
        }
    }

    private func list(
        _ remote: RemoteAccount, profile: Profile, fence: @escaping @Sendable (any WriteSession) throws -> Void
    ) async throws -> [SyncState] {
        let now = profiles.accounts.now()
        return try await profiles.accounts.database.write { session in
            try fence(session)
            let states = try SyncState.all(of: profile.id, account: profile.account, in: session)
            guard states.isEmpty || !remote.calendars.isEmpty else {
                throw RemoteFailure.unreachable(reason: "The calendar service lists no calendars any more.")
            }
            try ProfileStore.setAddresses(remote.addresses, of: profile.id, account: profile.account, in: session)
            try CalendarListing(account: profile.account, profile: profile.id, now: now, session: session)
                .apply(remote.calendars)
            return try SyncState.all(of: profile.id, account: profile.account, in: session)
        }
    }

    private func succeed(
        _ profile: Profile, fence: @escaping @Sendable (any WriteSession) throws -> Void
    ) async throws {
        let connection = profile.connection.succeeded(now: profiles.accounts.now())
        guard connection != profile.connection || !profile.initialSyncDone else { return }
        try await profiles.accounts.database.write { session in
            try fence(session)
            try ProfileStore.setConnection(connection, of: profile.id, account: profile.account, in: session)
            try session.execute(
                "UPDATE profiles SET initial_sync_done = 1 WHERE account_id = ? AND profile_id = ?",
                [.text(profile.account.value), .text(profile.id.value)])
            try AccountStore.touch(profile.account, in: session)
            if !profile.initialSyncDone {
                try ChangeRecorder(account: profile.account, session: session).record(.profileInitialSyncCompleted)
            }
        }
    }

    private func fail(
        _ profile: Profile, _ failure: RemoteFailure, traits: ProviderTraits,
        fence: @escaping @Sendable (any WriteSession) throws -> Void
    ) async throws -> Outcome {
        let connection = profile.connection.failed(
            failure, now: profiles.accounts.now(), isFinal: traits.refusalIsFinal)
        try await profiles.accounts.database.write { session in
            try fence(session)
            try ProfileStore.setConnection(connection, of: profile.id, account: profile.account, in: session)
            try AccountStore.touch(profile.account, in: session)
            if profile.connection.isConnected && !connection.isConnected {
                try ChangeRecorder(account: profile.account, session: session).record(.profileDisconnected)
            }
        }
        guard connection.state != .disconnected else { return .failed(retryAfter: nil) }
        return .failed(retryAfter: failure.retryDelay(failures: connection.failures, spread: random()))
    }
}

/// What a sync has done so far, for people who wait for it.
public struct SyncProgress: Hashable, Sendable {
    public let calendar: String
    public let items: Int
    public let bytes: Int
}
