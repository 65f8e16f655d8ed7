public import CivilTime
public import Trips

extension SeasonStore {
    /// Writes down that crews of a season's plan were accepted, with what the plan was made from.
    public func recordPlan(
        first: CivilDate, last: CivilDate, seed: Int64, version: Int64, places: Int, of service: ServiceID,
        by actor: Actor
    ) async throws {
        try await change(service, by: actor) { edit in
            try edit.record(
                .planAccepted(
                    first: Int64(first.dayNumber), last: Int64(last.dayNumber), seed: seed, version: version,
                    places: Int64(places)))
        }
    }
}
