internal import CivilTime
internal import CronofyWire
internal import SandboxKit

/// What the mailbox holds, and what became of it in which order.
struct SandboxState {
    struct CalendarEntry {
        let id: String
        var name: String
        let isDefault: Bool
    }

    var tokens: Set<String> = []
    var address = ""
    /// What stands before the path in links.
    var base = ""
    var calendars: [CalendarEntry] = []
    var readOnly: Set<String> = []
    var events: [String: SandboxEvent] = [:]
    /// Ids of deleted events with when and where.
    var graves: [String: (sequence: Int, calendar: String)] = [:]
    var sequence = 0
    var number = 0
    /// What transactions made.
    var transactions: [String: String] = [:]
    /// The continuations given out.
    var rounds: [String: SandboxRound] = [:]
    var faults: [SandboxRefusal] = []
    var displayName = ""
    var zone = "UTC"
    /// The most that a page holds, whatever is asked.
    var pageLimit: Int?
    var subscriptions: [String: SandboxSubscription] = [:]
    /// Not yet sent.
    var pushes: [SandboxPush] = []
    /// What subscriptions end by.
    var now: @Sendable () -> Instant = { Instant(seconds: 1_767_225_600) }

    mutating func nextSequence() -> Int {
        sequence += 1
        return sequence
    }

    /// With characters that paths must encode.
    mutating func nextID(_ kind: String) -> String {
        number += 1
        return "\(kind)/\(number)="
    }

    mutating func addCalendar(_ name: String, isDefault: Bool = false) -> CalendarEntry {
        let entry = CalendarEntry(id: nextID("CAL"), name: name, isDefault: isDefault)
        calendars.append(entry)
        return entry
    }

    func json(_ body: [UInt8]) throws(SandboxRefusal) -> [String: JSONValue] {
        guard let members = JSONValue.members(of: body) else { throw SandboxRefusal(400, "BadRequest") }
        return members
    }

    func event(_ id: String) throws(SandboxRefusal) -> SandboxEvent {
        guard let event = events[id] else { throw SandboxRefusal(404, "ErrorItemNotFound") }
        return event
    }

    func checkWritable(_ calendar: String) throws(SandboxRefusal) {
        guard calendars.contains(where: { $0.id == calendar }) else { throw SandboxRefusal(404, "ErrorItemNotFound") }
        guard !readOnly.contains(calendar) else { throw SandboxRefusal(403, "ErrorAccessDenied") }
    }

    func checkMatch(_ request: SandboxRequest, _ event: SandboxEvent) throws(SandboxRefusal) {
        guard let etag = request.headers["if-match"], etag != "*" else { return }
        guard etag == "W/\"\(event.changeKey)\"" else { throw SandboxRefusal(412, "ErrorIrresolvableConflict") }
    }

    /// Sets what `json` says; a new recurrence takes back all changes of single instances.
    func apply(_ json: [String: JSONValue], to event: inout SandboxEvent) throws(SandboxRefusal) {
        if json["start"] != nil {
            let (time, zone, name) = try SandboxTimes.civil(json["start"])
            (event.start, event.zone, event.zoneName) = (time, zone, name)
        }
        if json["end"] != nil {
            let (time, zone, _) = try SandboxTimes.civil(json["end"])
            event.end = event.zone.civil(at: zone.instant(of: time))
        }
        guard event.end >= event.start else { throw SandboxRefusal(400, "ErrorPropertyValidationFailure") }
        if let recurrence = json["recurrence"] {
            (event.exceptions, event.cancelled) = ([:], [])
            event.recurrence = recurrence == .null ? nil : recurrence
            if recurrence != .null {
                guard let days = PatternDays(recurrence), days.start == event.start.date else {
                    throw SandboxRefusal(400, "ErrorPropertyValidationFailure")
                }
            }
        }
        for (name, value) in json where !["start", "end", "recurrence", "id"].contains(name) {
            event.members[name] = value
        }
        if event.isAllDay, event.start.secondOfDay != 0 || event.end.secondOfDay != 0 {
            throw SandboxRefusal(400, "ErrorPropertyValidationFailure")
        }
    }

    mutating func create(_ json: [String: JSONValue], uid: String?, in calendar: String) throws(SandboxRefusal)
        -> SandboxEvent
    {
        let (start, zone, name) = try SandboxTimes.civil(json["start"])
        let id = nextID("EVT")
        var event = SandboxEvent(
            id: id, calendar: calendar, uid: uid ?? "040000008200E00074C5B7101A82E008\(number)", members: [:],
            start: start, end: start, zone: zone, zoneName: name, recurrence: nil, sequence: sequence)
        try apply(json, to: &event)
        event.sequence = nextSequence()
        events[id] = event
        tell("created", event)
        return event
    }

    /// Keeps a changed event.
    mutating func keep(_ event: SandboxEvent) {
        var event = event
        event.sequence = nextSequence()
        events[event.id] = event
        tell("updated", event)
    }

    mutating func write(_ json: [String: JSONValue], uid: String, in calendar: String) throws(SandboxRefusal) -> String
    {
        guard var event = events.values.first(where: { $0.uid == uid }) else {
            return try create(json, uid: uid, in: calendar).id
        }
        try apply(json, to: &event)
        keep(event)
        return event.id
    }

    mutating func delete(_ event: SandboxEvent) {
        events[event.id] = nil
        graves[event.id] = (nextSequence(), event.calendar)
        tell("deleted", event)
    }

    mutating func remove(uid: String) {
        for event in events.values where event.uid == uid { delete(event) }
    }

    mutating func poison(in calendar: String) {
        let start: JSONValue = .object(["dateTime": .string("2026-02-01T10:00:00"), "timeZone": .string("UTC")])
        do {
            var event = try create(["start": start, "end": start], uid: nil, in: calendar)
            event.poison = .object(["dateTime": .string("soon"), "timeZone": .string("UTC")])
            events[event.id] = event
        } catch { return }
    }
}
