public import CivilTime
import CronofyWire

/// A half-open stretch of time, `[start, end)`.
public struct TimeSpan: Hashable, Sendable, AnswerReadable {
    public let start, end: Instant

    public init(start: Instant, end: Instant) { (self.start, self.end) = (start, end) }

    init(reading answer: AnswerReader) throws(CronofyError) {
        (start, end) = (try answer.instant("start"), try answer.instant("end"))
    }

    var json: JSONValue { .object(["start": .instant(start), "end": .instant(end)]) }
}

/// When are these people free?
public struct AvailabilityQuestion: Hashable, Sendable {
    /// All must be satisfied at once.
    public var groups: [Group]
    /// Without buffers.
    public var duration: Duration
    public var when: When
    /// Starts stand on a grid of so many minutes.
    public var startInterval: Duration?
    public var buffer = Buffer()
    /// 1 to 512.
    public var mostResults: Int?
    public var ignoredEvents: [IgnoredEvent] = []

    public init(groups: [Group], duration: Duration, when: When) {
        (self.groups, self.duration, self.when) = (groups, duration, when)
    }

    public enum When: Hashable, Sendable {
        /// Anywhere within these.
        case within([TimeSpan])
        /// At one of these starts.
        case at([Instant])
    }

    public struct Group: Hashable, Sendable {
        public enum Required: Hashable, Sendable {
            case all
            /// At least so many, 1 to the number of members.
            case atLeast(Int)
        }

        public var members: [Member]
        public var required: Required

        public init(_ members: [Member], required: Required = .all) {
            (self.members, self.required) = (members, required)
        }

        var json: JSONValue {
            let count: JSONValue =
                switch required {
                case .all: .string("all")
                case .atLeast(let number): .integer(Int64(number))
                }
            return .object(["members": .array(members.map(\.json)), "required": count])
        }
    }

    public struct Member: Hashable, Sendable {
        public var sub: String
        /// Nil: all calendars. Empty: none, never busy.
        public var calendars: [String]?
        /// Free only within these.
        public var openPeriods: [TimeSpan] = []
        /// Free only within the available periods and the rules kept for this person.
        public var usesManagedAvailability = false
        /// Nil: all rules of the person.
        public var rules: [String]?

        public init(_ sub: String) { self.sub = sub }

        var json: JSONValue {
            .members([
                "sub": .string(sub), "calendar_ids": calendars.map(JSONValue.texts),
                "available_periods": openPeriods.isEmpty ? nil : .array(openPeriods.map(\.json)),
                "managed_availability": usesManagedAvailability ? .bool(true) : nil,
                "availability_rule_ids": rules.map(JSONValue.texts),
            ])
        }
    }

    /// Time that must be free around the meeting.
    public struct Buffer: Hashable, Sendable {
        public var before, after: Duration?

        public init(before: Duration? = nil, after: Duration? = nil) { (self.before, self.after) = (before, after) }

        var json: JSONValue? {
            guard before != nil || after != nil else { return nil }
            return .members(["before": before.map(JSONValue.duration), "after": after.map(JSONValue.duration)])
        }
    }

    /// An event that does not count, such as the one being moved.
    public enum IgnoredEvent: Hashable, Sendable {
        case managed(id: String)
        case external(uid: String)

        var json: JSONValue {
            switch self {
            case .managed(let id): .object(["event_id": .string(id)])
            case .external(let uid): .object(["event_uid": .string(uid)])
            }
        }
    }

    func json(format: String) -> JSONValue {
        var members: [String: JSONValue] = [
            "participants": .array(groups.map(\.json)), "required_duration": .duration(duration),
            "response_format": .string(format),
        ]
        switch when {
        case .within(let spans): members["query_periods"] = .array(spans.map(\.json))
        case .at(let starts): members["query_slots"] = .array(starts.map { .object(["start": .instant($0)]) })
        }
        members["start_interval"] = startInterval.map(JSONValue.duration)
        members["buffer"] = buffer.json
        members["max_results"] = mostResults.map { .integer(Int64($0)) }
        if !ignoredEvents.isEmpty { members["excluded_events"] = .array(ignoredEvents.map(\.json)) }
        return .object(members)
    }
}

/// A time that suits, and everybody who is free then.
public struct Opening: Hashable, Sendable, AnswerReadable {
    public let span: TimeSpan
    /// In the order of the question; may be more than were required.
    public let subs: [String]

    init(reading answer: AnswerReader) throws(CronofyError) {
        span = try TimeSpan(reading: answer)
        subs = try answer.list("participants", of: Participant.self).map(\.sub)
    }
}

struct Participant: AnswerReadable {
    let sub: String
    init(reading answer: AnswerReader) throws(CronofyError) { sub = try answer.text("sub") }
}
