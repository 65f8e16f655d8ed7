public import Logging
public import Notifications
public import ServiceLifecycle
import Synchronization

/// Sends notifications, in this process beside any number of others. Whoever is slow holds only its own slots; what is
/// under way when the process is killed is sent again when the lease ends.
public struct DeliveryRunner: Service {
    private let queue: NoticeQueue
    private let log: DeliveryLog
    private let sender: CallbackSender
    private let logger: Logger
    private let observe: @Sendable (DeliveryOutcome) -> Void
    private let pause: @Sendable (Duration) async -> Void

    public init(
        queue: NoticeQueue, log: DeliveryLog, sender: CallbackSender, logger: Logger,
        observe: @escaping @Sendable (DeliveryOutcome) -> Void = { _ in },
        pause: @escaping @Sendable (Duration) async -> Void
    ) {
        (self.queue, self.log, self.sender, self.logger) = (queue, log, sender, logger)
        (self.observe, self.pause) = (observe, pause)
    }

    /// How long to wait when nothing is due, and between rounds that had something: what comes together then is written
    /// together.
    static let idlePause = Duration.milliseconds(150)
    static let busyPause = Duration.milliseconds(20)
    static let pruneEvery = Duration.seconds(3600)

    /// Runs until the process is asked to stop; tries under way are finished first.
    public func run() async throws {
        let stop = StopFlag()
        await withGracefulShutdownHandler {
            await rounds(until: stop)
        } onGracefulShutdown: {
            stop.raise()
        }
    }

    private func rounds(until stop: StopFlag) async {
        let finished = Finished()
        await withDiscardingTaskGroup { group in
            var slots = DeliverySlots()
            var pruned = ContinuousClock.now - Self.pruneEvery
            while !Task.isCancelled, !stop.isRaised || slots.inUse > 0 {
                let ended = finished.take()
                for (delivery, outcome) in ended {
                    slots.release(delivery.destination, succeeded: outcome.isAcknowledged)
                    observe(outcome)
                }
                await settle(ended)
                let begun = stop.isRaised ? [] : await claim(&slots)
                for delivery in begun {
                    group.addTask { finished.add(delivery, await sender.send(delivery)) }
                }
                if ContinuousClock.now - pruned >= Self.pruneEvery {
                    pruned = .now
                    await prune()
                }
                await pause(ended.isEmpty && begun.isEmpty ? Self.idlePause : Self.busyPause)
            }
        }
    }

    private func claim(_ slots: inout DeliverySlots) async -> [Delivery] {
        do {
            let (deliveries, taken) = try await queue.claim(slots)
            slots = taken
            return deliveries
        } catch {
            logger.error("notifications cannot be claimed", metadata: ["error": "\(error)"])
            await pause(WorkLoop.afterFailure)
            return []
        }
    }

    /// What cannot be written down is sent again when the lease ends: at least once, never silently not.
    private func settle(_ ended: [(delivery: Delivery, outcome: DeliveryOutcome)]) async {
        guard !ended.isEmpty else { return }
        do { try await queue.settle(ended) } catch {
            logger.error("deliveries cannot be written down", metadata: ["error": "\(error)"])
        }
    }

    private func prune() async {
        do { try await log.prune() } catch {
            logger.warning("the delivery log was not pruned", metadata: ["error": "\(error)"])
        }
    }
}

/// Tries that have ended and are not written down yet.
private final class Finished: Sendable {
    private let list = Mutex<[(delivery: Delivery, outcome: DeliveryOutcome)]>([])

    func add(_ delivery: Delivery, _ outcome: DeliveryOutcome) { list.withLock { $0.append((delivery, outcome)) } }

    func take() -> [(delivery: Delivery, outcome: DeliveryOutcome)] {
        list.withLock { list in
            defer { list = [] }
            return list
        }
    }
}

private final class StopFlag: Sendable {
    private let value = Atomic(false)
    var isRaised: Bool { value.load(ordering: .acquiring) }
    func raise() { value.store(true, ordering: .releasing) }
}
