public import Accounts
import Authorization
import CivilTime
public import Events
public import Logging
public import ServiceLifecycle
public import StorageKit
public import Sync

/// Does the platform's own work: syncs, pushes, windows, openings.
public struct JobRunner: Service {
    let services: JobServices
    private let loop: WorkLoop

    public init(_ services: JobServices) {
        self.services = services
        let itemPush = services.itemPush
        loop = WorkLoop(
            queue: services.queue, database: services.accounts.database,
            kinds: [WorkKind.push, WorkKind.sync, WorkKind.roll, DelegatedRequest.kind], logger: services.logger,
            pause: services.pause,
            // A write that nobody will try again by itself does not wait for ever: the application is told.
            givingUp: { kind, key, session in
                guard kind == WorkKind.push, let (account, item) = WorkKind.item(in: key) else { return }
                try itemPush.giveUp(item, of: account, in: session)
            })
    }

    static let lease = WorkLoop.lease

    /// Runs until the process is asked to stop; work under way is finished or left to its lease.
    public func run() async throws { await loop.run { try await perform($0) } }

    /// Claims and does what is due now, and returns how many pieces were done.
    public func runOnce() async -> Int { await loop.runOnce { try await perform($0) } }

    private func perform(_ work: LeasedWork) async throws {
        switch work.kind {
        case WorkKind.sync: try await sync(work)
        case WorkKind.push: try await push(work)
        case WorkKind.roll: try await roll(work)
        case DelegatedRequest.kind: try await open(work)
        default: try await services.queue.fail(work, error: "unknown kind of work", retry: .never)
        }
    }

    private func sync(_ work: LeasedWork) async throws {
        guard let (account, profileID) = work.profileKey,
            let profile = try await services.accounts.database.read({
                try ProfileStore.profile(profileID, of: account, in: $0)
            }), !profile.isPaused
        else { return try await finish(work) }
        let queue = services.queue
        let outcome = try await services.profileSync.run(
            profile, fence: { try queue.extend(work, by: Self.lease, in: $0) },
            progress: { services.progress(profile, $0) })
        let wait: Int64? =
            switch outcome {
            case .inStep(let seconds): seconds
            case .failed(let seconds): seconds
            }
        let now = services.accounts.now()
        try await services.accounts.database.write { session in
            try queue.complete(work, in: session)
            if let wait {
                let spread = wait / 10 > 0 ? Int64(services.random() * Double(wait / 10)) : 0
                let next = Work.syncing(profileID, of: account, runAt: now.seconds + wait + spread)
                try queue.enqueue(next, in: session)
            }
        }
    }

    private func push(_ work: LeasedWork) async throws {
        guard let (account, item) = WorkKind.item(in: work.key) else { return try await finish(work) }
        let queue = services.queue
        let outcome = try await services.itemPush.run(
            item, of: account, attempt: work.attempts, spread: services.random(),
            fence: { try queue.extend(work, by: Self.lease, in: $0) })
        switch outcome {
        case .done: try await finish(work)
        case .again: try await queue.fail(work, error: "changed while it was written", retry: .after(0))
        case .failed(let reason, let retryAfter):
            try await queue.fail(work, error: reason, retry: retryAfter.map { .after($0) } ?? .never)
        }
    }

    private func roll(_ work: LeasedWork) async throws {
        let account = AccountID(work.key)
        let queue = services.queue
        let now = services.accounts.now()
        try await services.roller.roll(account, now: now, fence: { try queue.extend(work, by: Self.lease, in: $0) })
        try await services.accounts.database.write { session in
            try queue.complete(work, in: session)
            try queue.enqueue(.rolling(account, runAt: now.seconds + 86_400), in: session)
        }
    }

    private func open(_ work: LeasedWork) async throws {
        switch try await services.opening.open(work.payload) {
        case .done: try await finish(work)
        case .failed(let reason): try await services.queue.fail(work, error: reason, retry: .backoff)
        }
    }

    private func finish(_ work: LeasedWork) async throws {
        let queue = services.queue
        try await services.accounts.database.write { try queue.complete(work, in: $0) }
    }
}

/// What the jobs need, with the clock and the random source passed in.
public struct JobServices: Sendable {
    public let accounts: AccountStore
    public let queue: WorkQueue
    public let profileSync: ProfileSync
    public let itemPush: ItemPush
    public let roller: WindowRoller
    public let opening: any DelegatedOpening
    public let logger: Logger
    public let random: @Sendable () -> Double
    public let pause: @Sendable (Duration) async -> Void
    public let progress: @Sendable (Profile, SyncProgress) -> Void

    public init(
        accounts: AccountStore, queue: WorkQueue, profileSync: ProfileSync, itemPush: ItemPush, roller: WindowRoller,
        opening: any DelegatedOpening, logger: Logger, random: @escaping @Sendable () -> Double,
        pause: @escaping @Sendable (Duration) async -> Void,
        progress: @escaping @Sendable (Profile, SyncProgress) -> Void
    ) {
        (self.accounts, self.queue, self.profileSync) = (accounts, queue, profileSync)
        (self.itemPush, self.roller, self.logger) = (itemPush, roller, logger)
        self.opening = opening
        (self.random, self.pause, self.progress) = (random, pause, progress)
    }
}

extension LeasedWork {
    fileprivate var profileKey: (AccountID, ProfileID)? {
        let parts = key.split(separator: "/").map(String.init)
        return parts.count == 2 ? (AccountID(parts[0]), ProfileID(parts[1])) : nil
    }
}
