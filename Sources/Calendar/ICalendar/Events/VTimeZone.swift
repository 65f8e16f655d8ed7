import CivilTime
import Recurrence

/// Turns a VTIMEZONE into a table of transitions and back (RFC 5545 §3.6.5).
enum VTimeZone {
    /// Years for which rules are worked out; beyond them the last offset holds.
    private static let since = Instant(seconds: -2_208_988_800)  // 1900
    private static let until = Instant(seconds: 4_102_444_800)  // 2100
    private static let mostObservances = 200
    private static let mostRules = 20

    /// Work for one zone, over all its observances: a minute-by-minute rule is no zone.
    private static let limits: ExpansionLimits = {
        var limits = ExpansionLimits()
        (limits.candidates, limits.dates, limits.occurrences) = (100_000, 2_000, 2_000)
        return limits
    }()

    /// Nil where it defines nothing that can be used. Work is bounded.
    static func zone(_ component: Component, id: ZoneID) -> Zone? {
        let observances = component.components.filter { $0.name == "STANDARD" || $0.name == "DAYLIGHT" }
        guard !observances.isEmpty, observances.count <= mostObservances else { return nil }
        var changes: [Int64: Int32] = [:]
        var first: (at: Int64, before: Int32)?
        var unbounded = 0
        for observance in observances {
            guard let to = observance.first(.tzoffsetto).flatMap({ offset($0.value) }),
                case .local(let start)? = observance.first(.dtstart).flatMap({ TimeValue.parse($0.valueBytes)?.value })
            else { return nil }
            // An observance that does not say what was before it changes nothing.
            let from = observance.first(.tzoffsetfrom).flatMap { offset($0.value) } ?? to
            unbounded += observance.properties.count { $0.known == .rrule }
            guard unbounded <= mostRules, let onsets = onsets(of: observance, at: start, offset: from) else {
                return nil
            }
            for onset in onsets {
                changes[onset] = to
                if first.map({ onset < $0.at }) ?? true { first = (onset, from) }
            }
        }
        guard let first else { return nil }
        var current = first.before
        let ordered = changes.sorted { $0.key < $1.key }.filter { change in
            // An onset that changes nothing is no change.
            defer { current = change.value }
            return change.value != current
        }
        return Zone(
            id: id, initialOffset: first.before, changes: ordered.map { (Instant(seconds: $0.key), $0.value) })
    }

    /// Instants at which an observance begins, in seconds; nil where its rule is too much work or no rule. Its times are
    /// told by the clock that went before it (RFC 5545 §3.6.5); UNTIL is in UTC.
    private static func onsets(of observance: Component, at start: CivilDateTime, offset: Int32) -> [Int64]? {
        let before = Zone(id: ZoneID(""), initialOffset: offset, changes: [])
        do {
            let rules = try observance.all("RRULE").map { try RecurrenceRule(parsing: $0.value.trimmed) }
            let dates = observance.all("RDATE").flatMap { property in
                property.valueBytes.split(separator: ASCII.comma).compactMap { value -> RecurrenceSet.Start? in
                    switch TimeValue.parse(value.prefix { $0 != UInt8(ascii: "/") })?.value {
                    case .local(let time): .local(time, before)
                    case .utc(let instant): .utc(instant)
                    case .date(let date): .local(date.midnight, before)
                    case nil: nil
                    }
                }
            }
            let set = RecurrenceSet(start: .local(start, before), rules: rules, dates: dates)
            let onsets = try set.starts(from: since, until: until, limits: limits).map(\.instant.seconds)
            return [before.instant(of: start).seconds] + onsets
        } catch { return nil }
    }

    /// `+0100` or `-053000` in seconds (RFC 5545 §3.3.14).
    private static func offset(_ text: String) -> Int32? {
        let trimmed = text.trimmed
        let digits = trimmed.dropFirst(trimmed.hasPrefix("+") || trimmed.hasPrefix("-") ? 1 : 0)
        guard let date = CivilDate(year: 2000, month: 1, day: 1), let time = CivilDateTime(date: date, compact: digits)
        else { return nil }
        return trimmed.hasPrefix("-") ? -time.secondOfDay : time.secondOfDay
    }

    /// A VTIMEZONE that says what `zone` does from the year before `first` for `years` years.
    static func component(for zone: Zone, from first: Instant, years: Int64) -> Component {
        var component = Component("VTIMEZONE", properties: [Property("TZID", zone.id.name)])
        let year: Int64 = 31_557_600
        var instant = Instant(seconds: first.seconds - year)
        let limit = Instant(seconds: first.seconds + years * year)
        component.components.append(observance(at: instant, zone: zone, before: zone.offset(at: instant)))
        while let next = zone.nextTransition(after: instant, before: limit), component.components.count < 64 {
            component.components.append(
                observance(at: next, zone: zone, before: zone.offset(at: Instant(seconds: next.seconds - 1))))
            instant = next
        }
        return component
    }

    private static func observance(at instant: Instant, zone: Zone, before: Int32) -> Component {
        let after = zone.offset(at: instant)
        let wall = CivilDateTime(wallSeconds: instant.seconds + Int64(before))
        return Component(
            after > before ? "DAYLIGHT" : "STANDARD",
            properties: [
                Property("DTSTART", wall.map(TimeText.compact) ?? "19700101T000000"),
                Property("TZOFFSETFROM", offsetText(before)), Property("TZOFFSETTO", offsetText(after)),
            ])
    }

    private static func offsetText(_ offset: Int32) -> String {
        let size = abs(offset)
        func two(_ value: Int32) -> String { (value < 10 ? "0" : "") + String(value) }
        let seconds = size % 60 == 0 ? "" : two(size % 60)
        return (offset < 0 ? "-" : "+") + two(size / 3600) + two(size / 60 % 60) + seconds
    }
}
