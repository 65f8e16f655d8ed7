/// Why the database did not do what was asked, in the words callers act on.
public enum StorageError: Error, Hashable, Sendable {
    /// A constraint refused the row; `name` is the constraint or the columns.
    case constraint(name: String)
    /// Gave up after bounded retries of a serialization failure or a lock.
    case busy
    /// The connection is lost or the server is away. Safe to try again for reads only.
    case unavailable(reason: String)
    /// Nothing was written: the volume is full, read-only or failing. Writes work again when it does.
    case full(volume: String)
    case unexpectedValue(column: Int, wanted: String)
    /// The database was written by a newer program.
    case newerSchema(found: Int, known: Int)
    /// Another process holds the file.
    case inUse(path: String, holder: String)
    /// The database refused the statement: a fault of this program.
    case refused(message: String)
    /// Damage found by the database; writes are refused until it is restored.
    case damaged(message: String)
    /// A lease that another worker has taken over.
    case leaseLost
}
