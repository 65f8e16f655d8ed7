public import Accounts

/// Why nothing was connected. Reasons are sentences for people, without answers or internals of anybody's server.
public enum ConnectError: Error, Hashable, Sendable {
    /// The address is malformed, or one that the server must not ask: a private range, a port, a scheme.
    case refusedAddress(reason: String)
    case unreachable(reason: String)
    case wrongCredential(reason: String)
    /// Something answered, but no calendar.
    case notACalendar(reason: String)
    /// The address leads to another site, and the password would go there: `site` is its host.
    case needsConfirmation(site: String)
    /// This account has it already.
    case duplicate(ProfileID)
    /// Not there, or not the account's: both look alike.
    case unknownProfile
    /// A fault of this server; the cause is in its log.
    case failed
}
