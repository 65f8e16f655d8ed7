public import CivilTime
public import StorageKit
public import Trips

extension SeasonChange {
    /// Adds a line to a service's audit, in the transaction of the change itself.
    /// - Throws: `SeasonError.notFound` where there is no such service.
    public func record(
        of service: ServiceID, by actor: Actor, at now: Instant, in session: any WriteSession
    ) throws {
        try SeasonEdit.record(self, of: service, by: actor, at: now, in: session)
    }
}
