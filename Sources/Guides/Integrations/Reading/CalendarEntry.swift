import CivilTime
import CronofyClient

/// An entry as it was read, in what both ways of reading share. `summary` and `place` are there only where the guide
/// chose the level 'detail': free-busy has no field that could hold them.
struct CalendarEntry: Hashable, Sendable {
    let calendar: String
    private(set) var key: String
    /// False where the server gave none: the stretch itself is what it is known by.
    let hasID: Bool
    let meaning: BusyMapping.Meaning
    var details: Details?

    struct Details: Hashable, Sendable {
        let summary: String
        let place: String?
    }

    init(_ entry: FreeBusyPeriod, _ mapping: BusyMapping) {
        (calendar, meaning) = (entry.calendarID, mapping.meaning(of: entry))
        hasID = entry.eventUID != nil || entry.eventID != nil
        key = Self.key(entry.calendarID, entry.eventUID ?? "\(entry.start)-\(entry.end)")
    }

    init(_ event: Event, _ mapping: BusyMapping) {
        (calendar, meaning) = (event.calendarID, mapping.meaning(of: event))
        (key, hasID) = (Self.key(event.calendarID, event.uid), true)
        // What is private stays so, whatever level the guide chose.
        if case .blocks = meaning, !event.isPrivate {
            details = Details(summary: event.summary, place: event.location?.description)
        }
    }

    /// An occurrence's uid, or where there is none the stretch itself, within its calendar: the same event shared with
    /// two calendars is two entries.
    static func key(_ calendar: String, _ id: String) -> String { "\(calendar)/\(id)" }

    /// The part of a key that names the calendar.
    static func prefix(_ calendar: String) -> String { "\(calendar)/" }

    static func calendar(ofKey key: String) -> String { String(key.prefix { $0 != "/" }) }

    var blocks: Bool {
        if case .blocks = meaning { true } else { false }
    }

    /// Entries that share a key (a server that gives the occurrences of a series one uid) told apart by their start, and
    /// whether all could be told apart by ids that stay. Where they cannot, changes cannot be matched with rows: the next
    /// read is complete again.
    static func distinct(_ entries: [CalendarEntry]) -> ([CalendarEntry], isStable: Bool) {
        var starts: [String: Set<CalendarEntry>] = [:]
        for entry in entries { starts[entry.key, default: []].insert(entry) }
        var isStable = true
        let told = entries.map { entry -> CalendarEntry in
            isStable = isStable && entry.hasID
            guard starts[entry.key, default: []].count > 1, case .blocks(let period, _) = entry.meaning else {
                return entry
            }
            isStable = false
            var own = entry
            own.key += "@\(period.start.seconds)"
            return own
        }
        return (told, isStable)
    }
}
