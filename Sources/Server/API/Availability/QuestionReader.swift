import Accounts
import Availability
import CivilTime
import CronofyWire
import Events
import Scheduling

/// Reads the parts that availability and sequences share (part 2, §1.1).
struct QuestionReader {
    let call: APICall
    static let longestDuration: Int64 = 366 * 86_400

    /// Every member named so far, each once per place it stands in, and the groups over them.
    struct People {
        var members: [AvailabilityDesk.Member] = []
        var subs: [String] = []
    }

    func groups(
        _ fields: inout Fields, into people: inout People
    ) -> [AvailabilityQuery.Group] {
        guard let value = fields.value("participants") else {
            fields.required("participants")
            return []
        }
        // A single group may stand alone.
        let groups: [JSONValue] = if case .array(let values) = value { values } else { [value] }
        return groups.enumerated().compactMap { index, value in
            group(value, index: index, &fields, into: &people)
        }
    }

    private func group(
        _ value: JSONValue, index: Int, _ fields: inout Fields, into people: inout People
    ) -> AvailabilityQuery.Group? {
        let prefix = "participants[\(index)]."
        var inner = Fields(value, prefix: prefix)
        defer { fields.merge(inner) }
        guard let members = inner.array("members") else {
            if inner.errors.isEmpty { inner.required("members") }
            return nil
        }
        var indices: [Int] = []
        for (number, member) in members.enumerated() {
            guard let read = self.member(member, prefix: "\(prefix)members[\(number)].", &inner) else { continue }
            indices.append(people.members.count)
            people.members.append(read)
            people.subs.append(read.account.value)
        }
        return required(value["required"], count: members.count, &inner).map {
            AvailabilityQuery.Group(required: $0, members: indices)
        }
    }

    private func required(
        _ value: JSONValue?, count: Int, _ fields: inout Fields
    ) -> AvailabilityQuery.Group.Required? {
        switch value {
        case nil, .null, .string("all"): return .all
        case .integer(let number) where (1...Int64(count)).contains(number): return .count(Int(number))
        default:
            fields.fail("required", key: "errors.out_of_range", "must be \"all\" or a whole number from 1 to \(count)")
            return nil
        }
    }

    private func member(
        _ value: JSONValue, prefix: @autoclosure () -> String, _ fields: inout Fields
    ) -> AvailabilityDesk.Member? {
        if case .string(let sub) = value { return AvailabilityDesk.Member(account: AccountID(sub)) }
        // Most are asked for by no more than who they are.
        if case .object(let parts) = value, parts.count == 1, case .string(let sub)? = parts["sub"],
            sub.utf8.count <= 128
        {
            return AvailabilityDesk.Member(account: AccountID(sub))
        }
        let prefix = prefix()
        var inner = Fields(value, prefix: prefix)
        defer { fields.merge(inner) }
        guard let sub = inner.text("sub", most: 128) else {
            if inner.errors.isEmpty { inner.required("sub") }
            return nil
        }
        var member = AvailabilityDesk.Member(account: AccountID(sub))
        member.calendars = inner.texts("calendar_ids").map { Set($0.map { CalendarID($0) }) }
        member.open = periods("available_periods", &inner)
        member.onlyManagedEvents = inner.flag("only_managed_events") ?? false
        member.ignoresTentative = inner.flag("ignore_tentative") ?? false
        if inner.flag("managed_availability") == true {
            member.managed = inner.texts("availability_rule_ids").map { .rules(Set($0)) } ?? .allRules
        }
        member.eventLimits = eventLimits(&inner)
        if let buffer = inner.value("buffer") {
            (member.bufferBefore, member.bufferAfter) = buffers(buffer, prefix: prefix + "buffer.", &inner)
        }
        return member
    }

    /// `availability_constraints`: how many events the person takes on in a day or week.
    private func eventLimits(_ fields: inout Fields) -> [EventLimit] {
        (fields.array("availability_constraints") ?? []).enumerated().compactMap { index, value in
            var inner = Fields(value, prefix: "\(fields.prefix)availability_constraints[\(index)].")
            defer { fields.merge(inner) }
            let span = inner.text("period").flatMap { EventLimit.Span(rawValue: $0) }
            if span == nil { inner.fail("period", key: "errors.unknown_value", "must be day or week") }
            let limit = inner.integer("limit", in: 1...10_000)
            if limit == nil && inner.value("limit") == nil { inner.required("limit") }
            // Events have no tags here: counting all of them, or none, would both be wrong.
            if inner.value("tags") != nil {
                inner.fail("tags", key: "errors.not_supported", "is not supported: leave it out to count every event")
            }
            let zone = inner.zone("tzid", call.services.zones).flatMap { call.services.zones.zone($0) }
            guard let span, let limit else { return nil }
            return EventLimit(span: span, limit: Int(limit), zone: zone)
        }
    }

    /// `before` and `after`, each a Duration or `{minimum, maximum}`; the maximum means something in sequences only.
    func buffers(_ value: JSONValue, prefix: String, _ fields: inout Fields) -> (Int64?, Int64?) {
        let before = gap("before", value, prefix: prefix, &fields)
        let after = gap("after", value, prefix: prefix, &fields)
        return (before.map(\.minimum), after.map(\.minimum))
    }

    func gap(_ name: String, _ value: JSONValue, prefix: String, _ fields: inout Fields) -> SequenceQuery.Gap? {
        var inner = Fields(value, prefix: prefix)
        defer { fields.merge(inner) }
        guard let side = inner.value(name) else { return nil }
        guard side["minimum"] != nil || side["maximum"] != nil else {
            return inner.duration(name, in: 0...Self.longestDuration).map { SequenceQuery.Gap(minimum: $0) }
        }
        var bounds = Fields(side, prefix: prefix + name + ".")
        let minimum = bounds.duration("minimum", in: 0...Self.longestDuration) ?? 0
        let maximum = bounds.duration("maximum", in: 0...Self.longestDuration)
        if let maximum, maximum < minimum {
            bounds.fail("maximum", key: "errors.out_of_range", "must not be less than minimum")
        }
        inner.merge(bounds)
        return SequenceQuery.Gap(minimum: minimum, maximum: maximum)
    }

    /// A list of `{start, end}`; nil where there is none.
    func periods(_ name: String, _ fields: inout Fields) -> [Period]? {
        guard let values = fields.array(name) else { return nil }
        if values.count > 1_000 { fields.fail(name, key: "errors.too_many", "must be at most 1000 periods") }
        return values.prefix(1_000).enumerated().compactMap { index, value in
            var inner = Fields(value, prefix: "\(fields.prefix)\(name)[\(index)].")
            defer { fields.merge(inner) }
            let (start, end) = (inner.instant("start"), inner.instant("end"))
            for (name, bound) in [("start", start), ("end", end)] where bound == nil && inner.raw(name) == nil {
                inner.required(name)
            }
            guard let start, let end else { return nil }
            guard let period = Period(from: start, to: end) else {
                inner.fail("end", key: "errors.out_of_range", "must be after start")
                return nil
            }
            return period
        }
    }

    /// The windows of a question: `query_periods`, or its older name.
    func windows(_ fields: inout Fields) -> [Period]? {
        periods("query_periods", &fields) ?? periods("available_periods", &fields)
    }

    /// Everybody asked about must have granted the application something; the others look as if they were not there.
    func authorize(_ people: People, _ fields: inout Fields) async throws {
        let ids = people.members.map(\.account)
        let refused = try await call.services.accounts.unauthorized(ids, for: call.caller.client, at: call.mark)
        for sub in refused.map(\.value).sorted() {
            fields.fail(
                "participants", key: "errors.unknown_sub", "'\(sub.prefix(64))' is not an account of this application")
        }
    }

    /// Events left out: `{event_id}` or `{event_uid}`.
    func excluded(_ fields: inout Fields) -> Set<AvailabilityDesk.ExcludedEvent> {
        var result: Set<AvailabilityDesk.ExcludedEvent> = []
        for (index, value) in (fields.array("excluded_events") ?? []).enumerated() {
            var inner = Fields(value, prefix: "excluded_events[\(index)].")
            if let id = inner.text("event_id") { result.insert(.managed(eventID: id)) }
            if let uid = inner.text("event_uid").flatMap({ EventUID(parsing: $0) }) { result.insert(.item(uid.item)) }
            fields.merge(inner)
        }
        return result
    }

    /// A fault the engine found, in the API's words.
    static func wire(_ error: AvailabilityQueryError) -> WireErrors {
        let (field, text): (String, String) =
            switch error {
            case .tooManyPeople(let limit): ("participants", "must name at most \(limit) people")
            case .windowsTooLong(let days): ("query_periods", "must cover at most \(days) days together")
            case .windowsOutOfRange: ("query_periods", "must lie within the years 1 to 9999")
            case .tooManySlots(let limit): ("max_results", "must be at most \(limit)")
            case .durationNotPositive: ("required_duration", "must be at least a minute")
            case .startIntervalNotPositive: ("start_interval", "must be at least a minute")
            case .maxResultsNotPositive: ("max_results", "must be at least 1")
            case .bufferOutOfRange: ("buffer", "must be from nothing to 366 days")
            case .noGroups: ("participants", "must hold a group")
            case .emptyGroup(let index): ("participants[\(index)].members", "must hold a member")
            case .requiredOutOfRange(let group, let allowed):
                ("participants[\(group)].required", "must be from \(allowed.lowerBound) to \(allowed.upperBound)")
            case .unknownMember(let group): ("participants[\(group)].members", "must be members of the question")
            case .slotsAsPeriods: ("response_format", "must be slots or overlapping_slots where query_slots are given")
            }
        return WireErrors(field, key: "errors.out_of_range", text)
    }
}
