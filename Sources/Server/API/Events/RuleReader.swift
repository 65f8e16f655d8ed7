import CivilTime
import CronofyWire
import Events
import Recurrence

/// Reads `recurrence` of an event: `{"rules": [{frequency, interval, by_day, count, until}]}` (part 1, §9.5). One rule; an
/// empty list for none.
struct RuleReader {
    let isAllDay: Bool
    private static let frequencies = ["daily", "weekly", "monthly", "yearly"]
    private static let days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]

    func rule(_ fields: inout Fields) -> EventDraft.Field<RecurrenceRule> {
        guard let recurrence = fields.raw("recurrence"), recurrence != .null, recurrence != .object([:]) else {
            return .keep
        }
        guard case .array(let rules)? = recurrence["rules"] else {
            fields.fail("recurrence.rules", key: "errors.must_be_array", "must be an array of one rule, or empty")
            return .keep
        }
        guard let first = rules.first else { return .clear }
        if rules.count > 1 {
            fields.fail("recurrence.rules", key: "errors.too_many", "must be at most one rule")
        }
        var inner = Fields(first, prefix: "recurrence.rules[0].")
        defer { fields.merge(inner) }
        let text = text(&inner)
        guard inner.errors.isEmpty else { return .keep }
        do { return .set(try RecurrenceRule(parsing: text)) } catch {
            inner.fail("frequency", key: "errors.invalid", "must be a rule that can repeat")
            return .keep
        }
    }

    /// The rule as RFC 5545 §3.3.10 writes it.
    private func text(_ fields: inout Fields) -> String {
        let frequency = word("frequency", of: Self.frequencies, &fields)
        if fields.value("frequency") == nil { fields.required("frequency") }
        var parts = ["FREQ=" + (frequency ?? "").uppercased()]
        if let interval = fields.integer("interval", in: 1...1000) { parts.append("INTERVAL=\(interval)") }
        let count = fields.integer("count", in: 1...10_000)
        if let count { parts.append("COUNT=\(count)") }
        if let days = fields.texts("by_day"), !days.isEmpty {
            if frequency != nil && frequency != "weekly" {
                fields.fail("by_day", key: "errors.not_allowed", "must be left out unless frequency is weekly")
            }
            if !days.allSatisfy(Self.days.contains) {
                fields.fail(
                    "by_day", key: "errors.unknown_value", "must hold only " + Self.days.joined(separator: ", "))
            }
            parts.append("BYDAY=" + days.map { $0.prefix(2).uppercased() }.joined(separator: ","))
        }
        if let until = until(&fields) {
            if count != nil { fields.fail("until", key: "errors.not_allowed", "must not be sent together with count") }
            parts.append("UNTIL=" + until)
        }
        return parts.joined(separator: ";")
    }

    private func word(_ name: String, of words: [String], _ fields: inout Fields) -> String? {
        guard let text = fields.text(name) else { return nil }
        guard words.contains(text) else {
            fields.fail(name, key: "errors.unknown_value", "must be one of " + words.joined(separator: ", "))
            return nil
        }
        return text
    }

    /// Of the kind the start is: a date for dates, an instant in UTC otherwise, a day's end for a date.
    private func until(_ fields: inout Fields) -> String? {
        guard let text = fields.text("until") else { return nil }
        func compact(_ text: String) -> String {
            String(decoding: text.utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") }, as: UTF8.self)
        }
        switch Result(catching: { () throws(WireTime.Fault) in try WireTime(parsing: text, allowsFractions: true) }) {
        case .success(.date(let date)): return compact(date.description) + (isAllDay ? "" : "T235959Z")
        case .success(.instant(let instant)):
            return compact(isAllDay ? Zone.utc.civil(at: instant).date.description : instant.description)
        case .failure:
            fields.fail(
                "until", key: "errors.must_be_time",
                "must be a time such as 2031-04-05T06:07:08Z or a date such as 2031-04-05")
            return nil
        }
    }
}
