import StorageKit
import Synchronization

/// Asks the server for its snapshot: the transactions that are over, which is all that decides what a reader sees. Who
/// asks while a question is under way shares the next one, so that a crowd costs little more than one caller.
final class CommitMarks: Sendable {
    private let connection: Connection
    private let state = Mutex(Waiting())

    private struct Waiting {
        var callers: [CheckedContinuation<CommitMark, any Error>] = []
        var isAsking = false
    }

    init(_ connection: Connection) { self.connection = connection }

    func mark() async throws -> CommitMark {
        try await withCheckedThrowingContinuation { caller in
            let mustAsk = state.withLock { waiting in
                waiting.callers.append(caller)
                defer { waiting.isAsking = true }
                return !waiting.isAsking
            }
            if mustAsk { connection.enqueue { self.answerAll() } }
        }
    }

    func close() { connection.close() }

    private func answerAll() {
        while true {
            let callers = state.withLock { waiting in
                defer { waiting.callers = [] }
                waiting.isAsking = !waiting.callers.isEmpty
                return waiting.callers
            }
            if callers.isEmpty { return }
            let answer = Result { try connection.snapshot() }
            for caller in callers { caller.resume(with: answer) }
        }
    }
}
