internal import CivilTime
internal import ProviderKit

/// `7` after sequence 7; `all:7` in the middle of a full read.
struct NativeCursor {
    let sequence: Int64
    let isComplete: Bool

    init(sequence: Int64, isComplete: Bool) { (self.sequence, self.isComplete) = (sequence, isComplete) }

    init(reading cursor: SyncCursor) throws(RemoteFailure) {
        isComplete = cursor.value.hasPrefix("all:")
        let text = isComplete ? String(cursor.value.dropFirst(4)) : cursor.value
        guard let sequence = Int64(text, in: 0...(1 << 53)) else {
            throw .cursorExpired
        }
        self.sequence = sequence
    }

    var cursor: SyncCursor { SyncCursor(isComplete ? "all:\(sequence)" : "\(sequence)") }
}
