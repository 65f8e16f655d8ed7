import Accounts
import Availability
import CivilTime
import CronofyWire
import Scheduling

/// `POST /v1/sequenced_availability` (part 2, §2).
enum QuerySequence {
    /// Steps in one sequence.
    static let mostSteps = 12

    static func respond(_ call: APICall) async throws -> APIAnswer {
        var fields = Fields(call.body)
        let reader = QuestionReader(call: call)
        var people = QuestionReader.People()
        let windows = reader.windows(&fields)
        if windows == nil && fields.errors.isEmpty { fields.required("query_periods") }
        let values = fields.array("sequence") ?? []
        if values.isEmpty && fields.errors.isEmpty { fields.required("sequence") }
        if values.count > mostSteps {
            fields.fail("sequence", key: "errors.too_many", "must be at most \(mostSteps) steps")
        }
        var (steps, ids) = ([SequenceQuery.Step](), [JSONValue]())
        for (index, value) in values.prefix(mostSteps).enumerated() {
            var inner = Fields(value, prefix: "sequence[\(index)].")
            if let step = step(&inner, value, reader, into: &people) { steps.append(step) }
            ids.append(value["sequence_id"] ?? .null)
            if inner.value("sequence_id") == nil { inner.required("sequence_id") }
            fields.merge(inner)
        }
        let maxResults = fields.integer("max_results", in: 1...512) ?? 64
        try await reader.authorize(people, &fields)
        guard fields.errors.isEmpty, let windows else { throw fields.errors }
        let members = try await call.services.desk.members(
            people.members, client: call.caller.client, within: windows + steps.flatMap { $0.windows ?? [] },
            at: call.mark)
        let query = SequenceQuery(members: members, steps: steps, windows: windows, maxResults: Int(maxResults))
        let answer: SequenceAnswer
        do { answer = try SequenceEngine(query).answer() } catch { throw QuestionReader.wire(error) }
        return .json(write(answer, ids, people))
    }

    private static func step(
        _ fields: inout Fields, _ value: JSONValue, _ reader: QuestionReader, into people: inout QuestionReader.People
    ) -> SequenceQuery.Step? {
        let groups = reader.groups(&fields, into: &people)
        guard let duration = fields.duration("required_duration", in: 60...QuestionReader.longestDuration) else {
            if fields.value("required_duration") == nil { fields.required("required_duration") }
            return nil
        }
        var step = SequenceQuery.Step(groups: groups, duration: duration)
        step.ordinal = fields.integer("ordinal", in: -1_000_000...1_000_000).map(Int.init)
        step.startInterval = fields.duration("start_interval", in: 60...86_400)
        step.windows = reader.windows(&fields)
        if let buffer = fields.value("buffer") {
            step.before = reader.gap("before", buffer, prefix: "buffer.", &fields) ?? .init()
            step.after = reader.gap("after", buffer, prefix: "buffer.", &fields) ?? .init()
        }
        return step
    }

    private static func write(_ answer: SequenceAnswer, _ ids: [JSONValue], _ people: QuestionReader.People) -> [UInt8]
    {
        var participants = ParticipantsJSON(people)
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("sequences")
            writer.array(answer.solutions) { writer, solution in
                writer.object { writer in
                    writer.name("sequence")
                    writer.array(solution) { writer, placement in
                        writer.object { writer in
                            // With the type it came with.
                            writer.name("sequence_id")
                            writer.value(ids[placement.step])
                            participants.write(placement.period, placement.participants, to: &writer)
                        }
                    }
                }
            }
        }
        return writer.bytes
    }
}
