import CivilTime
import Recurrence

/// An RRULE: what is parsed is written and parses as equal, and expands the same whatever the window.
public enum RuleTarget: FuzzTarget {
    public static let name = "rrule"

    private static let limits: ExpansionLimits = {
        var limits = ExpansionLimits()
        (limits.candidates, limits.occurrences) = (20_000, 2_000)
        return limits
    }()

    public static func check(_ bytes: [UInt8]) throws(FuzzFinding) {
        guard let rule = parse(String(decoding: bytes, as: UTF8.self)) else { return }
        guard parse(rule.text) == rule else {
            throw FuzzFinding("'\(rule.text)' parses otherwise than what it was written from")
        }
        guard let date = CivilDate(year: 2024, month: 1, day: 31),
            let time = CivilDateTime(date: date, hour: 9, minute: 30, second: 0),
            let zone = ZoneDatabase.system.zone(ZoneID("Europe/Paris"))
        else { return }
        for start in [RecurrenceSet.Start.date(date), .local(time, zone)] {
            let set = RecurrenceSet(start: start, rules: [rule])
            let (first, middle, last): (Int64, Int64, Int64) = (1_700_000_000, 1_730_000_000, 1_760_000_000)
            guard let whole = starts(set, first, last), let left = starts(set, first, middle),
                let right = starts(set, middle, last)
            else { continue }
            guard left + right == whole else { throw FuzzFinding("'\(rule.text)' expands by its window") }
            guard zip(whole, whole.dropFirst()).allSatisfy({ $0 < $1 }) else {
                throw FuzzFinding("'\(rule.text)' does not ascend")
            }
        }
    }

    private static func parse(_ text: String) -> RecurrenceRule? {
        do { return try RecurrenceRule(parsing: text) } catch { return nil }
    }

    private static func starts(_ set: RecurrenceSet, _ from: Int64, _ until: Int64) -> [Instant]? {
        do {
            return try set.starts(from: Instant(seconds: from), until: Instant(seconds: until), limits: limits)
                .map(\.instant)
        } catch { return nil }
    }
}
