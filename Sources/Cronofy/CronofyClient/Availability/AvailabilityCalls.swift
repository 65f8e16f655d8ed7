import CronofyWire

/// How free time is cut.
public enum OpeningForm: String, Hashable, Sendable {
    /// Whole stretches; the meeting fits anywhere in each.
    case periods
    /// Starts that follow one another without overlap.
    case slots
    /// A start at every step of the grid.
    case overlappingSlots = "overlapping_slots"
}

extension CronofyApplication {
    /// When the people of the question are free, earliest first; empty where they never are.
    /// - Throws: `.invalid` naming the fields of the question that cannot be answered.
    public func availability(
        of question: AvailabilityQuestion, as form: OpeningForm = .slots
    ) async throws(CronofyError) -> [Opening] {
        let answer = try await call(.post("/v1/availability", question.json(format: form.rawValue)))
        return try answer.list(form == .periods ? "available_periods" : "available_slots")
    }

    /// Ways to hold several meetings one after another, each way in the order of time.
    public func availability(of question: SequenceQuestion) async throws(CronofyError) -> [[SequenceQuestion.Placed]] {
        try await call(.post("/v1/sequenced_availability", question.json)).list("sequences", of: Sequence.self).map(
            \.steps)
    }
}

private struct Sequence: AnswerReadable {
    let steps: [SequenceQuestion.Placed]
    init(reading answer: AnswerReader) throws(CronofyError) { steps = try answer.list("sequence") }
}

/// When can these meetings follow one another?
public struct SequenceQuestion: Hashable, Sendable {
    public var steps: [Step]
    public var within: [TimeSpan]

    public init(_ steps: [Step], within: [TimeSpan]) { (self.steps, self.within) = (steps, within) }

    public struct Step: Hashable, Sendable {
        public var id: String
        /// Lower ones come first; steps without one may stand anywhere.
        public var ordinal: Int?
        public var groups: [AvailabilityQuestion.Group]
        public var duration: Duration
        public var startInterval: Duration?
        public var before = Gap()
        public var after = Gap()
        /// Empty: those of the whole question.
        public var within: [TimeSpan] = []

        public init(id: String, groups: [AvailabilityQuestion.Group], duration: Duration) {
            (self.id, self.groups, self.duration) = (id, groups, duration)
        }

        var json: JSONValue {
            .members([
                "sequence_id": .string(id), "ordinal": ordinal.map { .integer(Int64($0)) },
                "participants": .array(groups.map(\.json)), "required_duration": .duration(duration),
                "start_interval": startInterval.map(JSONValue.duration),
                "buffer": .members(["before": before.json, "after": after.json]),
                "query_periods": within.isEmpty ? nil : .array(within.map(\.json)),
            ])
        }
    }

    /// How far a step stands from its neighbour.
    public struct Gap: Hashable, Sendable {
        public var least, most: Duration?

        public init(least: Duration? = nil, most: Duration? = nil) { (self.least, self.most) = (least, most) }

        var json: JSONValue? {
            guard least != nil || most != nil else { return nil }
            return .members(["minimum": least.map(JSONValue.duration), "maximum": most.map(JSONValue.duration)])
        }
    }

    /// A step with its time.
    public struct Placed: Hashable, Sendable, AnswerReadable {
        public let stepID: String
        public let span: TimeSpan
        public let subs: [String]

        init(reading answer: AnswerReader) throws(CronofyError) {
            stepID = try answer.text("sequence_id")
            span = try TimeSpan(reading: answer)
            subs = try answer.list("participants", of: Participant.self).map(\.sub)
        }
    }

    var json: JSONValue {
        .object(["sequence": .array(steps.map(\.json)), "query_periods": .array(within.map(\.json))])
    }
}
