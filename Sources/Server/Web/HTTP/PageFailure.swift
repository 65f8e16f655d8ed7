/// Why a request got no page of its own.
enum PageFailure: Error, Hashable, Sendable {
    /// Not there, or not the visitor's: both look alike.
    case notFound
    case signInNeeded
    /// A form that did not come from our own page, or from a session that has ended.
    case foreignForm
    case tooLarge(limit: Int)
    case malformed
    /// Too many wrong passwords or links; the next is looked at after `seconds`.
    case tooManyTries(seconds: Int64)
    /// The database cannot be reached.
    case unavailable
    /// The database's volume takes no writes.
    case storageFull
    case failed
}
