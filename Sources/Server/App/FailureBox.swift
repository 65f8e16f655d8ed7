import Synchronization

/// The first failure that was told, from whichever task.
final class FailureBox: Sendable {
    private let state = Mutex<OperationFailure?>(nil)

    var value: OperationFailure? { state.withLock { $0 } }

    func set(_ failure: OperationFailure) {
        state.withLock { if $0 == nil { $0 = failure } }
    }
}
