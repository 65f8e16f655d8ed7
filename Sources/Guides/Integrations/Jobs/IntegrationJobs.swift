import CivilTime
import CronofyClient
public import StorageKit
import Trips

/// Does one piece of this module's work. Whoever runs it keeps its lease and takes what is left to it by `Outcome`.
public struct IntegrationJobs: Sendable {
    let reader: CalendarReader
    let events: TripEventWriter
    let calls: LinkCalls
    let queue: WorkQueue
    private let random: @Sendable () -> Double

    /// Seconds after which a link that nobody read is asked for again by the sweep.
    static let sweepEvery: Int64 = 3_600

    public init(
        reader: CalendarReader, events: TripEventWriter, calls: LinkCalls, queue: WorkQueue,
        random: @escaping @Sendable () -> Double
    ) { (self.reader, self.events, self.calls, self.queue, self.random) = (reader, events, calls, queue, random) }

    /// Does `work` and ends it in the queue.
    /// - Parameter lease: seconds that a write keeps it for.
    /// - Throws: what the runner gives the work back for.
    public func perform(_ work: LeasedWork, lease: Int64) async throws {
        let queue = queue
        let fence: @Sendable (any WriteSession) throws -> Void = { try queue.extend(work, by: lease, in: $0) }
        let parts = work.key.split(separator: "/", maxSplits: 1).map(String.init)
        switch (work.kind, parts.first, parts.last) {
        case (IntegrationWork.readKind, let person?, let link?) where parts.count == 2:
            try await read(work, LinkID(link), of: PersonID(person), fence)
        case (IntegrationWork.eventKind, let service?, let assignment?) where parts.count == 2:
            switch try await events.run(AssignmentID(assignment), of: ServiceID(service), fence: fence) {
            case .done: try await finish(work)
            case .later(let seconds):
                try await queue.fail(work, error: "waits for the platform", retry: .after(seconds))
            case .refused(let reason): try await queue.fail(work, error: reason, retry: .never)
            }
        case (IntegrationWork.revokeKind, let backend?, let account?) where parts.count == 2:
            try await revoke(work, account, at: BackendID(backend))
        case (IntegrationWork.pollKind, _, _): try await sweep(work)
        default: try await queue.fail(work, error: "unknown kind of work", retry: .never)
        }
    }

    private func read(
        _ work: LeasedWork, _ link: LinkID, of guide: PersonID,
        _ fence: @escaping @Sendable (any WriteSession) throws -> Void
    ) async throws {
        do {
            let wait = try await reader.read(link, of: guide, fence: fence)
            let (queue, now, random) = (queue, calls.links.now(), random)
            try await calls.links.database.write { session in
                try queue.complete(work, in: session)
                guard let wait, let link = try LinkStore.link(link, of: guide, in: session) else { return }
                let spread = Int64(random() * Double(wait / 10))
                try queue.enqueue(IntegrationWork.read(link, runAt: now.seconds + wait - spread), in: session)
            }
        } catch LinkCallFailure.gone {
            try await finish(work)
        } catch ReadFault.changedMeanwhile {
            try await queue.fail(work, error: "changed while it was read", retry: .after(0))
        } catch let error as CronofyError {
            try await queue.fail(work, error: "\(LinkStanding.News(error))", retry: .after(Self.pause(after: error)))
        } catch LinkCallFailure.noToken {
            try await queue.fail(work, error: "the key of its token is missing", retry: .after(Self.sweepEvery))
        }
    }

    /// A read is never given up: what is away comes back, and what is cut off is linked again.
    private static func pause(after error: CronofyError) -> Int64 {
        switch error {
        case .rateLimited(let wait?): max(wait.components.seconds, 1)
        case .unauthorized, .refusedGrant, .forbidden: PollInterval.shortest
        default: 60
        }
    }

    private func revoke(_ work: LeasedWork, _ account: String, at backend: BackendID) async throws {
        // A guide who linked the same account again meanwhile keeps it.
        let isUsed = try await calls.links.database.read { session in
            try session.first(
                "SELECT 1 FROM calendar_links WHERE backend_id = ? AND account_id = ?",
                [.text(backend.value), .text(account)]
            ) { try $0.integer(0) } != nil
        }
        guard !isUsed else { return try await finish(work) }
        do {
            try await calls.backends.client(of: backend).application.revoke(sub: account)
            try await finish(work)
        } catch BackendFault.unknown {
            try await finish(work)
        } catch let error as CronofyError {
            switch error {
            case .rateLimited, .server, .unreachable:
                try await queue.fail(work, error: "waits for the platform", retry: .after(60))
            default: try await finish(work)  // The platform knows the account no more.
            }
        }
    }

    /// Asks for every link that has not been read for long and that nothing waits for: a schedule that was lost, by a
    /// restore or a worker that died of it, begins again.
    private func sweep(_ work: LeasedWork) async throws {
        let (queue, now) = (queue, calls.links.now())
        try await calls.links.database.write { session in
            let lost = try session.all(
                LinkStore.select + " WHERE is_paused = 0 AND COALESCE(read_at, 0) < ?",
                [.integer(now.seconds - 2 * Self.sweepEvery)], LinkStore.link)
            for link in lost { try queue.enqueue(IntegrationWork.read(link), in: session) }
            try queue.complete(work, in: session)
            try queue.enqueue(IntegrationWork.poll(runAt: now.seconds + Self.sweepEvery), in: session)
        }
    }

    /// Begins the sweep, once, however many processes start.
    public func start() async throws {
        let queue = queue
        try await calls.links.database.write { try queue.enqueue(IntegrationWork.poll(runAt: 0), in: $0) }
    }

    private func finish(_ work: LeasedWork) async throws {
        let queue = queue
        try await calls.links.database.write { try queue.complete(work, in: $0) }
    }
}
