import CivilTime
import Recurrence

/// Turns a VTIMEZONE into a table of transitions and back (RFC 5545 §3.6.5).
enum VTimeZone {
    /// Years for which rules without end are worked out; beyond them the last offset holds.
    private static let until = Instant(seconds: 4_102_444_800)  // 2100
    private static let mostObservances = 200

    /// Nil where it defines nothing that can be used. Work is bounded: each observance by the limits of recurrence.
    static func zone(_ component: Component, id: ZoneID) -> Zone? {
        let observances = component.components.filter { $0.name == "STANDARD" || $0.name == "DAYLIGHT" }
        guard !observances.isEmpty, observances.count <= mostObservances else { return nil }
        var changes: [Int64: Int32] = [:]
        var first: (at: Int64, before: Int32)?
        for observance in observances {
            guard let from = observance.first("TZOFFSETFROM").flatMap({ offset($0.value) }),
                let to = observance.first("TZOFFSETTO").flatMap({ offset($0.value) }),
                let start = observance.first("DTSTART").flatMap({ local($0.value) }),
                let onsets = onsets(of: observance, from: start)
            else { return nil }
            for onset in onsets {
                let instant = onset - Int64(from)
                changes[instant] = to
                if first.map({ instant < $0.at }) ?? true { first = (instant, from) }
            }
        }
        guard let first else { return nil }
        let ordered = changes.sorted { $0.key < $1.key }
        return Zone(
            id: id, initialOffset: first.before, changes: ordered.map { (Instant(seconds: $0.key), $0.value) })
    }

    /// Wall times at which an observance begins; nil where its rule is too much work or no rule.
    private static func onsets(of observance: Component, from start: CivilDateTime) -> [Int64]? {
        do {
            let rules = try observance.all("RRULE").map { try RecurrenceRule(parsing: $0.value) }
            let dates = observance.all("RDATE").flatMap { TextValue.list($0.valueBytes) }
                .compactMap(local).map { RecurrenceSet.Start.utc(Instant(seconds: $0.wallSeconds)) }
            let set = RecurrenceSet(start: .utc(Instant(seconds: start.wallSeconds)), rules: rules, dates: dates)
            return try set.starts(from: Instant(seconds: .min), until: until).map(\.instant.seconds)
        } catch { return nil }
    }

    private static func local(_ text: String) -> CivilDateTime? {
        let parts = text.trimmed.uppercased().split(separator: "T")
        guard parts.count == 2, let date = CivilDate(compact: parts[0]) else { return nil }
        return CivilDateTime(date: date, compact: parts[1].prefix(6))
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
