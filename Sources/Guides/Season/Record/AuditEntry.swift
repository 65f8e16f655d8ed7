public import CivilTime

/// A line of the audit. Lines are only ever added.
public struct AuditEntry: Hashable, Sendable {
    /// From 1 within the service, without gaps: the service's version after the change.
    public let number: Int64
    public let at: Instant
    public let actor: String
    public let change: SeasonChange
}
