internal import CivilTime
internal import CronofyWire
internal import ICalendar
internal import ProviderKit
internal import Recurrence

/// One iCalendar text in Google's words: the event or master, and what is to become of single instances.
struct WantedSeries {
    let uid: String
    let event: CalendarEvent
    let master: [String: JSONValue]
    /// By the instant at which the instance begins by the rule; nil deletes it.
    let instances: [Instant: [String: JSONValue]?]
    private let times: GoogleTime

    /// The longest value that a private property of an event may have.
    private static let longestUID = 1024

    init(_ series: EventSeries, zones: ZoneDatabase, calendarZone: Zone?) throws(MappingRefusal) {
        guard let event = series.master else {
            throw MappingRefusal("Google cannot keep an instance without its series.")
        }
        guard series.uid.utf8.count <= Self.longestUID else {
            throw MappingRefusal("Google keeps no UID of more than \(Self.longestUID) bytes.")
        }
        let times = GoogleTime(zones: zones, calendarZone: calendarZone)
        (uid, self.event, self.times) = (series.uid, event, times)
        var master = try Self.members(event, times)
        let lines = try Self.recurrence(event, times)
        master["recurrence"] = lines.isEmpty ? .null : .array(lines.map { .string($0) })
        self.master = master
        guard series.isRecurring || series.overrides.isEmpty, !lines.isEmpty || series.overrides.isEmpty else {
            throw MappingRefusal("Google cannot change instances of an event that does not repeat.")
        }
        var instances: [Instant: [String: JSONValue]?] = [:]
        for date in event.exceptionDates { instances.updateValue(nil, forKey: try times.instant(date)) }
        for override in series.overrides {
            guard let id = override.recurrenceID, !override.thisAndFuture else {
                throw MappingRefusal("Google cannot change a series from one instance on: make it two series.")
            }
            let slot = try times.instant(id)
            let members = override.status == .cancelled ? nil : try Self.members(override, times)
            instances.updateValue(members, forKey: slot)
        }
        self.instances = instances
    }

    /// Reads a text that holds one event or series.
    static func read(_ text: String, _ zones: ZoneDatabase) throws(MappingRefusal) -> EventSeries {
        let document: ICalendarDocument
        do { document = try ICalendarDocument(reading: text) } catch {
            throw MappingRefusal("The event could not be read, so it was not stored.")
        }
        let found = document.series(zones: zones)
        guard !document.isTruncated, found.count == 1, case .series(let series) = found[0] else {
            throw MappingRefusal("The event could not be read, so it was not stored.")
        }
        return series
    }

    /// An instance as its series says it, in place of a change that is wanted no more.
    func plain(at slot: Instant) -> [String: JSONValue]? {
        do {
            let length = try times.instant(event.end).seconds - times.instant(event.start).seconds
            guard let end = slot.advanced(bySeconds: length) else { return nil }
            var instance = event
            switch event.start {
            case .allDay: (instance.start, instance.end) = (day(slot), day(end))
            case .zoned(let first, let id):
                guard let zone = times.zones.zone(id), case .zoned(let last, id) = event.end else { fallthrough }
                let start = zone.civil(at: slot)
                guard let end = start.adding(seconds: last.wallSeconds - first.wallSeconds) else { return nil }
                (instance.start, instance.end) = (.zoned(start, id), .zoned(end, id))
            case .utc, .floating: (instance.start, instance.end) = (.utc(slot), .utc(end))
            }
            return try Self.members(instance, times)
        } catch { return nil }
    }

    private func day(_ instant: Instant) -> EventTime { .allDay(Zone.utc.civil(at: instant).date) }

    private static func members(_ event: CalendarEvent, _ times: GoogleTime) throws(MappingRefusal) -> [String:
        JSONValue]
    {
        guard event.status != .cancelled else {
            throw MappingRefusal("Google cannot mark an event as cancelled: delete it instead.")
        }
        var end = event.end
        // A date without an end is one day (RFC 5545 §3.6.1); Google's ends are exclusive, too.
        if case .allDay(let first) = event.start, case .allDay(let last) = end, last <= first {
            end = .allDay(first.adding(days: 1) ?? first)
        }
        let isTentative = event.status == .tentative || event.transparency == .tentative
        return [
            "start": try times.json(event.start), "end": try times.json(end),
            "summary": .string(event.summary ?? ""), "description": .string(event.description ?? ""),
            "location": .string(event.location ?? ""), "status": .string(isTentative ? "tentative" : "confirmed"),
            "transparency": .string(event.transparency == .transparent ? "transparent" : "opaque"),
            "visibility": .string(event.isPrivate ? "private" : "default"),
        ]
    }

    /// Lines without DTSTART: that is the event's own start.
    private static func recurrence(_ event: CalendarEvent, _ times: GoogleTime) throws(MappingRefusal) -> [String] {
        guard !event.rules.isEmpty || !event.recurrenceDates.isEmpty else { return [] }
        if event.recurrenceDates.contains(where: { $0.end != nil }) {
            throw MappingRefusal("Google cannot repeat an event with another length.")
        }
        return event.rules.map { "RRULE:" + $0.text }
            + event.recurrenceDates.map { GoogleTime.line("RDATE", $0.start) }
            + event.exceptionDates.map { GoogleTime.line("EXDATE", $0) }
    }

    /// Attendees but the organizer. Of those whom Google knows already everything is kept that iCalendar has no word for.
    /// Answers are the attendees' own and are not changed.
    func attendees(over held: JSONValue?) -> [JSONValue] {
        let known = held?["attendees"]?.list ?? []
        let organizer = event.organizer?.email.lowercased()
        return event.attendees.compactMap { person in
            let email = person.email.lowercased()
            if let same = known.first(where: { $0["email"]?.text?.lowercased() == email }) { return same }
            guard email != organizer else { return nil }
            var json: [String: JSONValue] = ["email": .string(person.email)]
            if let name = person.displayName { json["displayName"] = .string(name) }
            return .object(json)
        }
    }
}
