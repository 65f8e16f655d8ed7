import Accounts
import Availability
import CivilTime
import CronofyWire
import Scheduling

/// `POST /v1/availability_rules`: weekly open hours (part 2, §6).
enum UpsertAvailabilityRule {
    static let mostPeriods = 200

    static func respond(_ call: APICall) async throws -> APIAnswer {
        var fields = Fields(call.body)
        let id = fields.ownID("availability_rule_id")
        let zone = fields.zone("tzid", call.services.zones)
        if zone == nil && fields.value("tzid") == nil { fields.required("tzid") }
        let calendars = fields.texts("calendar_ids")
        if let calendars, calendars.isEmpty {
            fields.fail(
                "calendar_ids", key: "errors.invalid_calendar_ids",
                "must hold at least one calendar; leave it out for all")
        }
        let spans = spans(&fields)
        guard fields.errors.isEmpty, let id, let zone else { throw fields.errors }
        let rule = AvailabilityRule(id: id, zone: zone, calendars: calendars?.map { CalendarID($0) }, spans: spans)
        do {
            try await call.services.openHours.upsert(rule, of: try call.account, by: call.caller.client)
        } catch ManagedAvailability.Fault.unknownCalendars {
            throw WireErrors(
                "calendar_ids", key: "errors.invalid_calendar_ids", "must be calendars of this account")
        }
        return .json(RuleJSON.one(rule))
    }

    private static func spans(_ fields: inout Fields) -> [WeeklyHours.Span] {
        let values = fields.array("weekly_periods") ?? []
        if values.isEmpty && fields.errors.fields.allSatisfy({ $0.name != "weekly_periods" }) {
            fields.required("weekly_periods")
        }
        if values.count > mostPeriods {
            fields.fail("weekly_periods", key: "errors.too_many", "must be at most \(mostPeriods)")
        }
        return values.prefix(mostPeriods).enumerated().compactMap { index, value in
            var inner = Fields(value, prefix: "weekly_periods[\(index)].")
            defer { fields.merge(inner) }
            return span(&inner)
        }
    }

    private static func span(_ fields: inout Fields) -> WeeklyHours.Span? {
        let name = fields.text("day")
        let day = RuleJSON.days.firstIndex(of: name ?? "").flatMap(Weekday.init(rawValue:))
        if name == nil && fields.errors.isEmpty { fields.required("day") }
        if name != nil && day == nil {
            fields.fail("day", key: "errors.unknown_value", "must be one of " + RuleJSON.days.joined(separator: ", "))
        }
        let start = minute("start_time", &fields)
        var end = minute("end_time", &fields)
        // Midnight as an end is the end of the day.
        if end == 0 { end = 24 * 60 }
        guard let day, let start, let end else { return nil }
        guard let span = WeeklyHours.Span(day: day, start: start, end: end) else {
            fields.fail("end_time", key: "errors.out_of_range", "must be after start_time")
            return nil
        }
        return span
    }

    /// `HH:MM`, from 00:00 to 24:00.
    private static func minute(_ name: String, _ fields: inout Fields) -> Int? {
        guard let text = fields.text(name) else {
            if fields.raw(name) == nil { fields.required(name) }
            return nil
        }
        let bytes = Array(text.utf8)
        let parts = text.split(separator: ":").map(String.init)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"), parts.count == 2,
            bytes.allSatisfy({ (48...58).contains($0) }), let hour = Int(parts[0], in: 0...24),
            let minute = Int(parts[1], in: 0...59), hour < 24 || hour == 24 && minute == 0
        else {
            fields.fail(name, key: "errors.invalid", "must be a time such as 09:00, from 00:00 to 24:00")
            return nil
        }
        return hour * 60 + minute
    }
}

/// A rule as it is answered.
enum RuleJSON {
    static let days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]

    static func one(_ rule: AvailabilityRule) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("availability_rule")
            write(rule, to: &writer)
        }
        return writer.bytes
    }

    static func write(_ rule: AvailabilityRule, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("availability_rule_id", rule.id)
            writer.member("tzid", rule.zone.name)
            if let calendars = rule.calendars {
                writer.name("calendar_ids")
                writer.array(calendars) { $0.value($1.value) }
            }
            writer.name("weekly_periods")
            writer.array(rule.spans) { writer, span in
                writer.object {
                    $0.member("day", days[span.day.rawValue])
                    $0.member("start_time", time(span.start))
                    $0.member("end_time", time(span.end))
                }
            }
        }
    }

    private static func time(_ minute: Int) -> String {
        func two(_ value: Int) -> String { (value < 10 ? "0" : "") + String(value) }
        return two(minute / 60) + ":" + two(minute % 60)
    }
}
