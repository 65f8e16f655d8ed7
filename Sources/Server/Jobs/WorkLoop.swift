public import Logging
import ServiceLifecycle
public import StorageKit

/// Takes work of some kinds from the queue and has it done, in this process, beside any number of others. What it holds
/// when it is killed is taken up again when the lease ends.
public struct WorkLoop: Sendable {
    private let queue: WorkQueue
    private let database: any Database
    private let kinds: [String]
    private let logger: Logger
    private let pause: @Sendable (Duration) async -> Void
    private let givingUp: WorkQueue.GivingUp

    /// Does one piece of work and ends it in the queue; what it throws has the work given back.
    public typealias Perform = @Sendable (LeasedWork) async throws -> Void

    /// - Parameter givingUp: what else to write when work is given up, in the transaction that does it.
    public init(
        queue: WorkQueue, database: any Database, kinds: [String], logger: Logger,
        pause: @escaping @Sendable (Duration) async -> Void,
        givingUp: @escaping WorkQueue.GivingUp = { _, _, _ in }
    ) {
        (self.queue, self.database, self.kinds) = (queue, database, kinds)
        (self.logger, self.pause, self.givingUp) = (logger, pause, givingUp)
    }

    /// Seconds for which a worker may be silent before others take its work.
    public static let lease: Int64 = 30
    /// How often work under way says that it is alive.
    static let heartbeat = Duration.seconds(10)
    /// How long to leave the database alone after it could not be asked.
    static let afterFailure = Duration.seconds(2)
    /// How many pieces of work run at the same time in this process.
    static let width = 8

    /// Runs until the process is asked to stop; work under way is finished or left to its lease.
    public func run(_ perform: @escaping Perform) async {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Ended.self) { group in
                var (free, isWaiting) = (Self.width, false)
                while !Task.isCancelled {
                    // A place is filled as soon as it is free: a long read must not hold up the writes beside it.
                    let claimed = free > 0 ? await claim(free) : []
                    for work in claimed {
                        group.addTask {
                            await performAlive(work, perform)
                            return .work
                        }
                    }
                    if claimed.count < free && !isWaiting {
                        group.addTask {
                            await pause(.milliseconds(200))
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
    public func runOnce(_ perform: @escaping Perform) async -> Int {
        let claimed = await claim(Self.width)
        await withTaskGroup(of: Void.self) { group in
            for work in claimed { group.addTask { await performAlive(work, perform) } }
        }
        return claimed.count
    }

    /// Up to `limit` pieces of due work; none where the database cannot be asked.
    private func claim(_ limit: Int) async -> [LeasedWork] {
        do { return try await queue.claim(kinds: kinds, limit: limit, lease: Self.lease, givingUp: givingUp) } catch {
            logger.error("work cannot be claimed", metadata: ["error": "\(error)"])
            await pause(Self.afterFailure)
            return []
        }
    }

    /// Does the work and keeps its lease meanwhile; where the lease is lost, the fence of its writes ends it.
    private func performAlive(_ work: LeasedWork, _ perform: @escaping Perform) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await performReported(work, perform) }
            group.addTask { await keepAlive(work) }
            await group.next()
            group.cancelAll()
        }
    }

    private func keepAlive(_ work: LeasedWork) async {
        let queue = queue
        while true {
            await pause(Self.heartbeat)
            guard !Task.isCancelled else { return }
            do { try await database.write { try queue.extend(work, by: Self.lease, in: $0) } } catch {
                logger.info("a lease was not extended", metadata: ["work": "\(work.kind) \(work.key)"])
            }
        }
    }

    private func performReported(_ work: LeasedWork, _ perform: Perform) async {
        do { try await perform(work) } catch StorageError.leaseLost {
            logger.info("another worker took over", metadata: ["work": "\(work.kind) \(work.key)"])
        } catch {
            logger.warning("work failed", metadata: ["work": "\(work.kind) \(work.key)", "error": "\(error)"])
            await giveBack(work, error)
        }
    }

    /// A failure of the failure report is left to the lease: it ends, and the work is done again.
    private func giveBack(_ work: LeasedWork, _ error: any Error) async {
        do { try await queue.fail(work, error: "\(error)", retry: .backoff, givingUp: givingUp) } catch {
            logger.error("work cannot be given back", metadata: ["error": "\(error)"])
        }
    }
}
