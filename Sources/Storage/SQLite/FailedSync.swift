import GRDB
import Glibc

/// A sync that failed has lost what it was for, and the next one would not say so: the system marks the pages clean.
/// What is on disk is read anew by the next process.
enum FailedSync {
    static func endProcess() -> Never {
        let text =
            "a sync of the database file failed: ending, since writes may be lost; see the system's log for the disk\n"
        _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
        _exit(EX_IOERR)
    }
}

extension DatabaseError {
    var isFailedSync: Bool {
        extendedResultCode == .SQLITE_IOERR_FSYNC || extendedResultCode == .SQLITE_IOERR_DIR_FSYNC
    }
}
