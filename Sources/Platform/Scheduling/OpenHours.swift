import Accounts
import Availability
import CivilTime
import StorageKit

/// The hours one application keeps for one account, ready for questions.
struct OpenHours: Sendable {
    private struct Rule: Sendable {
        let id: String
        let calendars: [CalendarID]?
        let hours: WeeklyHours
    }
    private var rules: [Rule] = []
    private var periods: [Period] = []

    /// Of every application that keeps any.
    static func all(
        of account: AccountID, zones: ZoneDatabase, in session: any ReadSession
    ) throws -> [ClientID: OpenHours] {
        var found: [ClientID: OpenHours] = [:]
        try session.forEach(
            "SELECT rule_id, zone, calendars, weekly, client_id FROM availability_rules WHERE account_id = ?",
            [.text(account.value)]
        ) { row in
            let rule = try ManagedAvailability.rule(row)
            // A zone that is no longer known opens nothing: doubt means busy.
            guard let zone = zones.zone(rule.zone) else { return }
            found[ClientID(try row.text(4)), default: OpenHours()].rules.append(
                Rule(id: rule.id, calendars: rule.calendars, hours: WeeklyHours(zone: zone, spans: rule.spans)))
        }
        try session.forEach(
            "SELECT period_id, start_at, end_at, zone, client_id FROM available_periods WHERE account_id = ?",
            [.text(account.value)]
        ) { row in
            guard let period = try ManagedAvailability.period(row) else { return }
            found[ClientID(try row.text(4)), default: OpenHours()].periods.append(period.period)
        }
        return found
    }

    /// The open time within `windows` (united), in common with `other` where that is given. Without rules and periods
    /// there is none.
    func open(
        _ choice: AvailabilityDesk.ManagedChoice, and other: [Period]?, within windows: [Period], limits: QueryLimits
    ) -> [Period] {
        var (open, days) = (periods, Int64(0))
        for window in windows {
            // The engine refuses a longer question; until then it must cost nothing.
            days += (window.end.seconds - window.start.seconds) / 86_400 + 1
            guard days <= limits.days + Int64(windows.count) else { return [] }
            for rule in chosen(choice) { open += rule.hours.periods(in: window) }
        }
        return other.map { open.united.intersection($0.united) } ?? open.united
    }

    /// Whose events take time: those the chosen rules name together; nil, every calendar, where one of them names none.
    func calendars(_ choice: AvailabilityDesk.ManagedChoice) -> Set<CalendarID>? {
        let rules = chosen(choice)
        guard !rules.isEmpty, rules.allSatisfy({ $0.calendars != nil }) else { return nil }
        return Set(rules.flatMap { $0.calendars ?? [] })
    }

    private func chosen(_ choice: AvailabilityDesk.ManagedChoice) -> [Rule] {
        switch choice {
        case .allRules: rules
        case .rules(let ids): rules.filter { ids.contains($0.id) }
        }
    }
}
