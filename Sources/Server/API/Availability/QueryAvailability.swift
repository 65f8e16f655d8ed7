import Accounts
import Availability
import CivilTime
import CronofyWire
import Scheduling

/// `POST /v1/availability` (part 2, §1).
enum QueryAvailability {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        var fields = Fields(call.body)
        let reader = QuestionReader(call: call)
        var people = QuestionReader.People()
        let groups = reader.groups(&fields, into: &people)
        let duration = fields.duration("required_duration", in: 60...QuestionReader.longestDuration)
        if duration == nil && fields.value("required_duration") == nil { fields.required("required_duration") }
        let windows = self.windows(reader, &fields)
        let format = self.format(&fields)
        let interval = fields.duration("start_interval", in: 60...86_400)
        let maxResults = fields.integer("max_results", in: 1...512) ?? 512
        let buffers = fields.value("buffer").map { reader.buffers($0, prefix: "buffer.", &fields) }
        let excluded = reader.excluded(&fields)
        let wantsStatuses = fields.flag("include_member_statuses") ?? false
        try await reader.authorize(people, &fields)
        guard fields.errors.isEmpty, let duration, let windows else { throw fields.errors }
        var query = AvailabilityQuery(
            members: try await call.services.desk.members(
                people.members, client: call.caller.client, within: windows.periods(of: duration), excluding: excluded,
                at: call.mark),
            groups: groups, duration: duration, windows: windows, format: format, maxResults: Int(maxResults))
        query.startInterval = interval
        (query.bufferBefore, query.bufferAfter) = (buffers?.0 ?? 0, buffers?.1 ?? 0)
        let answer: AvailabilityAnswer
        do { answer = try AvailabilityEngine(query).answer() } catch { throw QuestionReader.wire(error) }
        return .json(try await write(answer, format, people, statuses: wantsStatuses, call))
    }

    private static func windows(_ reader: QuestionReader, _ fields: inout Fields) -> AvailabilityQuery.Windows? {
        let periods = reader.windows(&fields)
        guard let slots = fields.array("query_slots") else {
            if periods == nil && fields.errors.isEmpty { fields.required("query_periods") }
            return periods.map { .periods($0) }
        }
        if periods != nil {
            fields.fail("query_slots", key: "errors.not_allowed", "must not be sent together with query_periods")
        }
        return .slots(
            slots.enumerated().compactMap { index, value in
                var inner = Fields(value, prefix: "query_slots[\(index)].")
                let start = inner.instant("start")
                if start == nil && inner.errors.isEmpty { inner.required("start") }
                fields.merge(inner)
                return start
            })
    }

    private static func format(_ fields: inout Fields) -> AvailabilityQuery.Format {
        switch fields.text("response_format") {
        // Query slots are answered one by one, whatever format is left to its default.
        case nil: return fields.value("query_slots") == nil ? .periods : .slots
        case "periods": return .periods
        case "slots": return .slots
        case "overlapping_slots": return .overlappingSlots
        default:
            fields.fail("response_format", key: "errors.unknown_value", "must be periods, slots or overlapping_slots")
            return .periods
        }
    }

    private static func write(
        _ answer: AvailabilityAnswer, _ format: AvailabilityQuery.Format, _ people: QuestionReader.People,
        statuses: Bool, _ call: APICall
    ) async throws -> [UInt8] {
        let known = statuses ? try await call.services.desk.statuses(of: people.members.map(\.account)) : [:]
        var participants = ParticipantsJSON(people)
        var writer = JSONWriter()
        writer.object { writer in
            if format == .periods { writer.name("available_periods") } else { writer.name("available_slots") }
            writer.array(answer.entries) { writer, entry in
                writer.object { participants.write(entry.period, entry.participants, to: &$0) }
            }
            guard statuses else { return }
            writer.name("member_statuses")
            writer.array(Set(people.subs).sorted()) { writer, sub in
                writer.object {
                    $0.member("sub", sub)
                    $0.member("sync_status", (known[AccountID(sub)] ?? .pending).rawValue)
                }
            }
        }
        return writer.bytes
    }
}

/// A time with who is free.
struct ParticipantsJSON {
    private let subs: [String]
    /// Whether nobody is named twice, so that no list can name them twice.
    private let areDistinct: Bool
    /// Of the time before, which most often has the same.
    private var written: (participants: [Int], json: [UInt8]) = ([], Array("[]".utf8))

    init(_ people: QuestionReader.People) {
        subs = people.subs
        areDistinct = Set(subs).count == subs.count
    }

    mutating func write(_ period: Period, _ participants: [Int], to writer: inout JSONWriter) {
        writer.member("start", period.start.description)
        writer.member("end", period.end.description)
        writer.name("participants")
        if participants != written.participants { written = (participants, json(participants)) }
        writer.value(json: written.json)
    }

    private func json(_ participants: [Int]) -> [UInt8] {
        var writer = JSONWriter()
        var seen: Set<String> = []
        writer.array(areDistinct ? participants : participants.filter { seen.insert(subs[$0]).inserted }) {
            writer, member in
            writer.object { $0.member("sub", subs[member]) }
        }
        return writer.bytes
    }
}

extension AvailabilityQuery.Windows {
    /// The time they cover, for meetings of `duration` seconds.
    fileprivate func periods(of duration: Int64) -> [Period] {
        switch self {
        case .periods(let periods): periods
        case .slots(let starts):
            starts.compactMap { start in
                start.advanced(bySeconds: duration).flatMap { Period(from: start, to: $0) }
            }
        }
    }
}
