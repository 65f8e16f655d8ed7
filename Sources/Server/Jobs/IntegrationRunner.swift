public import Integrations
public import ServiceLifecycle
import StorageKit

/// Does the work of guides' calendars: reads, trip events, the sweep, revocations.
public struct IntegrationRunner: Service {
    private let jobs: IntegrationJobs
    private let loop: WorkLoop

    /// - Parameter loop: of `IntegrationWork.kinds`.
    public init(_ jobs: IntegrationJobs, loop: WorkLoop) { (self.jobs, self.loop) = (jobs, loop) }

    /// Runs until the process is asked to stop.
    public func run() async throws {
        try await jobs.start()
        await loop.run { try await jobs.perform($0, lease: WorkLoop.lease) }
    }

    /// Claims and does what is due now, and returns how many pieces were done.
    public func runOnce() async -> Int { await loop.runOnce { try await jobs.perform($0, lease: WorkLoop.lease) } }
}
