internal import CivilTime
internal import CronofyWire

/// An event as the stand-in keeps it: members as they were sent, times on the wall of their zone.
struct SandboxEvent {
    let id: String
    let calendar: String
    let uid: String
    /// Everything but times and recurrence.
    var members: [String: JSONValue]
    var start, end: CivilDateTime
    var zone: Zone
    var zoneName: String
    var recurrence: JSONValue?
    /// By the day on which the instance stands by the rule.
    var exceptions: [CivilDate: Exception] = [:]
    var cancelled: Set<CivilDate> = []
    /// Of the last change.
    var sequence: Int
    /// Given as it is in place of the times: for what cannot be read.
    var poison: JSONValue?

    struct Exception {
        var members: [String: JSONValue]
        var start, end: Instant
    }

    var changeKey: String { "CK\(sequence)" }
    var isAllDay: Bool { members["isAllDay"] == .bool(true) }

    struct Occurrence {
        let slot: CivilDate
        let original, start, end: Instant
        let exception: Exception?
    }

    /// Those that touch the span; of an event that does not repeat its one.
    func occurrences(from: Instant, to: Instant) -> [Occurrence] {
        let length = end.wallSeconds - start.wallSeconds
        var dates = [start.date]
        if let recurrence {
            // Times a day beyond the span belong to it in other zones.
            let limit = Zone.utc.civil(at: Instant(seconds: to.seconds + 86_400)).date
            dates = PatternDays(recurrence)?.dates(through: limit) ?? []
            dates += exceptions.keys.filter { !dates.contains($0) }
        }
        return dates.compactMap { date in
            guard !cancelled.contains(date), let wall = CivilDateTime(date: date, secondOfDay: start.secondOfDay),
                let wallEnd = wall.adding(seconds: length)
            else { return nil }
            let exception = exceptions[date]
            let found = Occurrence(
                slot: date, original: zone.instant(of: wall), start: exception?.start ?? zone.instant(of: wall),
                end: exception?.end ?? zone.instant(of: wallEnd), exception: exception)
            return found.start < to && found.end >= from ? found : nil
        }
    }
}
