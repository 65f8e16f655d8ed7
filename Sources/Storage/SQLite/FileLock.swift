import Glibc
import StorageKit
import Synchronization

/// Holds a database file for one process: SQLite before 3.51.3 can damage a file on which two processes commit and
/// checkpoint at once. The lock ends with the process, however it ends.
final class FileLock: Sendable {
    private let descriptor: Mutex<Int32>

    init(path: String, note: String) throws {
        let file = path + ".lock"
        let descriptor = Glibc.open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StorageError.unavailable(reason: "cannot write '\(file)'; is the folder there and yours to write to?")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            Glibc.close(descriptor)
            throw StorageError.inUse(path: path, holder: Self.note(in: file))
        }
        let text = Array("\(getpid())\n\(note)\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        self.descriptor = Mutex(descriptor)
    }

    func release() {
        descriptor.withLock { descriptor in
            guard descriptor >= 0 else { return }
            Glibc.close(descriptor)
            descriptor = -1
        }
    }

    /// What the holder of the lock on `path` wrote after its process id; nil where nobody holds it.
    static func holder(of path: String) -> String? {
        let file = path + ".lock"
        let descriptor = Glibc.open(file, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { Glibc.close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return nil }
        return note(in: file)
    }

    static func makePrivate(_ path: String) {
        for suffix in ["", "-wal", "-shm"] { chmod(path + suffix, 0o600) }
    }

    private static func note(in file: String) -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let descriptor = Glibc.open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { Glibc.close(descriptor) }
        let count = read(descriptor, &bytes, bytes.count)
        let lines = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self).split(separator: "\n")
        return lines.dropFirst().joined(separator: "\n")
    }
}
