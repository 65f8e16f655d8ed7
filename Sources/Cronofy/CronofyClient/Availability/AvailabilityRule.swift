import CronofyWire

/// Hours of the week in which a person can be booked, kept by the service under the application's own id.
public struct AvailabilityRule: Hashable, Sendable, AnswerReadable {
    public struct WeeklyPeriod: Hashable, Sendable, AnswerReadable {
        /// `monday` to `sunday`.
        public let day: String
        /// `HH:MM` on the clocks of the rule's zone.
        public let start, end: String

        public init(day: String, start: String, end: String) { (self.day, self.start, self.end) = (day, start, end) }

        init(reading answer: AnswerReader) throws(CronofyError) {
            day = try answer.text("day")
            (start, end) = (try answer.text("start_time"), try answer.text("end_time"))
        }

        var json: JSONValue {
            .object(["day": .string(day), "start_time": .string(start), "end_time": .string(end)])
        }
    }

    /// At most 64 ASCII characters.
    public let id: String
    public let zone: String
    /// Which calendars make the person busy; nil: all.
    public let calendars: [String]?
    public let weeklyPeriods: [WeeklyPeriod]

    public init(id: String, zone: String, calendars: [String]? = nil, weeklyPeriods: [WeeklyPeriod]) {
        (self.id, self.zone, self.calendars, self.weeklyPeriods) = (id, zone, calendars, weeklyPeriods)
    }

    init(reading answer: AnswerReader) throws(CronofyError) {
        (id, zone) = (try answer.text("availability_rule_id"), try answer.text("tzid"))
        calendars = answer.member("calendar_ids") == nil ? nil : try answer.texts("calendar_ids")
        weeklyPeriods = try answer.list("weekly_periods")
    }

    var json: JSONValue {
        .members([
            "availability_rule_id": .string(id), "tzid": .string(zone), "calendar_ids": calendars.map(JSONValue.texts),
            "weekly_periods": .array(weeklyPeriods.map(\.json)),
        ])
    }
}

extension CronofyAccount {
    /// Creates or replaces the rule, and returns it as it is kept.
    @discardableResult
    public func upsert(_ rule: AvailabilityRule) async throws(CronofyError) -> AvailabilityRule {
        try await call(.post("/v1/availability_rules", rule.json)).object("availability_rule")
    }

    public func availabilityRules() async throws(CronofyError) -> [AvailabilityRule] {
        try await call(.get("/v1/availability_rules")).list("availability_rules")
    }

    public func availabilityRule(_ id: String) async throws(CronofyError) -> AvailabilityRule {
        try await call(.get("/v1/availability_rules/\(APICall.segment(id))")).object("availability_rule")
    }

    public func deleteAvailabilityRule(_ id: String) async throws(CronofyError) {
        _ = try await call(.delete("/v1/availability_rules/\(APICall.segment(id))"))
    }
}
