import Dispatch

/// Threads for answers that are worked out, one a core. On those that all requests share, each step of a request queues
/// behind others' work, and who has more steps waits longer: here work is done in the order it came, and steps go by it.
final class ComputeLane: TaskExecutor {
    static let shared = ComputeLane()
    // Each quality of service has threads of its own.
    private let queue = DispatchQueue(label: "compute", qos: .utility, attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
