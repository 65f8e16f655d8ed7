public import Accounts
import Authorization
import CivilTime
public import Events
public import Logging
public import ServiceLifecycle
public import StorageKit
public import Sync

/// Takes work from the queue and does it, in this process, beside any number of others. What it holds when it is killed
/// is taken up again when the lease ends.
public struct JobRunner: Service {
    let services: JobServices

    public init(_ services: JobServices) { self.services = services }

    /// Seconds for which a worker may be silent before others take its work.
    static let lease: Int64 = 30
    /// How often work under way says that it is alive.
    static let heartbeat = Duration.seconds(10)
    /// How long to leave the database alone after it could not be asked.
    static let afterFailure = Duration.seconds(2)
    /// How many pieces of work run at the same time in this process.
    static let width = 8

    /// Runs until the process is asked to stop; work under way is finished or left to its lease.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Ended.self) { group in
                var (free, isWaiting) = (Self.width, false)
                while !Task.isCancelled {
                    // A place is filled as soon as it is free: a long read must not hold up the writes beside it.
                    let claimed = free > 0 ? await claim(free) : []
                    for work in claimed {
                        group.addTask {
                            await performAlive(work)
                            return .work
                        }
                    }
                    if claimed.count < free && !isWaiting {
                        group.addTask {
                            await services.pause(.milliseconds(200))
                            return .pause
                        }
                        isWaiting = true
                    }
                    free -= claimed.count
                    switch await group.next() {
                    case .work: free += 1
                    case .pause, nil: isWaiting = false
                    }
                }
            }
        }
    }

    /// What one of the tasks of `run` was.
    private enum Ended { case work, pause }

    /// Claims and does what is due now, and returns how many pieces were done.
    public func runOnce() async -> Int {
        let claimed = await claim(Self.width)
        await withTaskGroup(of: Void.self) { group in
            for work in claimed { group.addTask { await performAlive(work) } }
        }
        return claimed.count
    }

    /// Up to `limit` pieces of due work; none where the database cannot be asked.
    private func claim(_ limit: Int) async -> [LeasedWork] {
        do {
            return try await services.queue.claim(
                kinds: [WorkKind.push, WorkKind.sync, WorkKind.roll, DelegatedRequest.kind], limit: limit,
                lease: Self.lease, givingUp: givenUp)
        } catch {
            services.logger.error("work cannot be claimed", metadata: ["error": "\(error)"])
            await services.pause(Self.afterFailure)
            return []
        }
    }

    /// Does the work and keeps its lease meanwhile; where the lease is lost, the fence of its writes ends it.
    private func performAlive(_ work: LeasedWork) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await perform(work) }
            group.addTask { await keepAlive(work) }
            await group.next()
            group.cancelAll()
        }
    }

    private func keepAlive(_ work: LeasedWork) async {
        let queue = services.queue
        while true {
            await services.pause(Self.heartbeat)
            guard !Task.isCancelled else { return }
            do {
                try await services.accounts.database.write { try queue.extend(work, by: Self.lease, in: $0) }
            } catch {
                services.logger.info("a lease was not extended", metadata: ["work": "\(work.kind) \(work.key)"])
            }
        }
    }

    private func perform(_ work: LeasedWork) async {
        do {
            switch work.kind {
            case WorkKind.sync: try await sync(work)
            case WorkKind.push: try await push(work)
            case WorkKind.roll: try await roll(work)
            case DelegatedRequest.kind: try await open(work)
            default: try await services.queue.fail(work, error: "unknown kind of work", retry: .never)
            }
        } catch StorageError.leaseLost {
            services.logger.info("another worker took over", metadata: ["work": "\(work.kind) \(work.key)"])
        } catch {
            services.logger.warning(
                "work failed", metadata: ["work": "\(work.kind) \(work.key)", "error": "\(error)"])
            await giveBack(work, error)
        }
    }

    /// A failure of the failure report is left to the lease: it ends, and the work is done again.
    private func giveBack(_ work: LeasedWork, _ error: any Error) async {
        do {
            try await services.queue.fail(work, error: "\(error)", retry: .backoff, givingUp: givenUp)
        } catch {
            services.logger.error("work cannot be given back", metadata: ["error": "\(error)"])
        }
    }

    /// A write that nobody will try again by itself does not wait for ever: the application is told.
    private func givenUp(_ kind: String, _ key: String, _ session: any WriteSession) throws {
        guard kind == WorkKind.push, let (account, item) = WorkKind.item(in: key) else { return }
        try services.itemPush.giveUp(item, of: account, in: session)
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
