import CronofyWire

/// A stretch in which a person can be booked, kept by the service under the application's own id.
public struct AvailablePeriod: Hashable, Sendable, AnswerReadable {
    /// At most 64 ASCII characters.
    public let id: String
    public let start, end: EventTime

    public init(id: String, start: EventTime, end: EventTime) { (self.id, self.start, self.end) = (id, start, end) }

    init(reading answer: AnswerReader) throws(CronofyError) {
        id = try answer.text("available_period_id")
        (start, end) = (try answer.time("start"), try answer.time("end"))
    }

    var json: JSONValue {
        .object(["available_period_id": .string(id), "start": start.json, "end": end.json])
    }
}

extension CronofyAccount {
    public func upsert(_ period: AvailablePeriod) async throws(CronofyError) {
        _ = try await call(.post("/v1/available_periods", period.json))
    }

    /// Periods that start before `to` and end on or after `from`; all where neither is given.
    public func availablePeriods(
        zone: String = "Etc/UTC", from: QueryBound? = nil, to: QueryBound? = nil
    ) -> PageSequence<AvailablePeriod> {
        var pairs: [(name: String, value: String)] = []
        if let from { pairs.append(("from", from.text)) }
        if let to { pairs.append(("to", to.text)) }
        if !pairs.isEmpty { pairs.append(("tzid", zone)) }
        return PageSequence(account: self, first: .get("/v1/available_periods", pairs)) {
            answer throws(CronofyError) in try answer.list("available_periods")
        }
    }

    public func deleteAvailablePeriod(_ id: String) async throws(CronofyError) {
        _ = try await call(.delete("/v1/available_periods", .object(["available_period_id": .string(id)])))
    }

    public func deleteAllAvailablePeriods() async throws(CronofyError) {
        _ = try await call(.delete("/v1/available_periods", .object(["delete_all": .bool(true)])))
    }
}
