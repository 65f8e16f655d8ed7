internal import CivilTime
internal import ICalendar

extension GraphRecurrence {
    /// The RRULE that names the same days, for a series that begins at `first`; `zones` say what UNTIL is in UTC.
    func rule(from first: EventTime, zones: ZoneDatabase) -> String {
        var parts = [frequency]
        if interval > 1 { parts.append("INTERVAL=\(interval)") }
        parts += days
        switch end {
        case .never: break
        case .count(let count): parts.append("COUNT=\(count)")
        case .date(let date): parts.append("UNTIL=" + Self.until(date, first, zones))
        }
        return parts.joined(separator: ";")
    }

    private var frequency: String {
        switch pattern {
        case .daily: "FREQ=DAILY"
        case .weekly: "FREQ=WEEKLY"
        case .absoluteMonthly, .relativeMonthly: "FREQ=MONTHLY"
        case .absoluteYearly, .relativeYearly: "FREQ=YEARLY"
        }
    }

    private var days: [String] {
        switch pattern {
        case .daily: []
        case .weekly(let days, let first):
            ["BYDAY=" + Self.codes(days)] + (first == .monday ? [] : ["WKST=" + first.ruleCode])
        case .absoluteMonthly(let day): Self.monthDay(day, always: 28)
        case .relativeMonthly(let days, let index): Self.relative(days, index)
        case .absoluteYearly(let month, let day): ["BYMONTH=\(month)"] + Self.monthDay(day, always: Self.always(month))
        case .relativeYearly(let days, let index, let month): ["BYMONTH=\(month)"] + Self.relative(days, index)
        }
    }

    /// The last day that the month has in every year.
    private static func always(_ month: Int) -> Int { CivilDate.days(inMonth: month, of: 2001) }

    /// Exchange takes the month's last day where the month is shorter; RFC 5545 would leave the month out. So the last of
    /// the days up to `day` is asked for.
    private static func monthDay(_ day: Int, always: Int) -> [String] {
        guard day > always else { return ["BYMONTHDAY=\(day)"] }
        return ["BYMONTHDAY=" + (always...day).map(String.init).joined(separator: ","), "BYSETPOS=-1"]
    }

    private static func relative(_ days: [Weekday], _ index: Index) -> [String] {
        if days.count == 1 { return ["BYDAY=\(index.position)" + days[0].ruleCode] }
        return ["BYDAY=" + codes(days), "BYSETPOS=\(index.position)"]
    }

    private static func codes(_ days: [Weekday]) -> String { days.map(\.ruleCode).joined(separator: ",") }

    /// The time at which an occurrence on `date` would begin. UNTIL has the form of DTSTART, and is in UTC where that has
    /// a zone (RFC 5545 §3.3.10).
    private static func until(_ date: CivilDate, _ first: EventTime, _ zones: ZoneDatabase) -> String {
        let day = compact(date.description)
        func utc(_ instant: Instant) -> String { compact(Zone.utc.civil(at: instant).description) + "Z" }
        func at(_ time: CivilDateTime) -> CivilDateTime {
            // A second of a day that exists, on another day.
            CivilDateTime(date: date, secondOfDay: time.secondOfDay) ?? date.midnight
        }
        switch first {
        case .allDay: return day
        case .floating(let time): return compact(at(time).description)
        case .utc(let instant): return utc(Zone.utc.instant(of: at(Zone.utc.civil(at: instant))))
        case .zoned(let time, let zone): return utc((zones.zone(zone) ?? .utc).instant(of: at(time)))
        }
    }

    private static func compact(_ text: String) -> String { String(text.filter { $0 != "-" && $0 != ":" }) }
}

extension Weekday {
    /// `SU` to `SA`.
    var ruleCode: String { ["SU", "MO", "TU", "WE", "TH", "FR", "SA"][rawValue] }
}
